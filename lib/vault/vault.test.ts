import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { testDatabase, testUser } from "@/lib/db/testing";
import { listNames, open, openAll, remove, seal, vaultState } from "./vault";

// The environment is parsed once; here the master key changes.
const key = vi.hoisted(() => ({ text: null as string | null }));
vi.mock("@/lib/env", async (original) => ({
  ...(await original<typeof import("@/lib/env")>()),
  readMasterKey: () => key.text,
}));

const scope = "module:gaming/test";
const rightKey = randomBytes(32).toString("base64");

let database: Awaited<ReturnType<typeof testDatabase>>;
let ada: Viewer;
let bob: Viewer;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool().query(`truncate "Secret"`);
  key.text = rightKey;
  ada = await testUser();
  bob = await testUser("member");
});

const rows = async () =>
  (
    await pool().query(
      `select "userId", scope, name, encode(sealed, 'hex') as sealed, "keyId" from "Secret" order by id`,
    )
  ).rows;

describe("the vault", () => {
  it("keeps a value for its user, and gives nobody else's", async () => {
    await seal(ada, scope, "key", "one");
    await seal(ada, scope, "key", "two");
    await seal(ada, scope, "other", "three");
    expect(await open(ada, scope, "key")).toBe("two");
    expect(await openAll(ada, scope)).toEqual({ key: "two", other: "three" });
    expect(await listNames(ada, scope)).toEqual(["key", "other"]);
    expect(await open(bob, scope, "key")).toBeNull();
    expect(await openAll(bob, scope)).toEqual({});
    expect(await listNames(bob, scope)).toEqual([]);
    expect(await remove(bob, scope, "key")).toBe(0);
    expect(await remove(ada, scope, "key")).toBe(1);
    expect(await open(ada, scope, "key")).toBeNull();
    expect(await remove(ada, scope)).toBe(1);
  });

  it("leaves no trace of the value in the database", async () => {
    await seal(ada, scope, "key", "planted-value-planted");
    const dump = JSON.stringify(await rows());
    expect(dump).not.toContain("planted-value");
    expect(dump).not.toContain(Buffer.from("planted-value").toString("hex"));
  });

  it("opens no row that was moved to another user or name", async () => {
    await seal(ada, scope, "key", "one");
    await seal(bob, scope, "key", "two");
    await pool().query(
      `update "Secret" set sealed = (select sealed from "Secret" where "userId" = $1 and name = 'key') where "userId" = $2 and name = 'key'`,
      [ada.userId, bob.userId],
    );
    await expect(open(bob, scope, "key")).rejects.toMatchObject({ code: "unavailable", hint: "Enter it again." });
    await pool().query(`update "Secret" set name = 'moved' where "userId" = $1 and name = 'key'`, [ada.userId]);
    await expect(open(ada, scope, "moved")).rejects.toMatchObject({ code: "unavailable" });
  });

  it("is locked under another master key: nothing opens, nothing is written, and the right key opens all again", async () => {
    await seal(ada, scope, "key", "one");
    const before = await rows();
    expect(await vaultState()).toBe("open");
    key.text = randomBytes(32).toString("base64");
    expect(await vaultState()).toBe("locked");
    const locked = { code: "unavailable", message: expect.stringContaining("locked") };
    await expect(open(ada, scope, "key")).rejects.toMatchObject(locked);
    await expect(seal(ada, scope, "key", "two")).rejects.toMatchObject(locked);
    await expect(seal(bob, scope, "new", "two")).rejects.toMatchObject(locked);
    expect(await listNames(ada, scope)).toEqual(["key"]);
    expect(await rows()).toEqual(before);
    key.text = rightKey;
    expect(await open(ada, scope, "key")).toBe("one");
  });

  it("lets only one of two processes with different keys begin", async () => {
    const first = seal(ada, scope, "a", "1");
    key.text = randomBytes(32).toString("hex");
    const second = seal(ada, scope, "b", "2");
    const outcomes = await Promise.allSettled([first, second]);
    const ids = new Set((await rows()).map((row) => row.keyId));
    expect(ids.size).toBe(1);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  });

  it("opens with an older key that is still named, and seals with the first one", async () => {
    await seal(ada, scope, "old", "one");
    key.text = `${randomBytes(32).toString("base64")}\n${rightKey}`;
    expect(await open(ada, scope, "old")).toBe("one");
    await seal(ada, scope, "old", "one");
    const ids = new Set((await rows()).filter((row) => row.scope === scope).map((row) => row.keyId));
    expect(ids.size).toBe(1);
    expect(await open(ada, scope, "old")).toBe("one");
  });

  it("says what to do when there is no key or it is not one", async () => {
    for (const text of [null, "", "not a key"]) {
      key.text = text;
      await expect(seal(ada, scope, "key", "x")).rejects.toMatchObject({
        code: "unavailable",
        hint: expect.stringContaining("BURGEON_MASTER_KEY"),
      });
      expect(await vaultState()).toBe("no-key");
    }
    expect(await rows()).toEqual([]);
  });

  it("refuses the empty, the huge and its own canary", async () => {
    for (const [where, name, plain] of [
      [scope, "key", ""],
      [scope, "key", "x".repeat(70_000)],
      ["vault", "canary", "x"],
      [scope, "", "x"],
    ] as const)
      await expect(seal(ada, where, name, plain)).rejects.toMatchObject({ code: "invalid" });
  });
});
