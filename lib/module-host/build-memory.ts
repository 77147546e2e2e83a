import type { Usage } from "@/lib/contracts/run";
import type { Viewer } from "@/lib/contracts/viewer";
import { findBuildStep, saveBuildStep } from "@/lib/db/builds";

interface Remembered<Value> {
  value: Value;
  usage?: Usage;
}

/** What a build has finished: each step is done once, whichever worker asks for it. */
export class BuildMemory {
  /** Of all steps so far, remembered ones too. */
  readonly usage: Usage = { inputTokens: 0, outputTokens: 0 };

  constructor(
    private readonly viewer: Viewer,
    private readonly buildId: string,
  ) {}

  /** The step's value: from the store, or from `work`, whose result is stored before it is used. Must be plain JSON. */
  async once<Value>(key: string, work: () => Promise<Remembered<Value>>): Promise<Value> {
    const known = (await findBuildStep(this.viewer, this.buildId, key)) as Remembered<Value> | undefined;
    const { value, usage } = known ?? (await work());
    if (!known) await saveBuildStep(this.viewer, this.buildId, key, { value, ...(usage ? { usage } : {}) });
    this.usage.inputTokens += usage?.inputTokens ?? 0;
    this.usage.outputTokens += usage?.outputTokens ?? 0;
    return value;
  }
}
