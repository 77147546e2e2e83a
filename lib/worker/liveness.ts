import { randomInt } from "node:crypto";
import { workerLockClass, workerName } from "@/lib/db/claims";
import { type DedicatedConnection, dedicatedConnection } from "@/lib/db/client";
import { logger } from "@/lib/logger";

const firstDelayMs = 100;
const maxDelayMs = 5000;

/**
 * The session lock by which others see that this worker lives. The database drops it the moment the process is gone, so what
 * the worker held is free at once; after a lost connection it is taken again under the same number.
 */
export class Liveness {
  readonly lockNumber = randomInt(1, 2 ** 31 - 1);
  private client: DedicatedConnection | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isOver = false;

  /** How this worker is called in the log and in `Run.owner`. */
  readonly name = workerName(this.lockNumber);

  /** False while its connection is lost: whatever this worker claimed then would be free for everybody at once. */
  get isHeld(): boolean {
    return this.client !== null;
  }

  /** Takes the lock; throws when the database is not there. */
  async begin(): Promise<void> {
    const client = await dedicatedConnection("worker");
    // From the first moment on: an error that nobody hears ends the process.
    client.on("error", (cause) => this.lose(client, cause));
    client.on("end", () => this.lose(client, new Error("connection ended")));
    try {
      await client.query("SELECT pg_advisory_lock($1, $2)", [workerLockClass, this.lockNumber]);
      // Whoever comes before it in the ring watches this one from now on.
      await client.query("SELECT pg_notify('burgeon_workers', '')");
    } catch (cause) {
      await client.end();
      throw cause;
    }
    this.client = client;
  }

  /** Lets go of the lock. */
  async end(): Promise<void> {
    this.isOver = true;
    if (this.timer) clearTimeout(this.timer);
    await this.client?.end();
  }

  private lose(client: DedicatedConnection, cause: Error): void {
    if (this.client !== client || this.isOver) return;
    this.client = null;
    logger.warn({ room: "worker", cause: cause.message }, "lost the connection that holds this worker's lock");
    this.retry(firstDelayMs);
  }

  private retry(delayMs: number): void {
    this.timer = setTimeout(() => {
      this.begin().catch(() => this.retry(Math.min(delayMs * 2, maxDelayMs)));
    }, delayMs);
  }
}
