import type { Usage } from "@/lib/contracts/run";
import type { Viewer } from "@/lib/contracts/viewer";
import { findBuildStep, saveBuildStep } from "@/lib/db/builds";

interface Remembered<Value> {
  value: Value;
  usage?: Usage;
}

/** What a build has finished: each step is done once, whichever worker asks for it. */
export class BuildMemory {
  /** Of all steps so far, also of those that another worker did; each counts once. */
  readonly usage: Usage = { inputTokens: 0, outputTokens: 0 };
  private readonly counted = new Set<string>();

  constructor(
    private readonly viewer: Viewer,
    private readonly buildId: string,
  ) {}

  /** The step's value: from the store, or from `work`, whose result is stored before it is used. Must be plain JSON. */
  async once<Value>(key: string, work: () => Promise<Remembered<Value>>): Promise<Value> {
    const known = (await findBuildStep(this.viewer, this.buildId, key)) as Remembered<Value> | undefined;
    const { value, usage } = known ?? (await work());
    if (!known) await saveBuildStep(this.viewer, this.buildId, key, { value, ...(usage ? { usage } : {}) });
    this.count(key, usage);
    return value;
  }

  private count(key: string, usage: Usage | undefined): void {
    if (!usage || this.counted.has(key)) return;
    this.counted.add(key);
    this.usage.inputTokens += usage.inputTokens;
    this.usage.outputTokens += usage.outputTokens;
  }
}
