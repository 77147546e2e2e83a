import type { BuildOutcome, BuildPlan } from "@/lib/contracts/build";
import type { NewEvent } from "@/lib/contracts/conversation";
import { AppError } from "@/lib/contracts/errors";
import type { Usage } from "@/lib/contracts/run";
import type { Viewer } from "@/lib/contracts/viewer";
import { type BuildRow, getBuild, updateBuild } from "@/lib/db/builds";
import { LostRunError } from "@/lib/db/events";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import { attemptBuild } from "./attempt-build";
import { BuildMemory } from "./build-memory";
import { prepareBuild } from "./prepare-build";

export interface BuildWork {
  buildId: string;
  runId: string;
  viewer: Viewer;
  fence: number;
  /** Aborted when the person presses Stop (its reason says "stop") or the claim is lost. */
  signal: AbortSignal;
  /** Writes to the conversation's log under the run's fence. */
  append(events: NewEvent[]): Promise<number[]>;
}

/**
 * Works on a claimed build until it has an outcome: plan, generate, check, repair, up to five attempts. Every finished step is
 * remembered, so whoever takes a killed build over pays for none of them again.
 * @throws LostRunError, an outage of the database, or the signal's reason when another worker goes on
 */
export async function executeBuild(work: BuildWork): Promise<BuildOutcome> {
  const { viewer, buildId, signal } = work;
  const build = await getBuild(viewer, buildId);
  if (build.result) return build.result;
  const memory = new BuildMemory(viewer, buildId);
  const progress: Progress = { plan: null, attempts: 0 };
  try {
    signal.throwIfAborted();
    return await finish(work, build, memory, await carryOut(work, build, memory, progress));
  } catch (cause) {
    if (cause instanceof LostRunError || isDatabaseOutage(cause)) throw cause;
    if (signal.aborted && !isStop(signal)) throw signal.reason;
    return finish(work, build, memory, toFailure(cause, build, signal, progress));
  }
}

interface Progress {
  plan: BuildPlan | null;
  attempts: number;
}

async function carryOut(
  work: BuildWork,
  build: BuildRow,
  memory: BuildMemory,
  progress: Progress,
): Promise<BuildOutcome> {
  const say = async (message: string) =>
    void (await work.append([{ type: "build-progressed", payload: { buildId: build.id, message } }]));
  const prepared = await prepareBuild({ work, build, memory, say });
  progress.plan = prepared.plan;
  await updateBuild(work.viewer, work, { state: "generating", plan: prepared.plan });
  await work.append([{ type: "build-planned", payload: { buildId: build.id, plan: prepared.plan } }]);
  for (let attempt = 1; ; attempt++) {
    work.signal.throwIfAborted();
    progress.attempts = attempt;
    const ended = await attemptBuild({ work, build, memory, prepared, attempt, say });
    if (ended) return ended;
  }
}

async function finish(
  work: BuildWork,
  build: BuildRow,
  memory: BuildMemory,
  outcome: BuildOutcome,
): Promise<BuildOutcome> {
  const { buildId, viewer } = work;
  const usage: Usage = memory.usage;
  const durationMs = Math.max(0, Date.now() - build.createdAt.getTime());
  await updateBuild(viewer, work, { state: outcome.state, attempts: outcome.attempts, result: outcome });
  await work.append([{ type: "build-finished", payload: { buildId, outcome, usage, durationMs } }]);
  return outcome;
}

function toFailure(cause: unknown, build: BuildRow, signal: AbortSignal, { plan, attempts }: Progress): BuildOutcome {
  const base = {
    buildId: build.id,
    category: plan?.category ?? build.request.category ?? null,
    name: plan?.name ?? build.request.name ?? null,
    title: plan?.title ?? null,
    digest: null,
    attempts,
    credentials: plan?.credentials.map(({ label }) => label) ?? [],
    hosts: plan?.hosts ?? [],
  };
  if (signal.aborted) return { ...base, state: "stopped", reason: "You stopped the build." };
  if (cause instanceof AppError)
    return { ...base, state: "failed", reason: cause.hint ? `${cause.message} ${cause.hint}` : cause.message };
  logger.error({ room: "module-host", buildId: build.id, cause }, "build failed");
  return {
    ...base,
    state: "failed",
    reason: "Something went wrong inside Burgeon while building. The worker's log has the detail.",
  };
}

function isStop(signal: AbortSignal): boolean {
  const reason: unknown = signal.reason;
  return typeof reason === "object" && reason !== null && "reason" in reason && reason.reason === "stop";
}
