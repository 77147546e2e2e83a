import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prepareDataDirectory } from "./supervisor/data-directory.mjs";

let folder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "burgeon-data-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("makes a master key once, for nobody else to read, and keeps it", () => {
  const { masterKeyFile } = prepareDataDirectory(folder, {});
  const key = readFileSync(masterKeyFile, "utf8");
  expect(Buffer.from(key.trim(), "base64")).toHaveLength(32);
  expect(statSync(masterKeyFile).mode & 0o777).toBe(0o600);
  expect(prepareDataDirectory(folder, {}).masterKeyFile).toBe(masterKeyFile);
  expect(readFileSync(masterKeyFile, "utf8")).toBe(key);
});

it.each(["BURGEON_MASTER_KEY", "BURGEON_MASTER_KEY_FILE"])("makes none beside the one that %s names", (name) => {
  expect(prepareDataDirectory(folder, { [name]: "given" }).masterKeyFile).toBeUndefined();
  expect(existsSync(join(folder, "master-key"))).toBe(false);
});
