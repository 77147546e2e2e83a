import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { pool } from "@/lib/db/client";
import { testDatabase } from "@/lib/db/testing";
import { createOwner, isFirstRun } from "./first-run";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => database.close());

it("where the environment names the owner, nobody is quick enough to become it", async () => {
  const password = "correct-horse-battery";
  vi.stubEnv("BURGEON_OWNER_EMAIL", "named@example.org");
  vi.stubEnv("BURGEON_OWNER_PASSWORD", password);
  const quick = { name: "Eve", email: "eve@example.org", password };
  await expect(createOwner(quick)).rejects.toMatchObject({ code: "conflict" });
  expect(await isFirstRun()).toBe(false);
  const { rows } = await pool().query(`select role, email from "User"`);
  expect(rows).toEqual([{ role: "owner", email: "named@example.org" }]);
});
