import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { pool } from "@/lib/db/client";
import { testDatabase } from "@/lib/db/testing";
import { createOwner, isFirstRun } from "./first-run";

const password = "correct-horse-battery";
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  process.env.BURGEON_OWNER_EMAIL = "named@example.org";
  process.env.BURGEON_OWNER_PASSWORD = password;
  database = await testDatabase();
});
afterEach(() => pool().query(`delete from "User"`));
afterAll(async () => {
  delete process.env.BURGEON_OWNER_EMAIL;
  delete process.env.BURGEON_OWNER_PASSWORD;
  await database.close();
});

async function expectNamedOwner(): Promise<void> {
  const { rows } = await pool().query(`select role, email from "User"`);
  expect(rows).toEqual([{ role: "owner", email: "named@example.org" }]);
}

it("where the environment names the owner, nobody is quick enough to become it", async () => {
  const quick = { name: "Eve", email: "eve@example.org", password };
  await expect(createOwner(quick)).rejects.toMatchObject({ code: "conflict" });
  await expectNamedOwner();
});

it("and nobody is told that they could", async () => {
  expect(await isFirstRun()).toBe(false);
  await expectNamedOwner();
});
