import { afterAll, describe, expect, it } from "vitest";
import type { ModuleFiles } from "@/lib/contracts/module";
import { closeSandbox } from "@/lib/sandbox/host";
import { closeTypeChecker } from "@/lib/sandbox/type-check";
import { checkModule } from "./check";
import { digestOf } from "./digest";
import { sampleModule } from "./testing";

afterAll(() => Promise.all([closeSandbox(), closeTypeChecker()]));

const good = (files: ModuleFiles = {}, adapter?: string) =>
  sampleModule({ baseUrl: "https://game.example.com/v1", files, ...(adapter ? { adapter } : {}) });
const withManifest = (change: (manifest: Record<string, never>) => void) => {
  const files = good();
  const manifest = JSON.parse(files["manifest.json"] ?? "");
  change(manifest);
  return { ...files, "manifest.json": JSON.stringify(manifest) };
};
const without = (path: string) => {
  const { [path]: _left, ...rest } = good();
  return rest;
};

describe("the check of a module", () => {
  it("passes what is right, and says which operations its tests ran", async () => {
    const { manifest, report, digest } = await checkModule(good(), {
      place: { category: "gaming", name: "test-game" },
    });
    expect(report.findings).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.stages.map(({ name }) => name)).toEqual([
      "size",
      "manifest",
      "secrets",
      "types",
      "compile",
      "tests",
      "contract",
    ]);
    expect(report.coverage).toEqual({ operations: 2, tested: ["list_scores", "get_score"] });
    expect(report.cassetteRequests).toBe(2);
    expect(manifest?.name).toBe("test-game");
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  const faults: [string, () => ModuleFiles, string][] = [
    ["a missing manifest", () => without("manifest.json"), "manifest_missing"],
    ["a missing adapter", () => without("adapter.ts"), "file_missing"],
    ["a manifest that is no JSON", () => good({ "manifest.json": "{" }), "manifest_invalid"],
    [
      "an unknown field in the manifest",
      () => withManifest((manifest) => Object.assign(manifest, { extra: 1 })),
      "manifest_invalid",
    ],
    [
      "a place other than the manifest's",
      () => withManifest((manifest) => Object.assign(manifest, { name: "other" })),
      "manifest_invalid",
    ],
    ["an address without encryption", () => sampleModule({ baseUrl: "http://game.example.com" }), "insecure_address"],
    [
      "a password in an address",
      () => sampleModule({ baseUrl: "https://me:secret-word@game.example.com" }),
      "secret_found",
    ],
    ["a key in a file", () => good({ "README.md": "key: AKIAABCDEFGHIJKLMNOP\n" }), "secret_found"],
    ["no test", () => good({ "adapter.test.ts": "export {};\n" }), "no_tests"],
    [
      "a failing test",
      () =>
        good({
          "adapter.test.ts": `import { expect, test } from "@burgeon/sdk/test";\ntest("counts", async ({ run }) => {\n  expect((await run("list_scores")).items.length).toBe(2);\n});\n`,
        }),
      "test_failed",
    ],
    [
      "a request that no cassette answers",
      () =>
        good({
          "adapter.test.ts": `import { test } from "@burgeon/sdk/test";\ntest("asks", async ({ run }) => {\n  await run("get_score", { player: "nobody" });\n});\n`,
        }),
      "test_failed",
    ],
    [
      "a type error",
      () =>
        good(
          {},
          `import type { Ctx } from "@burgeon/sdk";\nexport default { async list_scores(ctx: Ctx) { return fetch("https://x.example"); } };\n`,
        ),
      "type_error",
    ],
    [
      "an import from outside",
      () =>
        good(
          {},
          `import { readFileSync } from "node:fs";\nexport default { async list_scores() { return readFileSync("/etc/passwd"); } };\n`,
        ),
      "import_denied",
    ],
    ["a cassette that is none", () => good({ "cassettes/main.json": `[{"connection":"main"}]` }), "cassette_invalid"],
    ["a hidden file", () => good({ ".env": "x" }), "path_invalid"],
    ["a file that is no text", () => good({ "README.md": "a\u0000b" }), "file_invalid"],
    ["a file that is too large", () => good({ "README.md": "x".repeat(300_000) }), "size_limit"],
    [
      "a value other than its schema promises",
      () =>
        good(
          {
            "adapter.test.ts": `import { expect, test } from "@burgeon/sdk/test";\ntest("runs", async ({ run }) => {\n  expect(await run("list_scores")).toBeDefined();\n});\n`,
          },
          `export default { async list_scores() { return { items: [{ player: 1 }] }; }, async get_score() { return null; } };\n`,
        ),
      "output_invalid",
    ],
  ];
  it.each(faults)("finds %s", async (_name, files, code) => {
    const { report } = await checkModule(files(), { place: { category: "gaming", name: "test-game" } });
    expect(report.ok).toBe(false);
    expect(report.findings.map((finding) => finding.code)).toContain(code);
    expect(JSON.stringify(report)).not.toContain("AKIAABCDEFGHIJKLMNOP");
  });

  it("points at the line of a failing test", async () => {
    const test = `import { expect, test } from "@burgeon/sdk/test";\n\ntest("counts", async ({ run }) => {\n  expect((await run("list_scores")).items.length).toBe(2);\n});\n`;
    const { report } = await checkModule(good({ "adapter.test.ts": test }));
    expect(report.findings[0]).toMatchObject({ code: "test_failed", file: "adapter.test.ts", line: 4 });
  });
});

describe("the digest", () => {
  it("changes with every byte, every name and every boundary, and not with the order of files", () => {
    const files = { "a.ts": "one", "b.ts": "two" };
    const digest = digestOf(files);
    expect(digestOf({ "b.ts": "two", "a.ts": "one" })).toBe(digest);
    const others: ModuleFiles[] = [
      { "a.ts": "one ", "b.ts": "two" },
      { "a.ts": "one" },
      { "a.tsb.ts": "onetwo" },
      { "a.ts": "one2:b", s: "two" },
      { "A.ts": "one", "b.ts": "two" },
    ];
    for (const other of others) expect(digestOf(other)).not.toBe(digest);
  });
});
