import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AppError } from "@/lib/contracts/errors";
import type { System, Viewer } from "@/lib/contracts/viewer";
import { pool } from "./client";
import { type Planted, plantOwner } from "./testing-owner";
import { testDatabase, testUser } from "./testing";

interface Attempt {
  /** Asks for something of the owner's, whose ids are all known. First the stranger asks, later the owner. */
  ask: (who: Viewer, mine: Planted) => Promise<unknown>;
  /** What the stranger gets, which is what there is for ids that do not exist. Left out: a thing of their own. */
  finds?: Outcome;
  /** Ids of two people are mixed, which is right for nobody: the owner does not ask. */
  isMixed?: true;
}
export type Attempts = Record<string, Attempt>;

type Outcome = { found: unknown } | { refused: string };
type Ask = Attempt["ask"];

/** The stranger is told that there is no such thing. */
export const notFound = (ask: Ask): Attempt => ({ ask, finds: { refused: "not-found" } });
/** The stranger has no claim on the run. */
export const notHeld = (ask: Ask): Attempt => ({ ask, finds: { refused: "LostRunError" } });
/** The stranger gets what somebody gets who has nothing. */
export const finds = (found: unknown, ask: Ask): Attempt => ({ ask, finds: { found } });
/** The stranger gets, or changes, something of their own under the same name. */
export const own = (ask: Ask): Attempt => ({ ask });
export const mixed = (attempt: Attempt): Attempt => ({ ...attempt, isMixed: true });

type NoViewer<F> = F extends (caller: infer First, ...rest: never[]) => unknown
  ? Viewer extends First
    ? never
    : F
  : never;

/** Names of functions that only Burgeon itself can call: the compiler refuses one that takes a viewer. */
export function systemOnly<F extends Record<string, (caller: System, ...rest: never[]) => unknown>>(
  functions: F & { [Name in keyof F]: NoViewer<F[Name]> },
): string[] {
  return Object.keys(functions);
}

/** Every file of lib/db, in the two parts in which they are asked. */
const parts = {
  runs: [
    ...["activity", "addition", "append", "append-one", "approval-row", "approvals", "budget", "claims"],
    ...["conversations", "effects", "events"],
    ...["grants", "knowledge", "lease", "listen", "live-workers", "run-view", "runs", "tail", "upcast"],
    ...["usage", "waiting"],
  ],
  modules: [
    ...["ask-together", "audit", "builds", "caller", "client", "health", "migrate", "model-keys", "module-calls"],
    ...["module-versions", "modules", "notice", "offered-modules", "rate-buckets", "secrets", "settings"],
    ...["statement", "storable-json", "tokens", "users"],
  ],
  connections: [
    ...["calendar/calendar-store", "calendar/calendars", "calendar/event-row", "calendar/events"],
    ...["connect-attempts", "connections", "ending", "jobs", "lock", "metrics", "places", "profile", "push-channels"],
  ],
};

interface Part {
  part: keyof typeof parts;
  /** The files of this part as they are imported. */
  rooms: Record<string, object>;
  /** By `<module>.<function>`; what follows a colon tells several attempts at one function apart. */
  attempts: Attempts;
  /** Functions that no viewer can call, or that touch nobody's rows. */
  spared: readonly string[];
}

/** States the guarantee for a part of lib/db: a stranger gets nothing, and its owner gets it by the very same call. */
export function testStrangers({ part, rooms, attempts, spared }: Part): void {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let mine: Planted;
  let planted: Record<string, unknown[]>;
  const attempt = (name: string) => attempts[name] ?? own(() => Promise.reject(new Error("no such attempt")));
  const names = Object.keys(attempts);

  beforeAll(async () => {
    database = await testDatabase();
    mine = await plantOwner();
    planted = await readRows(mine);
  });
  afterAll(() => database.close());

  describe("somebody else's rows", () => {
    it("were asked for through every file and every function there is", () => {
      const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
        (name) => /\.ts$/.test(name) && !/\.test\.|(^|\/)testing|^generated\/|^finance\//.test(name),
      );
      expect(Object.values(parts).flat().sort()).toEqual(files.map((name) => name.replace(".ts", "")).sort());
      expect(Object.keys(rooms).sort()).toEqual(parts[part]);
      const exported = Object.entries(rooms).flatMap(([room, functions]) =>
        Object.entries(functions).flatMap(([name, value]) => (typeof value === "function" ? `${room}.${name}` : [])),
      );
      const asked = new Set(names.map((name) => name.split(":")[0] ?? name));
      expect([...spared, ...asked].sort()).toEqual(exported.sort());
    });

    it.each(names)("answer like rows that do not exist: %s", async (name) => {
      const { ask, finds } = attempt(name);
      const before = await readRows(mine);
      const outcome = await outcomeOf(ask(await testUser(), mine));
      if (finds) expect(outcome).toEqual(finds);
      else expect(outcome).toHaveProperty("found");
      expect(JSON.stringify(outcome)).not.toContain(marker);
      expect(await readRows(mine)).toEqual(before);
    });

    it("are in every table, and as they were", async () => {
      expect(await readRows(mine)).toEqual(planted);
      expect(Object.keys(planted).sort()).toEqual(tables?.map(({ name }) => name).sort());
    });

    // Otherwise an attempt might find nothing because there is nothing, or because it asks in the wrong way.
    it.each(names.filter((name) => !attempt(name).isMixed))("are there for their owner: %s", async (name) => {
      const { ask, finds } = attempt(name);
      const rows = await readRows(mine);
      const outcome = await outcomeOf(ask(mine.owner, mine));
      expect({ outcome, rows: await readRows(mine) }).not.toEqual({ outcome: finds ?? outcome, rows });
    });
  });
}

/** Stands in every text of the owner's. */
export const marker = "zebra";

async function outcomeOf(asked: Promise<unknown>): Promise<Outcome> {
  try {
    return { found: await asked };
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return {
      refused: cause instanceof AppError ? cause.code : `${cause.name}${"code" in cause ? ` ${cause.code}` : ""}`,
    };
  }
}

/** Columns that say whose a row is, or to what of somebody it belongs. */
const links = [
  ...["userId", "conversationId", "runId", "parentRunId", "moduleId", "buildId"],
  ...["connectionId", "calendarId", "accountId"],
];
/** Rate limits count tries by address and account; there is nothing of a person in them. */
const nobodys = ["RateBucket"];

interface Table {
  name: string;
  columns: string[];
}

/** Every row that is the owner's or hangs on something of the owner's, whoever wrote it, by table. */
async function readRows({ owner, ids }: Planted): Promise<Record<string, unknown[]>> {
  tables ??= await listTables();
  const selects = tables.map(({ name, columns }) => {
    const places = name === "User" ? ["id"] : columns.filter((column) => links.includes(column));
    if (places.length === 0) throw new Error(`whose are the rows of ${name}?`);
    const isTheirs = places.map((place) => `"${place}" = ANY($1)`).join(" OR ");
    return `SELECT '${name}' AS table, to_jsonb(t) AS row FROM "${name}" t WHERE ${isTheirs}`;
  });
  const { rows } = await pool().query<{ table: string; row: unknown }>(`${selects.join(" UNION ALL ")} ORDER BY 1, 2`, [
    [owner.userId, ...ids],
  ]);
  const found: Record<string, unknown[]> = {};
  for (const { table, row } of rows) found[table] = [...(found[table] ?? []), row];
  return found;
}

let tables: Table[] | undefined;

/** As the database knows them, so that a new one cannot be forgotten. */
async function listTables(): Promise<Table[]> {
  const { rows } = await pool().query<Table>(
    `SELECT table_name AS name, array_agg(column_name::text) AS columns FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> ALL($1) GROUP BY 1 ORDER BY 1`,
    [[...nobodys, "_prisma_migrations"]],
  );
  return rows;
}
