import { demoSchema, type SampleService } from "@/lib/contracts/demo";
import { env } from "@/lib/env";

/** The sample services beside this installation; null when it is not the demo. */
export function listSampleServices(): SampleService[] | null {
  const text = env().BURGEON_DEMO;
  return text ? demoSchema.parse(JSON.parse(text)).services : null;
}
