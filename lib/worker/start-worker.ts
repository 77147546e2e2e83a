import { asSystem } from "@/lib/contracts/viewer";
import { aloneAfter, buryRuns, type ClaimedRun, claimRuns, heartbeat, postponeRun, releaseRuns } from "@/lib/db/claims";
import { LostRunError } from "@/lib/db/events";
import { leaseMs } from "@/lib/db/lease";
import { tellWorkers } from "@/lib/db/live-workers";
import { listen } from "@/lib/db/listen";
import { isDatabaseOutage } from "@/lib/db/statement";
import { wakeOverdueRuns } from "@/lib/db/waiting";
import { logger } from "@/lib/logger";
import { toUnknownEnd } from "@/lib/orchestrator/left-effects";
import { PostponeError, RunInterrupt } from "@/lib/orchestrator/replay";
import { runChat } from "@/lib/orchestrator/run-loop";
import { Liveness } from "./liveness";
import { runBuild } from "./run-build";
import { NeighbourWatch } from "./neighbour-watch";
import type { WorkerPorts } from "./ports";

// NOTIFY wakes the worker; this is how late it is when a notification is missed, and how soon it takes over from a dead one.
const pollMs = 1000;
const sweepMs = 5000;
// An effect that has begun may finish when the worker is asked to go; everything else ends at once.
const farewellMs = 5000;

interface ActiveRun {
  run: ClaimedRun;
  interrupt: AbortController;
  ended: Promise<void>;
}

export interface RunningWorker {
  name: string;
  /** Claims nothing more, hands over what it holds, closes its connections. */
  stop(): Promise<void>;
}

/** Starts claiming runs, `concurrency` at a time, until stopped. */
export async function startWorker(ports: WorkerPorts, concurrency: number): Promise<RunningWorker> {
  const liveness = new Liveness();
  await liveness.begin();
  const worker = new Worker(ports, concurrency, liveness.name, () => liveness.isHeld);
  const stopListening = [
    listen("burgeon_runs", (payload) => worker.onNotify(payload)),
    listen("burgeon_scan", () => worker.scan()),
  ];
  const watch = new NeighbourWatch(liveness.lockNumber, {
    death: () => worker.onNeighbourDeath(),
    look: () => worker.onNeighbourLook(),
  });
  stopListening.push(listen("burgeon_workers", () => watch.lookAgain()));
  watch.begin();
  worker.start();
  return {
    name: liveness.name,
    async stop() {
      for (const stop of stopListening) stop();
      watch.end();
      await worker.stop();
      await liveness.end();
    },
  };
}

class Worker {
  private readonly active = new Map<string, ActiveRun>();
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly filling: Repeatable;
  private readonly beating: Repeatable;
  private readonly scanning: Repeatable;
  /** Claims that ended in a fault that no waiting mends, by run: the fence of each. */
  private readonly faults = new Map<string, number>();
  private isStopping = false;
  private isSweepDue = true;
  private areStraysSeen = false;

  constructor(
    private readonly ports: WorkerPorts,
    private readonly concurrency: number,
    private readonly name: string,
    private readonly isAlive: () => boolean,
  ) {
    this.filling = new Repeatable("claim", () => this.fill());
    this.beating = new Repeatable("heartbeat", () => this.beat());
    this.scanning = new Repeatable("scan", () => this.ports.scan());
  }

  start(): void {
    this.scan();
    this.filling.run();
    this.timers.push(
      setInterval(() => this.filling.run(), pollMs),
      setInterval(() => this.beating.run(), leaseMs() / 3),
      setInterval(() => {
        this.isSweepDue = true;
      }, sweepMs),
    );
  }

  onNotify(runId: string): void {
    if (runId === "" || this.active.has(runId)) this.beating.run();
    this.filling.run();
  }

  onNeighbourDeath(): void {
    logger.warn({ room: "worker" }, "another worker is gone, its runs are taken over");
    this.filling.run();
    // Only this one has seen it, and some of those runs may be for a worker that has nothing else to do.
    tellWorkers(asSystem("worker")).catch((cause: unknown) =>
      logger.warn({ room: "worker", cause }, "could not tell the others, they look by themselves within a second"),
    );
  }

  onNeighbourLook(): void {
    this.filling.run();
  }

  scan(): void {
    if (!this.isStopping) this.scanning.run();
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.filling.settled();
    const held = [...this.active.values()];
    for (const { interrupt } of held) interrupt.abort(new RunInterrupt("shutdown"));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, farewellMs);
    });
    await Promise.race([Promise.all(held.map(({ ended }) => ended)), patience]);
    clearTimeout(timer);
    try {
      await releaseRuns(asSystem("worker"), this.name);
    } catch (cause) {
      if (!isDatabaseOutage(cause)) throw cause;
      // The lock falls with the process, and with it everything held under it.
      logger.warn({ room: "worker", cause }, "could not hand over, the database is not there");
    }
  }

  private async fill(): Promise<void> {
    if (this.areStraysSeen) {
      await this.giveBackStrays();
    }
    if (this.isSweepDue && this.isAlive()) {
      this.isSweepDue = false;
      await wakeOverdueRuns(asSystem("worker"));
      const buried = await buryRuns(asSystem("worker"), toUnknownEnd);
      for (const runId of buried) logger.error({ room: "worker", runId }, "run given up");
    }
    while (!this.isStopping && this.isAlive() && this.active.size < this.concurrency) {
      if ([...this.active.values()].some(({ run }) => run.attempt > aloneAfter)) return;
      const forBuilds = this.placesForBuilds();
      const free = this.concurrency - this.active.size;
      const places = forBuilds === 0 ? free : Math.min(free, forBuilds);
      const runs = await claimRuns(asSystem("worker"), this.name, {
        places,
        chatOnly: forBuilds === 0,
        alone: this.active.size === 0,
        active: [...this.active.keys()],
      });
      for (const run of runs) this.begin(run);
      // There were no more of them. What came meanwhile has said so, and every run that ends asks again.
      if (runs.length < places) return;
    }
  }

  /** One place is kept for chat: builds take minutes, and whoever asks the time should not wait for one. */
  private placesForBuilds(): number {
    const builds = [...this.active.values()].filter(({ run }) => run.kind === "build").length;
    return Math.max(0, Math.max(1, this.concurrency - 1) - builds);
  }

  private begin(run: ClaimedRun): void {
    const interrupt = new AbortController();
    logger.info({ room: "worker", runId: run.runId, kind: run.kind, attempt: run.attempt }, "run claimed");
    const work = run.kind === "build" ? runBuild : runChat;
    // Once it gets on, it no longer needs this worker for itself.
    const ended = work(run, this.ports, interrupt, () => this.filling.run())
      .catch((cause: unknown) => this.onFailure(run, cause))
      .finally(() => {
        if (this.active.get(run.runId)?.run === run) this.active.delete(run.runId);
        if (!this.isStopping) this.filling.run();
      });
    this.active.set(run.runId, { run, interrupt, ended });
  }

  /** What the loop could not end itself stays ours in the database; it is given back before the next claim, or by a heartbeat. */
  private async onFailure(run: ClaimedRun, cause: unknown): Promise<void> {
    if (cause instanceof PostponeError) return this.postpone(run, cause.delayMs);
    if (cause instanceof LostRunError || cause instanceof RunInterrupt) {
      logger.info({ room: "worker", runId: run.runId }, "run left to another worker");
      return;
    }
    const isOutage = isDatabaseOutage(cause);
    logger.error({ room: "worker", runId: run.runId, cause, isOutage }, "run interrupted");
    if (!isOutage) this.faults.set(run.runId, run.fence);
    this.areStraysSeen = true;
  }

  private async postpone(run: ClaimedRun, delayMs: number): Promise<void> {
    try {
      await postponeRun(asSystem("worker"), run, delayMs);
    } catch (cause) {
      logger.warn({ room: "worker", runId: run.runId, cause }, "could not postpone a run, it is given back later");
      this.areStraysSeen = true;
    }
  }

  /** Renews what is held, and learns what was asked to stop, what is lost, and what is held here without being worked on. */
  private async beat(): Promise<void> {
    const before = [...this.active.values()];
    const held = new Map((await heartbeat(asSystem("worker"), this.name)).map((row) => [row.runId, row]));
    for (const { run, interrupt } of before) {
      const row = held.get(run.runId);
      if (row?.fence === run.fence) {
        if (row.stopRequested) interrupt.abort(new RunInterrupt("stop"));
      } else interrupt.abort(new RunInterrupt("lost"));
    }
    if (![...held.keys()].some((runId) => !this.active.has(runId))) return;
    this.areStraysSeen = true;
    if (!this.isStopping) this.filling.run();
  }

  /**
   * Gives back what this worker holds in the database and does not work on: what an outage interrupted, which counts for nothing,
   * and what met a fault of another kind, which counts, or it would be tried for ever. Only here, where no claim is under way, is
   * a run that is not known one that nobody works on.
   */
  private async giveBackStrays(): Promise<void> {
    const held = await heartbeat(asSystem("worker"), this.name);
    this.areStraysSeen = false;
    for (const row of held) {
      if (this.active.has(row.runId)) continue;
      const counts = this.faults.get(row.runId) === row.fence;
      await postponeRun(asSystem("worker"), row, pollMs, { counts });
      this.faults.delete(row.runId);
    }
  }
}

/** One at a time; asked again meanwhile, it runs once more afterwards. Its failures are logged and end nothing. */
class Repeatable {
  private isRunning = false;
  private isWanted = false;
  private current: Promise<void> = Promise.resolve();

  constructor(
    private readonly name: string,
    private readonly task: () => Promise<void>,
  ) {}

  run(): void {
    this.isWanted = true;
    if (!this.isRunning) this.current = this.loop();
  }

  settled(): Promise<void> {
    return this.current;
  }

  private async loop(): Promise<void> {
    this.isRunning = true;
    while (this.isWanted) {
      this.isWanted = false;
      try {
        await this.task();
      } catch (cause) {
        logger.error({ room: "worker", task: this.name, cause }, "task failed, it is tried again later");
      }
    }
    this.isRunning = false;
  }
}
