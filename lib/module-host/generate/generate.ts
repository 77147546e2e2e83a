import type { BuildPlan, BuildRequest } from "@/lib/contracts/build";
import type { ModuleFiles } from "@/lib/contracts/module";
import { findSource } from "./find-source";
import { planModule } from "./plan-module";
import type { LoadPage } from "./source";
import { writeModule } from "./write-module";

export interface GenerateRequest {
  request: BuildRequest;
  load: LoadPage;
  onProgress?: (sentence: string) => void;
}

/**
 * A whole module from an OpenAPI document, an address that answers JSON, or a pasted reply; no model is asked. A durable build
 * calls the three parts itself, because it keeps what each gave.
 * @throws AppError with a sentence that says what is missing and what to do
 */
export async function generateModule({
  request,
  load,
  onProgress,
}: GenerateRequest): Promise<{ plan: BuildPlan; files: ModuleFiles }> {
  const source = await findSource(request, load, onProgress);
  const plan = planModule(source, request);
  onProgress?.(
    `Writing ${plan.operations.length} ${plan.operations.length === 1 ? "operation" : "operations"} for ${plan.title}`,
  );
  return { plan, files: writeModule(source, plan, request) };
}
