import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { appendAudit, findBrokenAudit, listAudit } from "./audit";
import { pool } from "./client";
import { inTransaction } from "./statement";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const system = asSystem("test");
const write = async (viewer: Viewer, count: number) => {
  for (let n = 0; n < count; n++)
    await appendAudit(viewer, { action: "thing-done", subject: `s${n}`, detail: { z: n, a: { d: 1, b: [2] } } });
};

describe("the audit log", () => {
  it("gives a person their own entries, newest first, and nobody else's", async () => {
    const [ada, bob] = [await testUser(), await testUser()];
    await write(ada, 3);
    await appendAudit({ ...system, userId: ada.userId }, { action: "module-switched-off", subject: "s1" });
    const entries = await listAudit(ada);
    expect(entries.map(({ subject }) => subject)).toEqual(["s1", "s2", "s1", "s0"]);
    expect(entries[0]).toMatchObject({ actor: "burgeon", via: "system", detail: {} });
    expect(entries[1]).toMatchObject({ actor: ada.userId, via: "session", detail: { z: 2, a: { d: 1, b: [2] } } });
    expect(await listAudit(ada, { subject: "s1", limit: 1 })).toHaveLength(1);
    expect(await listAudit(bob)).toEqual([]);
  });

  it("is one chain although many write at once", async () => {
    const ada = await testUser();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        appendAudit(ada, { action: "x", subject: `${n}`, detail: { text: "\u0000\ud800", n: 1e21 } }),
      ),
    );
    expect(await findBrokenAudit(system, ada.userId)).toBeNull();
    const { rows } = await pool().query(
      `select count(distinct "prevHash")::int as n from "AuditEntry" where "userId" = $1`,
      [ada.userId],
    );
    expect(rows[0].n).toBe(20);
  });

  it.each([
    ["changed", `update "AuditEntry" set detail = '{"z": 9}' where id = $1`],
    ["given to somebody else", `update "AuditEntry" set actor = 'mallory' where id = $1`],
    ["moved in time", `update "AuditEntry" set at = at - interval '1 day' where id = $1`],
    ["removed", `delete from "AuditEntry" where id = $1`],
  ])("shows when an entry was %s", async (_what, statement) => {
    const ada = await testUser();
    await write(ada, 4);
    const ids = (await listAudit(ada)).map(({ id }) => id).reverse();
    expect(await findBrokenAudit(ada, ada.userId)).toBeNull();
    await pool().query(statement, [ids[1]]);
    expect(await findBrokenAudit(ada, ada.userId)).toBe(statement.startsWith("delete") ? ids[2] : ids[1]);
  });

  it("is undone together with what it tells of", async () => {
    const ada = await testUser();
    const failing = inTransaction(async (client) => {
      await appendAudit(ada, { action: "x", subject: "y" }, client);
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await listAudit(ada)).toEqual([]);
  });
});
