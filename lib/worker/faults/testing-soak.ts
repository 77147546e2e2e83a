import { decideApproval } from "@/lib/db/approvals";
import { closeDatabase } from "@/lib/db/client";
import { createRun, requestStop } from "@/lib/db/runs";
import { logger } from "@/lib/logger";
import { Chaos } from "./testing-chaos";
import { type FaultTool, newThing, type Program, type ProgramStep, program } from "./testing-program";
import { OwnPostgres } from "./testing-postgres";
import { type Dice, dice } from "./testing-random";
import { Scene } from "./testing-scene";

export interface SoakOptions {
  /** How long faults are injected; after that everything may finish in peace. */
  durationMs: number;
  seed: number;
  workers?: number;
  onProgress?: (line: string) => void;
}

export interface SoakReport {
  seed: number;
  faults: Record<string, number>;
  statuses: Record<string, number>;
  effects: number;
  /** How often a person pressed Stop. */
  stops: number;
  /** How long it took, once there were no more faults, until every run had ended. */
  drainMs: number;
  /** Invariants that do not hold, runs that do not end, words that no worker should say. */
  broken: string[];
}

const betweenRunsMs = 300;
const drainMs = 90_000;
const writeTools: FaultTool[] = [
  "charge_card",
  "add_event",
  "send_parcel",
  "send_letter",
  "erase_file",
  "send_telegram",
];

/** Three workers, a steady stream of runs, and everything that can go wrong, by the dice. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const postgres = await OwnPostgres.create();
  let soak: Soak | undefined;
  try {
    soak = await Soak.open(postgres, options);
    return await soak.run();
  } finally {
    await soak?.close();
    await postgres.stop();
    postgres.remove();
  }
}

class Soak {
  private readonly started: string[] = [];
  private readonly stops: Promise<void>[] = [];
  private readonly before = process.env.DATABASE_URL;
  private isOver = false;

  private constructor(
    private readonly scene: Scene,
    private readonly chaos: Chaos,
    private readonly random: Dice,
    private readonly options: SoakOptions,
  ) {}

  static async open(postgres: OwnPostgres, options: SoakOptions): Promise<Soak> {
    const scene = await Scene.open(postgres.url);
    const random = dice(options.seed);
    const soak = new Soak(scene, new Chaos(scene, postgres, random), random, options);
    process.env.DATABASE_URL = scene.databaseUrl;
    logger.level = "silent";
    await scene.fleet.keep(options.workers ?? 3, { leaseMs: 2000, concurrency: 4 });
    return soak;
  }

  async run(): Promise<SoakReport> {
    const until = performance.now() + this.options.durationMs;
    const person = this.answerQuestions();
    const faults = this.chaos.rage(until);
    await this.beginRuns(until);
    await faults;
    await this.chaos.calm();
    await Promise.all(this.stops);
    const calmAt = performance.now();
    const unfinished = await this.waitForAll();
    this.isOver = true;
    await person;
    const facts = await this.scene.world.facts();
    return {
      seed: this.options.seed,
      faults: this.chaos.counts,
      statuses: await this.countStatuses(),
      effects: facts.effects.length,
      stops: this.stops.length,
      drainMs: Math.round(performance.now() - calmAt),
      broken: [...unfinished, ...(await this.scene.broken())],
    };
  }

  async close(): Promise<void> {
    this.isOver = true;
    await closeDatabase();
    if (this.before === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = this.before;
    await this.scene.close();
  }

  private async beginRuns(until: number): Promise<void> {
    while (performance.now() < until) {
      const key = newThing("key");
      const wanted = await this.invent();
      const message = JSON.stringify(wanted);
      // As a client does that was told 503: again, under the same key.
      const { runId } = await insist(() => createRun(this.scene.viewer, { message, via: "api", idempotencyKey: key }));
      this.started.push(runId);
      if (this.random.below(25) === 0) this.stopLater(runId, this.random.below(2000));
      if (this.started.length % 50 === 0) this.options.onProgress?.(`${this.started.length} runs started`);
      await wait(betweenRunsMs * (0.5 + this.random.next()));
    }
  }

  private stopLater(runId: string, ms: number): void {
    const stopping = wait(ms).then(() => insist(() => requestStop(this.scene.viewer, runId)));
    this.stops.push(stopping);
  }

  private async invent(): Promise<Program> {
    const steps: ProgramStep[] = [];
    for (let n = this.random.below(3); n >= 0; n--) {
      const tool = this.random.one(writeTools);
      const thing = newThing(tool);
      steps.push({
        calls: [
          { tool: "read_page", thing: newThing("page") },
          { tool, thing, ms: this.random.below(400) },
        ],
      });
      await this.chaos.spoil(thing);
    }
    const chars = this.random.below(9000);
    return program(...steps, { chars, trick: { kind: "pause", ms: this.random.below(200) } });
  }

  /** A person who answers everything: yes to most, and what they see on the other side where Burgeon does not know. */
  private async answerQuestions(): Promise<void> {
    while (!this.isOver) {
      await wait(50);
      try {
        for (const { id, kind, thing } of await this.listQuestions()) await this.answer(id, kind, thing);
      } catch {
        // The database is down, or somebody stopped the run: what is still open is there the next time.
      }
    }
  }

  private async listQuestions(): Promise<{ id: string; kind: string; thing: string }[]> {
    const { rows } = await this.scene.database.query<{ id: string; kind: string; thing: string }>(
      `SELECT a.id, a.kind, c->'input'->>'thing' AS thing FROM "Approval" a
       JOIN "Event" s ON s."runId" = a."runId" AND s.type = 'step-finished'
       CROSS JOIN LATERAL jsonb_array_elements(s.payload->'toolCalls') c
       WHERE a.status = 'pending' AND c->>'callId' = a."callId"`,
    );
    return rows;
  }

  private async answer(approvalId: string, kind: string, thing: string): Promise<void> {
    const { viewer, world, repeatable } = this.scene;
    if (kind === "permission") {
      await decideApproval(viewer, approvalId, { decision: this.random.next() < 0.9 ? "allow" : "deny" });
      return;
    }
    const hasHappened = (await world.effectsOf("letter", thing)) > 0;
    // A letter of a worker that is frozen on the doorstep may still come after the person has looked.
    if (!hasHappened) repeatable.add(thing);
    await decideApproval(viewer, approvalId, { decision: hasHappened ? "happened" : "allow" });
  }

  private async waitForAll(): Promise<string[]> {
    const until = performance.now() + drainMs;
    for (;;) {
      const { rows } = await this.scene.database.query<{ id: string; status: string; attempts: number }>(
        `SELECT id, status, attempts FROM "Run" WHERE "finishedAt" IS NULL`,
      );
      if (rows.length === 0) return [];
      if (performance.now() > until)
        return rows.map(({ id, status, attempts }) => `${id} does not end: it is ${status}, attempt ${attempts}`);
      await wait(200);
    }
  }

  private async countStatuses(): Promise<Record<string, number>> {
    const { rows } = await this.scene.database.query<{ status: string; n: number }>(
      `SELECT status, count(*)::int AS n FROM "Run" GROUP BY status ORDER BY n DESC`,
    );
    return Object.fromEntries(rows.map(({ status, n }) => [status, n]));
  }
}

async function insist<Value>(work: () => Promise<Value>): Promise<Value> {
  for (;;) {
    try {
      return await work();
    } catch {
      await wait(200);
    }
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
