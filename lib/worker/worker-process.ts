import { setTimeout as pause } from "node:timers/promises";
import { closeDatabase } from "@/lib/db/client";
import { logger } from "@/lib/logger";
import type { WorkerPorts } from "./ports";
import { startWorker } from "./start-worker";

const maxDelayMs = 5000;
const longestFarewellMs = 20_000;

interface Stoppable {
  stop(): Promise<void>;
}

/**
 * A worker as a process of its own: SIGTERM and SIGINT hand over and end it; anything unforeseen ends it hard, because a fresh
 * process that reads the log is safer than one in an unknown state.
 */
export async function runWorkerProcess(
  ports: WorkerPorts,
  concurrency: number,
  startJobs: () => Promise<Stoppable> = async () => ({ stop: async () => undefined }),
): Promise<void> {
  process.on("unhandledRejection", crash);
  process.on("uncaughtException", crash);
  const worker = await startPatiently(() => startWorker(ports, concurrency));
  const jobs = await startPatiently(startJobs);
  logger.info({ room: "worker", worker: worker.name, concurrency }, "worker started");
  let isStopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ room: "worker", signal }, "worker stops");
    // Somebody who hangs must not keep a machine from going down; the lock falls with the process.
    setTimeout(() => process.exit(1), longestFarewellMs).unref();
    Promise.all([worker.stop(), jobs.stop()])
      .then(closeDatabase)
      .then(() => process.exit(0), crash);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

/** The database may come up later than the worker. */
async function startPatiently<Started>(start: () => Promise<Started>): Promise<Started> {
  for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, maxDelayMs)) {
    try {
      return await start();
    } catch (cause) {
      logger.warn({ room: "worker", cause, delayMs }, "the database is not there yet");
      await pause(delayMs);
    }
  }
}

function crash(cause: unknown): void {
  logger.fatal({ room: "worker", cause }, "worker ends: unforeseen failure");
  process.exit(1);
}
