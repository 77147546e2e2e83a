import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pool } from "./client";
import { execute, isDatabaseOutage } from "./statement";
import { testDatabase } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  database = await testDatabase();
  await pool().query(`CREATE TABLE thing (id int, note text)`);
  await pool().query(`CREATE SEQUENCE number`);
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool().query("TRUNCATE thing");
  await pool().query("INSERT INTO thing VALUES (1, 'kept')");
});

/** Every connection that the pool now gives out breaks under the statement it was given out for. */
function breakConnections(): { count: number; mend(): void } {
  const broken = { count: 0, mend: () => pool().removeListener("acquire", cut) };
  const cut = (client: object) => {
    broken.count += 1;
    // What the types of the client do not name: the socket it speaks through.
    (client as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  };
  pool().on("acquire", cut);
  return broken;
}

async function executeBroken(text: string): Promise<{ result: unknown; count: number }> {
  const broken = breakConnections();
  try {
    const result = await execute({ name: "test", text }).then(
      ({ rows }) => rows,
      (cause: unknown) => cause,
    );
    return { result, count: broken.count };
  } finally {
    broken.mend();
  }
}

describe("a statement whose connection breaks", () => {
  it("is asked once more when it only reads, also when every connection in the pool is dead", async () => {
    await Promise.all([1, 2, 3, 4].map(() => pool().query("SELECT 1")));
    expect(await executeBroken("SELECT id, note FROM thing")).toEqual({ result: [{ id: 1, note: "kept" }], count: 1 });
  });

  it.each([
    "INSERT INTO thing VALUES (2, 'new')",
    "WITH made AS (INSERT INTO thing VALUES (2, 'new') RETURNING id) SELECT id FROM made",
    "SELECT id FROM thing FOR UPDATE",
    "SELECT id FROM thing FOR NO KEY UPDATE SKIP LOCKED",
    "SELECT nextval('number')",
    "SELECT pg_notify('burgeon_scan', '')",
  ])("is told to its caller as an outage and sent no second time when it may do something: %s", async (text) => {
    const { result, count } = await executeBroken(text);
    expect(isDatabaseOutage(result)).toBe(true);
    expect(count).toBe(1);
    expect((await pool().query("SELECT id FROM thing")).rows).toEqual([{ id: 1 }]);
    expect((await pool().query("SELECT is_called FROM number")).rows).toEqual([{ is_called: false }]);
  });

  it("is told to its caller when there is no database to ask anew", async () => {
    const url = process.env.DATABASE_URL;
    const reading = executeBroken("SELECT id FROM thing");
    // Nobody listens on this port.
    process.env.DATABASE_URL = "postgres://127.0.0.1:1/none";
    const { result } = await reading;
    process.env.DATABASE_URL = url;
    expect(isDatabaseOutage(result)).toBe(true);
  });
});
