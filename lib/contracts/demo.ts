import { z } from "zod";

/** A sample service of `npm run demo`, on this machine: where its document lies and which key it takes. */
export const sampleServiceSchema = z.object({ title: z.string(), document: z.url(), key: z.string().optional() });
export type SampleService = z.infer<typeof sampleServiceSchema>;

/** What the demo hands to the web in BURGEON_DEMO. */
export const demoSchema = z.object({ services: z.array(sampleServiceSchema) });
