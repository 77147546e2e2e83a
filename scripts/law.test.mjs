import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { cruise } from "dependency-cruiser";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import { describe, expect, it } from "vitest";
import { root } from "./supervisor/install.mjs";

/** Reads `folders` below `base` under the law. */
async function read(base, folders) {
  const before = process.cwd();
  process.chdir(base);
  try {
    const options = await extractOptions(join(root, ".dependency-cruiser.cjs"));
    const { tsConfig: _ours, ...rest } = options;
    const { output } = await cruise(folders, { ...rest, baseDir: base, validate: true });
    return output.summary;
  } finally {
    process.chdir(before);
  }
}

describe("the import law", () => {
  it("reads the whole house: a checker that reads nothing also finds nothing", async () => {
    const { totalCruised } = await read(root, ["app", "components", "lib"]);
    expect(totalCruised).toBeGreaterThan(200);
  }, 60_000);

  it("finds two planted violations", async () => {
    const base = mkdtempSync(join(tmpdir(), "burgeon-law-"));
    const files = {
      "lib/db/rows.ts": "export const rows = 1;\n",
      "lib/contracts/word.ts": 'import { rows } from "../db/rows";\nexport const word = rows;\n',
      "components/card.ts": 'import { rows } from "../lib/db/rows";\nexport const card = rows;\n',
      "lib/vault/key.ts": 'import { rows } from "../db/rows";\nexport const key = rows;\n',
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(base, path)), { recursive: true });
      writeFileSync(join(base, path), text);
    }
    try {
      const { violations } = await read(base, ["lib", "components"]);
      expect(violations.map(({ from }) => from).sort()).toEqual(["components/card.ts", "lib/contracts/word.ts"]);
    } finally {
      rmSync(base, { recursive: true, force: true });
    }
  }, 30_000);
});
