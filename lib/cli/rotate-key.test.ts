import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { listAudit } from "@/lib/db/audit";
import { pool } from "@/lib/db/client";
import { testUser } from "@/lib/db/testing";
import { parseMasterKey } from "@/lib/vault/envelope";
import { setUpInstallation } from "@/lib/vault/testing-vault";
import { open, seal } from "@/lib/vault/vault";

const installation = setUpInstallation();
const bundle = join(process.cwd(), "node_modules", ".cache", "burgeon", `cli-${randomBytes(6).toString("hex")}.mjs`);
const scope = "module:gaming/test";
const idOf = (text: string | undefined) => parseMasterKey(text ?? "").id;
const newKey = () => randomBytes(32).toString("base64");

let owner: Viewer;
beforeAll(async () => {
  owner = await testUser();
  await build({
    entryPoints: [join(process.cwd(), "lib/cli/main.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
}, 60_000);
afterAll(() => rmSync(bundle, { force: true }));

interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** The command as a process; what is in `configured` stands in the environment instead of the file of keys. */
function burgeon(args: string[], configured?: string): Promise<Ended> {
  const env = { ...process.env, LOG_LEVEL: "warn", ...(configured ? { BURGEON_MASTER_KEY: configured } : {}) };
  return new Promise((resolve) => {
    execFile(process.execPath, [bundle, ...args], { env }, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

describe("burgeon rotate-key", () => {
  it("rotates the key of the file, says so, and is in the audit log of the owner", async () => {
    await seal(owner, scope, "key", "planted-value-planted");
    const [old] = installation.keys();
    const json = await burgeon(["rotate-key", "--json"]);
    const [key] = installation.keys();
    expect([json.exitCode, json.stderr, JSON.parse(json.stdout)]).toEqual([
      0,
      "",
      {
        ...{ isDone: true, isOwnFile: true, isNewKey: true, keyId: idOf(key), rewrapped: 2, damaged: [], left: [] },
        retired: [idOf(old)],
      },
    ]);
    const text = await burgeon(["rotate-key"]);
    expect(text).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("2 values are sealed anew") });
    expect(text.stdout).toContain("need not be started again");
    for (const secret of [old, key, ...installation.keys(), "planted-value"])
      expect(json.stdout + text.stdout + text.stderr).not.toContain(secret);
    expect(await open(owner, scope, "key")).toBe("planted-value-planted");
    const [entry] = await listAudit(owner);
    expect(entry).toMatchObject({ action: "master-key-rotated", via: "system", detail: { rewrapped: 2, left: 0 } });
  }, 60_000);

  it("names what is damaged and answers no", async () => {
    await seal(owner, scope, "broken", "x");
    await pool().query(`update "Secret" set sealed = 'x' where name = 'broken'`);
    const { exitCode, stdout } = await burgeon(["rotate-key"]);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining(`${scope} broken of ${owner.userId}@example.test`)]);
    expect(installation.keys()).toHaveLength(2);
    await pool().query(`delete from "Secret" where name = 'broken'`);
    expect(await burgeon(["rotate-key"])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining("begun earlier is finished"),
    });
    expect(installation.keys()).toHaveLength(1);
  }, 60_000);

  it("explains the two steps to somebody whose key stands in the environment, and takes the second one", async () => {
    const [old = ""] = installation.keys();
    const first = await burgeon(["rotate-key"], old);
    expect([first.exitCode, first.stdout]).toEqual([1, expect.stringMatching(/1\. Make one.*2\. Run this/s)]);
    const fresh = newKey();
    const second = await burgeon(["rotate-key", "--json"], `${fresh} ${old}`);
    expect([second.exitCode, JSON.parse(second.stdout)]).toMatchObject([
      0,
      { isDone: true, isOwnFile: false, isNewKey: false, keyId: idOf(fresh), left: [], retired: [idOf(old)] },
    ]);
    expect((await burgeon(["rotate-key"], `${fresh} ${old}`)).stdout).toContain("take them out of the configuration");
    // The file of keys was not theirs to use; so that nothing is locked afterwards, all goes back.
    expect(installation.keys()).toEqual([old]);
    expect((await burgeon(["rotate-key"], `${old} ${fresh}`)).exitCode).toBe(0);
  }, 60_000);

  it("changes nothing under a wrong key, and refuses what it does not know", async () => {
    const before = installation.keys();
    const { rows } = await pool().query(`select * from "Secret" order by id`);
    const wrong = await burgeon(["rotate-key"], newKey());
    expect([wrong.exitCode, wrong.stdout]).toEqual([1, expect.stringContaining("which is not configured")]);
    expect(wrong.stdout).not.toContain("0 values");
    expect((await pool().query(`select * from "Secret" order by id`)).rows).toEqual(rows);
    expect(installation.keys()).toEqual(before);
    expect(await burgeon(["rotate-key", "--force"])).toMatchObject({ exitCode: 2 });
  }, 60_000);
});
