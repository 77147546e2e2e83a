import { randomBytes } from "node:crypto";
import { lstatSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { beforeEach, describe, expect, it } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { inTransaction } from "@/lib/db/statement";
import { inVaultTurn, storeSealed } from "@/lib/db/secrets";
import { testUser } from "@/lib/db/testing";
import { parseMasterKey } from "./envelope";

import { rotateNow } from "./testing-rotate";
import { setUpInstallation } from "./testing-vault";
import { open, remove, seal, sealer, vaultState } from "./vault";

const scope = "module:gaming/test";
const installation = setUpInstallation();
const idOf = (text: string | undefined) => parseMasterKey(text ?? "").id;

let ada: Viewer;
let bob: Viewer;
beforeEach(async () => {
  await pool().query(`truncate "Secret", "ConnectAttempt"`);
  installation.resetKey();
  ada = await testUser();
  bob = await testUser("member");
});

async function keyIds(): Promise<string[]> {
  const { rows } = await pool().query<{ keyId: string }>(`select distinct "keyId" from "Secret" order by 1`);
  return rows.map(({ keyId }) => keyId);
}

/** Spoils a value as a disk does. */
const damage = (name: string) =>
  pool().query(`update "Secret" set sealed = set_byte(sealed, 70, 255 - get_byte(sealed, 70)) where name = $1`, [name]);

describe("a rotation", () => {
  it("seals everybody's values with a new key, keeps them, and takes the old key out of the file", async () => {
    for (let count = 0; count < 120; count++) await seal(count % 2 ? ada : bob, scope, `n${count}`, `value ${count}`);
    const [old] = installation.keys();
    const told: [number, number][] = [];
    const rotation = await rotateNow((done, total) => told.push([done, total]));
    const keys = installation.keys();
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toBe(old);
    expect(rotation).toEqual({
      ...{ isOwnFile: true, isNewKey: true, keyId: idOf(keys[0]), rewrapped: 122, damaged: [], left: [] },
      retired: [idOf(old)],
    });
    expect(await keyIds()).toEqual([idOf(keys[0])]);
    expect(told).toEqual([50, 100, 122].map((done) => [done, 122]));
    for (let count = 0; count < 120; count++)
      expect(await open(count % 2 ? ada : bob, scope, `n${count}`)).toBe(`value ${count}`);
    expect(installation.files()).toEqual(["master-key"]);
    expect(lstatSync(installation.keyFile).mode & 0o777).toBe(0o600);
  });

  it("makes a new key when nothing is stored yet", async () => {
    const [old] = installation.keys();
    expect(await rotateNow()).toMatchObject({ isNewKey: true, rewrapped: 0, left: [], retired: [idOf(old)] });
    expect(installation.keys()).not.toContain(old);
  });

  it("goes on with the key of an earlier one that was interrupted, and makes no other", async () => {
    await seal(ada, scope, "key", "one");
    const [old] = installation.keys();
    const begun = randomBytes(32).toString("base64");
    writeFileSync(installation.keyFile, `${begun}\n${old}\n`);
    writeFileSync(`${installation.keyFile}.new`, "half a ke");
    expect(await rotateNow()).toMatchObject({ isNewKey: false, keyId: idOf(begun), rewrapped: 2, left: [] });
    expect(installation.keys()).toEqual([begun]);
    expect(installation.files()).toEqual(["master-key"]);
    expect(await open(ada, scope, "key")).toBe("one");
  });

  it("names what is damaged, moves the rest, and keeps the old key until the damaged value is gone", async () => {
    await seal(ada, scope, "broken", "planted-value");
    await seal(ada, scope, "whole", "two");
    await damage("broken");
    const { rows } = await pool().query(`select sealed from "Secret" where name = 'broken'`);
    const [old] = installation.keys();
    const first = await rotateNow();
    expect(first).toMatchObject({
      rewrapped: 2,
      damaged: [{ owner: `${ada.userId}@example.test`, scope, name: "broken" }],
      left: [{ keyId: idOf(old), count: 1, isConfigured: true }],
      retired: [],
    });
    expect(JSON.stringify(first)).not.toContain("planted");
    expect(installation.keys()).toEqual([expect.any(String), old]);
    expect((await pool().query(`select sealed from "Secret" where name = 'broken'`)).rows).toEqual(rows);
    expect(await open(ada, scope, "whole")).toBe("two");
    await seal(ada, scope, "broken", "entered again");
    expect(await rotateNow()).toMatchObject({ isNewKey: false, rewrapped: 0, left: [], retired: [idOf(old)] });
    expect(installation.keys()).toHaveLength(1);
    expect(await open(ada, scope, "broken")).toBe("entered again");
  });

  it("makes a damaged canary anew, which nobody could enter again", async () => {
    await seal(ada, scope, "key", "one");
    await damage("canary");
    expect(await rotateNow()).toMatchObject({ rewrapped: 2, damaged: [], left: [] });
  });

  it("changes nothing with the wrong key, in the file or in the database", async () => {
    await seal(ada, scope, "key", "one");
    const [right] = installation.keys();
    installation.resetKey();
    const wrong = installation.keys();
    const { rows } = await pool().query(`select * from "Secret" order by id`);
    await expect(rotateNow()).rejects.toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("locked"),
    });
    expect(installation.keys()).toEqual(wrong);
    expect((await pool().query(`select * from "Secret" order by id`)).rows).toEqual(rows);
    // Nor when an earlier rotation was interrupted: what other keys sealed is counted and left alone.
    writeFileSync(installation.keyFile, `${wrong[0]}\n${randomBytes(32).toString("base64")}\n`);
    expect(await rotateNow()).toMatchObject({
      rewrapped: 0,
      damaged: [],
      left: [{ keyId: idOf(right), count: 2, isConfigured: false }],
    });
    expect((await pool().query(`select * from "Secret" order by id`)).rows).toEqual(rows);
  });

  it("leaves a file alone that is a link to where somebody keeps the key", async () => {
    await seal(ada, scope, "key", "one");
    const before = installation.keys();
    renameSync(installation.keyFile, `${installation.keyFile}-elsewhere`);
    symlinkSync(`${installation.keyFile}-elsewhere`, installation.keyFile);
    try {
      expect(await rotateNow()).toMatchObject({ isOwnFile: false, isNewKey: false, rewrapped: 0, retired: [] });
      expect(installation.keys()).toEqual(before);
    } finally {
      renameSync(`${installation.keyFile}-elsewhere`, installation.keyFile);
    }
  });

  it("does no harm beside another one", async () => {
    for (let count = 0; count < 60; count++) await seal(ada, scope, `n${count}`, `value ${count}`);
    const rotations = await Promise.all([rotateNow(), rotateNow(), rotateNow()]);
    expect(rotations.flatMap(({ damaged }) => damaged)).toEqual([]);
    expect(installation.keys()).toHaveLength(1);
    expect(await keyIds()).toEqual([idOf(installation.keys()[0])]);
    for (let count = 0; count < 60; count++) expect(await open(ada, scope, `n${count}`)).toBe(`value ${count}`);
  });

  it("does not bring back what was replaced or removed while it held the older value", async () => {
    await seal(ada, scope, "replaced", "one");
    await seal(ada, scope, "removed", "one");
    // Somebody has both rows in hand; the rotation waits for them at its update and then finds other rows than it read.
    let rotation: ReturnType<typeof rotateNow> | undefined;
    await inTransaction(async (client) => {
      await client.query({ name: "a", text: `delete from "Secret" where name = 'removed'` });
      await client.query({ name: "b", text: `update "Secret" set sealed = 'x' where name = 'replaced'` });
      rotation = rotateNow();
      await expect.poll(() => waitingStatements()).toEqual([expect.stringContaining("UPDATE")]);
    });
    expect(await rotation).toMatchObject({ rewrapped: 1, damaged: [{ name: "replaced" }] });
    expect((await pool().query(`select sealed from "Secret" where name = 'replaced'`)).rows).toEqual([
      { sealed: Buffer.from("x") },
    ]);
    expect(await remove(ada, scope, "removed")).toBe(0);
  });

  it("keeps a value that was sealed under the old key and is stored after that key was retired", async () => {
    await seal(ada, scope, "key", "one");
    const sealNow = await sealer(ada);
    let tries = 0;
    await inTransaction(async (client) => {
      const secret = sealNow(scope, "token", "fresh");
      if (tries++ === 0) await rotateNow();
      await storeSealed(ada, secret, client);
    });
    expect(tries).toBe(2);
    expect(await open(ada, scope, "token")).toBe("fresh");
    expect(await vaultState()).toBe("open");
  });

  it("waits for its turn, as sealing does, and each uses the keys of that moment", async () => {
    const before = installation.keys();
    const waiting = [expect.stringContaining("pg_advisory"), expect.stringContaining("pg_advisory")];
    const under: Promise<unknown>[] = [];
    await inVaultTurn(ada, async () => {
      under.push(seal(ada, scope, "key", "one"), rotateNow());
      await expect.poll(() => waitingStatements()).toEqual(waiting);
      expect(installation.keys()).toEqual(before);
      installation.resetKey();
    });
    await Promise.all(under);
    expect(await open(ada, scope, "key")).toBe("one");
    expect(await keyIds()).toEqual([idOf(installation.keys()[0])]);
  });

  it("drops sign-ins under way that nobody can finish any more", async () => {
    await pool().query(
      `insert into "ConnectAttempt" ("stateHash", "userId", "sessionHash", adapter, "sealedVerifier", "keyId", "redirectUri", "expiresAt")
       values ('s', $1, 'h', 'a', 'x', $2, 'r', now() + interval '5 minutes')`,
      [ada.userId, idOf(installation.keys()[0])],
    );
    await rotateNow();
    expect((await pool().query(`select 1 from "ConnectAttempt"`)).rows).toEqual([]);
  });
});

async function waitingStatements(): Promise<string[]> {
  const { rows } = await pool().query<{ query: string }>(
    `select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.map(({ query }) => query);
}
