import type { NewEvent } from "@/lib/contracts/conversation";
import type { Viewer } from "@/lib/contracts/viewer";
import type { LoopPorts } from "@/lib/orchestrator/run-loop";

export interface BuildWork {
  buildId: string;
  runId: string;
  viewer: Viewer;
  fence: number;
  /** Aborted when the person presses Stop (reason "stop") or the claim is lost. */
  signal: AbortSignal;
  /** Writes to the conversation's log under the run's fence. */
  append(events: NewEvent[]): Promise<number[]>;
}

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
