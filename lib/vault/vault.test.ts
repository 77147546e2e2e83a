import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { testDatabase, testUser } from "@/lib/db/testing";
import { parseMasterKey } from "./envelope";
import { listNames, open, openAll, remove, seal, sealer, vaultState } from "./vault";

// The environment is parsed once; here the master key changes.
const key = vi.hoisted(() => ({ text: null as string | null, next: [] as string[], isUnreadable: false }));
vi.mock("@/lib/env", async (original) => ({
  ...(await original<typeof import("@/lib/env")>()),
  readMasterKey: () => {
    if (key.isUnreadable) throw new Error("EACCES");
    return key.next.shift() ?? key.text;
  },
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
  Object.assign(key, { text: rightKey, next: [], isUnreadable: false });
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

  it("opens no row that was moved to another user, scope, name or key", async () => {
    await seal(ada, scope, "key", "one");
    await seal(bob, scope, "key", "two");
    await pool().query(
      `update "Secret" set sealed = (select sealed from "Secret" where "userId" = $1 and name = 'key') where "userId" = $2 and name = 'key'`,
      [ada.userId, bob.userId],
    );
    await expect(open(bob, scope, "key")).rejects.toMatchObject({ code: "unavailable", hint: "Enter it again." });
    await pool().query(`update "Secret" set name = 'moved' where "userId" = $1 and name = 'key'`, [ada.userId]);
    await expect(open(ada, scope, "moved")).rejects.toMatchObject({ code: "unavailable" });
    await pool().query(`update "Secret" set name = 'key', scope = 'model:openai' where name = 'moved'`);
    await expect(open(ada, "model:openai", "key")).rejects.toMatchObject({ code: "unavailable" });
    await pool().query(`update "Secret" set scope = $1 where scope = 'model:openai'`, [scope]);
    expect(await open(ada, scope, "key")).toBe("one");
    const other = randomBytes(32).toString("base64");
    key.text = `${rightKey} ${other}`;
    await pool().query(`update "Secret" set "keyId" = $1 where scope = $2`, [parseMasterKey(other).id, scope]);
    await expect(open(ada, scope, "key")).rejects.toMatchObject({ hint: "Enter it again." });
  });

  it("is not lost to somebody whose canary is damaged, as nothing but a key id is read from it", async () => {
    await seal(ada, scope, "key", "one");
    await pool().query(`update "Secret" set sealed = 'x' where scope = 'vault'`);
    await seal(ada, scope, "key", "two");
    expect(await open(ada, scope, "key")).toBe("two");
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
    await expect(sealer(bob)).rejects.toMatchObject(locked);
    expect(await remove(bob, scope)).toBe(0);
    expect(await listNames(ada, scope)).toEqual(["key"]);
    expect(await rows()).toEqual(before);
    key.text = rightKey;
    expect(await open(ada, scope, "key")).toBe("one");
  });

  it("lets only one of two processes with different keys begin", async () => {
    key.next = [rightKey, randomBytes(32).toString("hex")];
    const outcomes = await Promise.allSettled([seal(ada, scope, "a", "1"), seal(bob, scope, "b", "2")]);
    expect(key.next).toEqual([]);
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

  it("is locked, and says so, when the file of the key cannot be read", async () => {
    await seal(ada, scope, "key", "one");
    key.isUnreadable = true;
    expect(await vaultState()).toBe("no-key");
    const unreadable = { code: "unavailable", message: expect.stringContaining("cannot be read") };
    await expect(open(ada, scope, "key")).rejects.toMatchObject(unreadable);
    await expect(seal(ada, scope, "key", "two")).rejects.toMatchObject(unreadable);
    expect(await listNames(ada, scope)).toEqual(["key"]);
  });

  it("looks again when a row was moved to a newer key between the two looks", async () => {
    await seal(ada, scope, "key", "one");
    const newer = randomBytes(32).toString("base64");
    // Read when the row was still under the old key, and the old key is retired already.
    key.next = [newer];
    expect(await open(ada, scope, "key")).toBe("one");
    key.next = [newer];
    expect(await openAll(ada, scope)).toEqual({ key: "one" });
    key.next = [newer];
    expect(await vaultState()).toBe("open");
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
