import { readdir } from "node:fs/promises";
import { resolve } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "./migrate";
import { testDatabase } from "./testing";

const migrationsPath = resolve("prisma/migrations");
let database: Awaited<ReturnType<typeof testDatabase>>;
let client: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    `insert into "User" (id, email, name, "passwordHash", role) values ('user_1', 'a@example.test', 'A', 'none', 'owner')`,
  );
  await client.query(`insert into "Conversation" (id, "userId", title) values ('conv_1', 'user_1', 'Hello')`);
  await client.query(
    `insert into "Event" ("conversationId", seq, type, payload) values ('conv_1', 1, 'message-sent', '{}')`,
  );
});

afterAll(async () => {
  await client.end();
  await database.close();
});

describe("migrations", () => {
  it("finds nothing to do the second time, also when two processes ask at once", async () => {
    expect(await Promise.all([migrate(database.url, migrationsPath), migrate(database.url, migrationsPath)])).toEqual([
      [],
      [],
    ]);
    const { rows } = await client.query("select migration_name from _prisma_migrations order by 1");
    const folders = (await readdir(migrationsPath, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    expect(rows.map((row) => row.migration_name)).toEqual(folders.map((folder) => folder.name).sort());
  });

  it("refuses a database that a newer version wrote", async () => {
    await client.query(
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'x', '99990101000000_future', now())`,
    );
    await expect(migrate(database.url, migrationsPath)).rejects.toThrow(/newer Burgeon/);
    await client.query("delete from _prisma_migrations where id = 'x'");
  });
});

describe("the event log", () => {
  it("cannot be changed or thinned out, only go with its conversation", async () => {
    await expect(client.query(`update "Event" set type = 'other'`)).rejects.toThrow(/append-only/);
    await expect(client.query(`delete from "Event"`)).rejects.toThrow(/append-only/);
    await client.query(`delete from "User" where id = 'user_1'`);
    expect((await client.query(`select 1 from "Event"`)).rowCount).toBe(0);
  });
});
