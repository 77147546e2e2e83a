import type { Viewer } from "@/lib/contracts/viewer";
import type { BuildWork } from "@/lib/module-host/execute-build";
import type { LoopPorts } from "@/lib/orchestrator/ports";

/** What the worker runs; tests give their own. */
export interface WorkerPorts extends LoopPorts {
  executeBuild(work: BuildWork): Promise<unknown>;
  /** How the build ended, once it has. */
  findBuildOutcome(
    viewer: Viewer,
    buildId: string,
  ): Promise<{ state: "awaiting_review" | "failed" | "stopped"; reason: string | null } | null>;
  scan(): Promise<void>;
}
