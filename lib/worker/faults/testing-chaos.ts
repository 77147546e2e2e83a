import type { WorkerProcess } from "./testing-fleet";
import type { OwnPostgres } from "./testing-postgres";
import type { TrapPlace } from "./testing-proxy";
import type { Dice } from "./testing-random";
import type { Scene } from "./testing-scene";

const statements = [
  "claim-run",
  "read-replayable-events",
  "append-one",
  "append-events",
  "find-effect-of-call",
  "record-intent",
  "record-outcome",
  "COMMIT",
  "wait-on",
  "finish-run",
  "heartbeat",
  "postpone-run",
  "release-runs",
];
const shortestPauseMs = 200;
const longestPauseMs = 1200;
// The database is not the one that is tested: it gets some peace between its own faults.
const betweenDatabaseFaultsMs = 6000;

/** Faults at random times and places. What is random comes from the dice; when things meet, nobody can say. */
export class Chaos {
  readonly counts: Record<string, number> = {};
  private readonly pending = new Set<Promise<void>>();
  private databaseFaultAt = 0;

  constructor(
    private readonly scene: Scene,
    private readonly postgres: OwnPostgres,
    private readonly random: Dice,
  ) {}

  async rage(until: number): Promise<void> {
    while (performance.now() < until) {
      await wait(shortestPauseMs + this.random.below(longestPauseMs - shortestPauseMs));
      const fault = this.random.one(this.faults);
      if (fault === this.database && performance.now() < this.databaseFaultAt) continue;
      await fault();
    }
  }

  /** Nothing new happens, and what was begun is taken back. */
  async calm(): Promise<void> {
    this.scene.fleet.traps.clear();
    await Promise.all(this.pending);
    for (const worker of this.scene.fleet.running) worker.proxy.unmute();
  }

  /** The provider may have its own ideas about one thing. */
  async spoil(thing: string): Promise<void> {
    const { world } = this.scene;
    const lot = this.random.below(15);
    if (lot === 0) await world.behave({ thing, afterwards: "kill" });
    else if (lot === 1) await world.behave({ thing, delayMs: 1500 });
    else if (lot === 2) await world.behave({ thing, status: 500 });
    else if (lot === 3) await world.behave({ thing, status: 429, retryAfterS: 1 });
    else if (lot === 4) await world.behave({ thing, afterwards: "fault" });
    else return;
    const names = ["kills its caller", "is slow", "has a fault", "limits", "does it and has a fault"];
    this.count(`provider ${names[lot]}`);
  }

  private readonly kill = async () => {
    this.count("kill -9");
    this.someone()?.signal("SIGKILL");
  };

  private readonly dismiss = async () => {
    this.count("SIGTERM");
    this.someone()?.signal("SIGTERM");
  };

  private readonly freeze = async () => {
    const worker = this.someone();
    if (!worker) return;
    this.count("SIGSTOP and SIGCONT");
    worker.signal("SIGSTOP");
    this.later(500 + this.random.below(4000), () => worker.signal("SIGCONT"));
  };

  private readonly cut = async () => {
    this.count("all connections cut");
    this.someone()?.proxy.cut();
  };

  private readonly refuse = async () => {
    const worker = this.someone();
    if (!worker) return;
    this.count("connections refused");
    await worker.proxy.refuse();
    this.later(500 + this.random.below(3000), () => worker.proxy.open());
  };

  private readonly strand = async () => {
    this.count("cable pulled");
    this.someone()?.proxy.strand();
  };

  private readonly trap = async () => {
    const act = this.random.one(["kill", "freeze", "cut"] as const);
    const place: TrapPlace = {
      statement: this.random.one(statements),
      when: this.random.one(["before", "after"] as const),
      nth: 1 + this.random.below(4),
    };
    const trap = this.scene.trap(place, act);
    void trap.sprung.then((tag) => {
      this.scene.fleet.traps.delete(trap);
      this.count(`${act} ${place.when} ${place.statement}`);
      if (act === "freeze")
        this.later(500 + this.random.below(4000), () => this.scene.fleet.worker(tag).signal("SIGCONT"));
    });
  };

  private readonly database = async () => {
    const how = this.random.one(["crash", "shutDown", "freeze"] as const);
    this.count(`PostgreSQL ${how}`);
    if (how === "freeze") this.postgres.freeze();
    else await this.postgres[how]();
    await wait(200 + this.random.below(2500));
    if (how === "freeze") this.postgres.thaw();
    else await this.postgres.up();
    this.databaseFaultAt = performance.now() + betweenDatabaseFaultsMs;
  };

  private readonly faults = [
    this.kill,
    this.kill,
    this.dismiss,
    this.freeze,
    this.freeze,
    this.cut,
    this.cut,
    this.refuse,
    this.strand,
    this.trap,
    this.trap,
    this.trap,
    this.database,
  ];

  private someone(): WorkerProcess | undefined {
    const { running } = this.scene.fleet;
    return running.length === 0 ? undefined : this.random.one(running);
  }

  private later(ms: number, act: () => unknown): void {
    const promise: Promise<void> = wait(ms)
      .then(act)
      .then(() => {
        this.pending.delete(promise);
      });
    this.pending.add(promise);
  }

  private count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
