import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll } from "vitest";
import { testDatabase } from "@/lib/db/testing";
import type { VaultProcessOptions } from "./testing-vault-process";

interface Installation {
  /** The data directory, in which the file of keys lies. */
  folder: string;
  keyFile: string;
  keys(): string[];
  /** Names in the data directory: what an interrupted write leaves. */
  files(): string[];
  /** Puts one new key in the place of all. */
  resetKey(): void;
  spawn(options: VaultProcessOptions): ChildProcess;
}

const variables = ["BURGEON_MASTER_KEY", "BURGEON_MASTER_KEY_FILE", "BURGEON_DATA_DIR"] as const;

/** A database and a data directory with a file of keys, as `npm start` makes them, for a test file. */
export function setUpInstallation(): Installation {
  const folder = mkdtempSync(join(tmpdir(), "burgeon-vault-"));
  const keyFile = join(folder, "master-key");
  const cache = join(process.cwd(), "node_modules", ".cache", "burgeon");
  const bundle = join(cache, `vault-process-${randomBytes(6).toString("hex")}.mjs`);
  const before = variables.map((name) => [name, process.env[name]] as const);
  const children: ChildProcess[] = [];
  let database: Awaited<ReturnType<typeof testDatabase>>;
  const resetKey = () => writeFileSync(keyFile, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600 });
  beforeAll(async () => {
    resetKey();
    delete process.env.BURGEON_MASTER_KEY;
    Object.assign(process.env, { BURGEON_MASTER_KEY_FILE: keyFile, BURGEON_DATA_DIR: folder });
    database = await testDatabase();
    mkdirSync(cache, { recursive: true });
    await build({
      entryPoints: [join(process.cwd(), "lib/vault/testing-vault-process.ts")],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      logLevel: "error",
    });
  }, 60_000);
  afterAll(async () => {
    for (const child of children) child.kill("SIGKILL");
    await database.close();
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    rmSync(folder, { recursive: true, force: true });
    rmSync(bundle, { force: true });
  });
  return {
    folder,
    keyFile,
    keys: () => readFileSync(keyFile, "utf8").trim().split("\n"),
    files: () => readdirSync(folder).sort(),
    resetKey,
    spawn(options) {
      const child = spawn(process.execPath, [bundle, JSON.stringify(options)], { stdio: ["pipe", "pipe", "inherit"] });
      children.push(child);
      return child;
    },
  };
}
