import { randomBytes } from "node:crypto";
import pg from "pg";
import { isFinished } from "@/lib/contracts/run";
import type { RunView } from "@/lib/contracts/run";
import { newId } from "@/lib/contracts/id";
import { scopes, type Viewer } from "@/lib/contracts/viewer";
import { auditSql, findBroken } from "./testing-invariants";
import { Fleet, type SpawnOptions, type WorkerProcess } from "./testing-fleet";
import type { Program } from "./testing-program";
import { Trap, type TrapPlace } from "./testing-proxy";
import { World } from "./testing-world";

/** The parts of lib/db the tests act through, given because they belong to the database that is set when they are loaded. */
export interface Started {
  runId: string;
  conversationId: string;
  program: Program;
}

/** A database of its own, the other side of the world, and the workers between them. */
export class Scene {
  /** Things that a person said to do once more. */
  readonly repeatable = new Set<string>();
  private readonly told = new Set<string>();

  private constructor(
    /** Straight to the database, past every fault. */
    readonly database: pg.Pool,
    readonly databaseUrl: string,
    readonly world: World,
    readonly fleet: Fleet,
    readonly viewer: Viewer,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  /**
   * @param serverUrl a PostgreSQL with the migrated database `template`
   * @param program the file of this folder that a worker runs
   */
  static async open(serverUrl: string, program = "testing-fault-worker"): Promise<Scene> {
    const name = `fault_${randomBytes(6).toString("hex")}`;
    await onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE template`);
    const url = new URL(serverUrl);
    url.pathname = `/${name}`;
    const database = new pg.Pool({ connectionString: url.href, max: 4, idleTimeoutMillis: 500 });
    // A server that is stopped under it is what these tests are about.
    database.on("error", () => undefined);
    await database.query(auditSql);
    const userId = newId("user");
    await database.query(
      `INSERT INTO "User" (id, email, name, "passwordHash", role) VALUES ($1, $2, 'Test person', 'none', 'owner')`,
      [userId, `${userId}@example.test`],
    );
    const world = await World.start();
    const fleet = new Fleet(() => url.href, world.url, name, program);
    const viewer: Viewer = { kind: "viewer", userId, role: "owner", via: "session", scopes };
    return new Scene(database, url.href, world, fleet, viewer, async () => {
      await database.end();
      await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });
  }

  async close(): Promise<void> {
    await this.fleet.close();
    await this.world.stop();
    await this.dropDatabase();
  }

  /** Exactly this many workers, fresh ones; one that dies is replaced. */
  async staff(count: number, options: SpawnOptions = {}): Promise<void> {
    await this.fleet.clear();
    await this.fleet.keep(count, options);
  }

  /**
   * Waits there for the first worker that comes; `kill` and `freeze` are real signals to its process. A function holds the
   * statement, or its answer, until it is through.
   */
  trap(place: TrapPlace, act: "kill" | "freeze" | "cut" | ((tag: string) => Promise<void>)): Trap {
    const trap = new Trap(place, async (tag) => {
      if (typeof act === "function") {
        await act(tag);
        return "pass";
      }
      if (act !== "cut") this.fleet.worker(tag).signal(act === "kill" ? "SIGKILL" : "SIGSTOP");
      return act === "freeze" ? "pass" : "cut";
    });
    this.fleet.traps.add(trap);
    return trap;
  }

  /** What broke since the last look: invariants, and what workers said that they never should. */
  async broken(): Promise<string[]> {
    const facts = await this.world.facts();
    const found = await findBroken({ database: this.database, facts, repeatable: this.repeatable });
    const fresh = [...found, ...this.fleet.complaints()].filter((sentence) => !this.told.has(sentence));
    for (const sentence of fresh) this.told.add(sentence);
    return fresh;
  }

  async statusOf(runId: string): Promise<RunView["status"]> {
    const { rows } = await this.database.query<{ status: RunView["status"] }>(
      `SELECT status FROM "Run" WHERE id = $1`,
      [runId],
    );
    if (!rows[0]) throw new Error(`there is no ${runId}`);
    return rows[0].status;
  }

  async isFinished(runId: string): Promise<boolean> {
    return isFinished(await this.statusOf(runId));
  }

  /** The worker that claimed the run last. */
  async ownerOf(runId: string): Promise<WorkerProcess> {
    const { rows } = await this.database.query<{ worker: string }>(
      `SELECT worker FROM fault_audit WHERE "runId" = $1 AND type = 'run-claimed' ORDER BY seq DESC LIMIT 1`,
      [runId],
    );
    return this.fleet.worker(rows[0]?.worker ?? "");
  }

  /** Payloads of the run's events of one type, in order. */
  async eventsOf<Payload = Record<string, unknown>>(runId: string, type: string): Promise<Payload[]> {
    const { rows } = await this.database.query<{ payload: Payload }>(
      `SELECT payload FROM "Event" WHERE "runId" = $1 AND type = $2 ORDER BY seq`,
      [runId, type],
    );
    return rows.map((row) => row.payload);
  }

  async effectStates(runId: string): Promise<string[]> {
    const { rows } = await this.database.query<{ state: string }>(
      `SELECT state FROM "Effect" WHERE "runId" = $1 ORDER BY "createdAt", "callId"`,
      [runId],
    );
    return rows.map((row) => row.state);
  }

  /** From one event of a run to the next of a type after it, by the database's clock. */
  async msBetweenClaims(runId: string): Promise<number[]> {
    const { rows } = await this.database.query<{ ms: number | null }>(
      `SELECT (1000 * extract(epoch FROM at - lag(at) OVER (ORDER BY seq)))::int AS ms FROM fault_audit
       WHERE "runId" = $1 AND (type = 'run-claimed') ORDER BY seq`,
      [runId],
    );
    return rows.flatMap((row) => (row.ms === null ? [] : [row.ms]));
  }
}

/** One statement on the server itself. */
export async function onServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
