import { workerLockClass } from "@/lib/db/claims";
import { cancelStatement, findNextWorker } from "@/lib/db/live-workers";
import { asSystem } from "@/lib/contracts/viewer";
import { type DedicatedConnection, dedicatedConnection } from "@/lib/db/client";
import { logger } from "@/lib/logger";

// How often a worker that is alone looks whether it still is, and how soon it tries again after a lost connection.
const idleMs = 1000;
// How long a worker that joined may go unwatched when the news of it was missed.
const lookAgainMs = 5000;
// lock_not_available: it lives, after all that time. query_canceled: another one has joined.
const lookAgainCodes = new Set<unknown>(["55P03", "57014"]);

/**
 * Waits on the session lock of the next living worker. The database grants it the moment that process is gone, some
 * milliseconds after a kill -9, and then its runs can be taken. In a ring, so that everyone is watched by one other.
 */
export class NeighbourWatch {
  private client: DedicatedConnection | null = null;
  private timer: NodeJS.Timeout | null = null;
  /** Ends the present wait, for a lock or for time. */
  private wake: (() => void) | null = null;
  private hasNews = false;
  private wasAlone = false;
  private isOver = false;

  constructor(
    private readonly lockNumber: number,
    private readonly on: {
      /** The next one is gone. */
      death(): void;
      /** Another one may be the next from now on. Whoever went before this look is missed by it, so what it left must be looked for. */
      look(): void;
    },
  ) {}

  begin(): void {
    this.watch().then(
      () => this.again(0),
      (cause: unknown) => {
        if (!this.isOver)
          logger.debug({ room: "worker", cause: String(cause) }, "watching the next worker was interrupted");
        this.client = null;
        this.again(idleMs);
      },
    );
  }

  /** A worker has joined: it may be the one to watch. */
  lookAgain(): void {
    this.hasNews = true;
    this.wake?.();
  }

  end(): void {
    this.isOver = true;
    if (this.timer) clearTimeout(this.timer);
    // Not awaited: the server answers only when it notices, within a second, that nobody waits for the lock any more.
    this.client
      ?.end()
      .catch((cause: unknown) => logger.debug({ room: "worker", cause: String(cause) }, "closing the watch"));
  }

  private again(delayMs: number): void {
    if (this.isOver) return;
    this.timer = setTimeout(() => this.begin(), delayMs);
  }

  private async watch(): Promise<void> {
    this.hasNews = false;
    const neighbour = await findNextWorker(asSystem("worker"), this.lockNumber);
    // Who is alone and was alone before has missed nobody, or one that came and went in between: the poll finds what it left.
    if (!this.isOver && !(neighbour === null && this.wasAlone)) this.on.look();
    this.wasAlone = neighbour === null;
    if (neighbour === null) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, idleMs);
        this.timer = timer;
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = null;
      return;
    }
    const client = await this.connect();
    if (this.hasNews) return;
    // Held for this one statement only, so that the dead worker's lock is free again before anybody looks.
    this.wake = () => void this.cancelWait(client);
    try {
      await client.query("SELECT pg_advisory_xact_lock_shared($1, $2)", [workerLockClass, neighbour]);
    } catch (cause) {
      if (cause instanceof Error && "code" in cause && lookAgainCodes.has(cause.code)) return;
      throw cause;
    } finally {
      this.wake = null;
    }
    if (!this.isOver) this.on.death();
  }

  private async cancelWait(client: DedicatedConnection): Promise<void> {
    const { processID } = client as DedicatedConnection & { processID: number | null };
    if (processID === null) return;
    try {
      await cancelStatement(asSystem("worker"), processID);
    } catch (cause) {
      logger.debug({ room: "worker", cause: String(cause) }, "the watch looks again later");
    }
  }

  private async connect(): Promise<DedicatedConnection> {
    if (this.client) return this.client;
    const client = await dedicatedConnection("watch");
    client.on("error", (cause) =>
      logger.debug({ room: "worker", cause: cause.message }, "lost the watching connection"),
    );
    if (this.isOver) {
      await client.end();
      throw new Error("the watch is over");
    }
    await client.query("SET client_connection_check_interval = 1000");
    await client.query(`SET lock_timeout = ${lookAgainMs}`);
    this.client = client;
    return client;
  }
}
