import "./testing";
import { afterAll, describe, expect, it } from "vitest";
import { compileModule, compileTests } from "./compile";
import { createSandbox } from "./host";

const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());

async function findings(files: Record<string, string>) {
  const compiled = await compileModule(files);
  return compiled.ok ? [] : compiled.findings;
}

async function run(files: Record<string, string>, operation: string, input: unknown = {}) {
  const compiled = await compileModule(files);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.findings));
  return sandbox.run({
    code: compiled.code,
    operation,
    inputJson: JSON.stringify(input),
    connections: [],
    now: "2026-01-02T03:04:05Z",
  });
}

describe("a module becomes one script", () => {
  it("with its files, JSON and the SDK", async () => {
    const files = {
      "adapter.ts": `import { toMinor } from "@burgeon/sdk";
import { double } from "./math/double";
import names from "./names.json";
export default { async go(_ctx: unknown, input: { amount: string }) { return { minor: double(toMinor(input.amount, "EUR")), names }; } };`,
      "math/double.ts": "export const double = (value: number) => value * 2;",
      "names.json": '["a"]',
      "README.md": "text",
    };
    expect(await run(files, "go", { amount: "1.50" })).toMatchObject({ ok: true, value: { minor: 300, names: ["a"] } });
  });

  it("and its errors keep file and line of the source", async () => {
    const files = {
      "adapter.ts": 'import { first } from "./read";\nexport default { async go() { return first([]); } };',
      "read.ts":
        "interface Item { name: string }\n\n// A comment.\nexport function first(items: Item[]): string {\n  return (items[0] as Item).name;\n}",
    };
    expect(await run(files, "go")).toMatchObject({
      ok: false,
      error: { code: "guest_error", file: "read.ts", line: 5 },
    });
  });

  it("and the same sources always give the same bytes", async () => {
    const files = { "adapter.ts": "export default { async go() { return 1; } };" };
    expect(await compileModule(files)).toEqual(await compileModule({ ...files }));
  });

  it("and a text that looks like our source map changes nothing", async () => {
    const files = { "adapter.ts": "export default { async go() { return `\n//# burgeonMap=AAAA`; } };" };
    expect(await run(files, "go")).toMatchObject({ ok: true, value: "\n//# burgeonMap=AAAA" });
  });
});

describe("imports reach the SDK and the module's own files only", () => {
  it.each([
    'import fs from "node:fs"; export default fs;',
    'import data from "/etc/passwd" with { type: "text" }; export default data;',
    'import data from "../../../../package.json"; export default data;',
    'import x from "zod"; export default x;',
    'import x from "@burgeon/sdk/test"; export default x;',
    'import x from "@burgeon/sdk/canonical"; export default x;',
    'import x from "./missing"; export default x;',
    'import x from "data:text/javascript,export default 1"; export default x;',
    'export * from "https://x.example/a.js";',
    'import x from "./script.js"; export default x;',
  ])("%s", async (source) => {
    const found = await findings({ "adapter.ts": `\n${source}`, "script.js": "export default 1;" });
    expect(found).toEqual([
      expect.objectContaining({ code: "import_denied", file: "adapter.ts", line: 2, hint: expect.any(String) }),
    ]);
  });

  it("names inherited from objects are no files", async () => {
    expect(await findings({ "adapter.ts": 'import x from "./constructor"; export default x;' })).toMatchObject([
      { code: "import_denied" },
    ]);
  });
});

describe("code out of text is refused", () => {
  it.each([
    'export default { go: () => eval("1") };',
    'export default { go: () => (0, eval)("1") };',
    'export default { go: () => globalThis.eval("1") };',
    'export default { go: () => new Function("return 1")() };',
    'export default { go: () => Function("return 1")() };',
    'const F = Function; export default { go: () => F("return 1")() };',
    'export default { go: () => (() => 1).constructor("return 1")() };',
    'export default { go: () => ({}).constructor.constructor("return 1")() };',
    'export default { go: () => [].map["constructor"]("return 1")() };',
    'export default { go: () => import("./adapter") };',
    "export default { go: (name: string) => require(name) };",
    'export default { go: () => require("fs") };',
  ])("%s", async (source) => {
    const found = await findings({ "adapter.ts": `// first line\n${source}` });
    expect(found[0]).toMatchObject({ code: "dynamic_code", file: "adapter.ts", line: 2, hint: expect.any(String) });
  });

  it("a class with a constructor, `instanceof Function` and a property named eval are fine", async () => {
    const source = `class A { constructor(readonly x: number) {} }
class B extends A { constructor() { super(1); } }
export default { async go() { return [new B().x, (() => 1) instanceof Function, { eval: 2 }.eval, typeof Function]; } };`;
    expect(await run({ "adapter.ts": source }, "go")).toMatchObject({ ok: true, value: [1, true, 2, "function"] });
  });
});

describe("sources that are no module end in findings", () => {
  it("a missing entry", async () => {
    expect(await findings({ "other.ts": "" })).toMatchObject([{ code: "file_missing", file: "adapter.ts" }]);
  });

  it("a syntax error, with its line", async () => {
    expect(await findings({ "adapter.ts": "export default {\n  go( {\n};" })).toMatchObject([
      { code: "compile_error", file: "adapter.ts", line: 3 },
    ]);
  });

  it("no default export", async () => {
    expect(await findings({ "adapter.ts": "export const x = 1;" })).toMatchObject([
      { code: "compile_error", file: "adapter.ts", hint: expect.stringContaining("defineModule") },
    ]);
  });

  it("too large, nested too deeply, strange names", async () => {
    expect(await findings({ "adapter.ts": `export default ${JSON.stringify("a".repeat(70_000))};` })).toMatchObject([
      { code: "size_limit" },
    ]);
    expect(await findings({ "adapter.ts": `\nexport default ${"[".repeat(500)}` })).toMatchObject([
      { code: "size_limit", line: 2 },
    ]);
    expect(await findings({ "adapter.ts": "export default {};", "../x.ts": "" })).toMatchObject([
      { code: "file_name" },
    ]);
  });

  it("sources that keep the compiler busy for ever, and the next module compiles", async () => {
    expect(await findings({ "adapter.ts": `export default ${"x=>".repeat(20_000)}1;` })).toMatchObject([
      { code: "compile_timeout" },
    ]);
    expect(await findings({ "adapter.ts": "export default {};" })).toEqual([]);
  }, 30_000);
});

describe("tests are bundled with the module", () => {
  it("and only test files may import the test door", async () => {
    const files = {
      "adapter.ts": "export default { async go() { return 1; } };",
      "adapter.test.ts": 'import { test } from "@burgeon/sdk/test"; test("a", async () => {});',
      "more.test.ts": 'import { test } from "@burgeon/sdk/test"; test("b", async () => {});',
    };
    const compiled = await compileTests(files);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.findings));
    const call = { code: compiled.code, inputJson: "null", connections: [], now: "2026-01-02T03:04:05Z" };
    expect(await sandbox.run({ ...call, operation: "list" })).toMatchObject({ ok: true, value: ["a", "b"] });
  });
});
