import "./testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "@/lib/contracts/finding";
import { closeTypeChecker, typeCheckModule, warmTypeChecker } from "./type-check";

beforeAll(warmTypeChecker);
afterAll(closeTypeChecker);

const adapter = (body: string, top = "") => ({
  "adapter.ts": `import { type Ctx, defineModule } from "@burgeon/sdk";\n${top}\nexport default defineModule({\n  async go(ctx: Ctx) {\n${body}\n  },\n});`,
});

const codes = (findings: Finding[]) => findings.map(({ code }) => code);

describe("a correct module", () => {
  it("has no findings, with its tests, a second file and JSON", async () => {
    const files = {
      ...adapter(
        `    const reply = ensureOk(await ctx.http.api!.request({ path: "/x", query: { a: [1, "b"], c: undefined } }));
    return { ...shape(reply.json<{ id: number }>()), count: table.length, day: ctx.time.format(ctx.now, "Europe/Berlin") };`,
        `import { ensureOk } from "@burgeon/sdk";\nimport { shape } from "./shape";\nimport table from "./table.json";`,
      ),
      "shape.ts": "export const shape = (raw: { id: number }) => ({ id: String(raw.id) });",
      "table.json": '[{"a":1}]',
      "adapter.test.ts": `import { expect, test } from "@burgeon/sdk/test";
test("goes", async ({ run }) => { expect((await run<{ id: string }>("go")).id).toBe("1"); });`,
      "README.md": "no source",
    };
    expect(await typeCheckModule(files)).toEqual([]);
  });
});

describe("what the sandbox lacks is a type error with a hint", () => {
  const missing: [expression: string, hint: RegExp][] = [
    ['await fetch("https://x.example")', /ctx\.http/],
    ["process.env.HOME", /ctx\.config/],
    ['new Intl.NumberFormat("de")', /ctx\.time/],
    ["setTimeout(() => 1, 5)", /no timers/],
    ['new URL("https://x.example")', /path and query/],
    ["console.log(1)", /ctx\.log/],
    ['Buffer.from("x")', /text/],
    ['require("fs")', /import/],
    ['btoa("x")', /authorization/],
    ["structuredClone({})", /JSON/],
    ["crypto.randomUUID()", /ctx\.uuid/],
    ['"ä".localeCompare("z")', /< and >/],
    ["(1).toLocaleString()", /ctx\.time/],
    ['new Date().toLocaleDateString("de")', /ctx\.time/],
    ["new SharedArrayBuffer(1)", /shared memory/],
    ["globalThis.document", /ctx\.config/],
    ["__dirname", /ctx\.config/],
  ];
  it.each(missing)("%s", async (expression, hint) => {
    const [finding, ...others] = await typeCheckModule(adapter(`    return ${expression};`));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: "type_error", file: "adapter.ts", line: 5 });
    expect(finding?.hint).toMatch(hint);
  });
});

describe("wrong types are findings with file and line", () => {
  it("a wrong argument, an unknown property, a missing return type", async () => {
    const findings = await typeCheckModule(
      adapter(
        "    const price: number = toMinor(12, 'EUR').foo;\n    ctx.nothing;",
        'import { toMinor } from "@burgeon/sdk";',
      ),
    );
    expect(findings).toEqual([
      expect.objectContaining({ code: "type_error", line: 5, file: "adapter.ts" }),
      expect.objectContaining({ code: "type_error", line: 5, file: "adapter.ts" }),
      expect.objectContaining({ code: "type_error", line: 6, message: expect.stringContaining("nothing") }),
    ]);
  });

  it("a syntax error", async () => {
    expect(codes(await typeCheckModule({ "adapter.ts": "export default {" }))).toEqual(["type_error"]);
  });

  it("the test's own errors", async () => {
    const findings = await typeCheckModule({
      ...adapter("    return 1;"),
      "adapter.test.ts": 'import { test } from "@burgeon/sdk/test";\n\ntest(5, async () => {});',
    });
    expect(findings).toEqual([expect.objectContaining({ file: "adapter.test.ts", line: 3 })]);
  });
});

describe("imports reach the SDK and the module's own files only", () => {
  it.each([
    "node:fs",
    "zod",
    "/etc/passwd",
    "../../lib/env",
    "@/lib/env",
    "./missing",
    "https://x.example/a.ts",
    "typescript",
  ])("%s is refused", async (name) => {
    const findings = await typeCheckModule(
      adapter("    return 1;", `import * as x from ${JSON.stringify(name)}; export const y = x;`),
    );
    expect(findings).toEqual([expect.objectContaining({ code: "import_denied", file: "adapter.ts", line: 2 })]);
    expect(findings[0]?.hint).toMatch(/@burgeon\/sdk/);
  });

  it("the test door is for test files", async () => {
    const findings = await typeCheckModule(adapter("    return test;", 'import { test } from "@burgeon/sdk/test";'));
    expect(findings).toEqual([
      expect.objectContaining({ code: "import_denied", hint: "Only test files (*.test.ts) may import it." }),
    ]);
  });

  it("no file of the module can take the SDK's or the library's place", async () => {
    const files = {
      ...adapter("    return 1;"),
      "../sdk/index.ts": "export {};",
      "../library.d.ts": "declare const fetch: () => void;",
    };
    expect(codes(await typeCheckModule(files))).toEqual(["file_name", "file_name"]);
  });
});

describe("what would get past the compiler is refused", () => {
  const refused: [what: string, code: string, top: string, body?: string][] = [
    ["@ts-ignore", "check_suppressed", "// @ts-ignore\nexport const x: number = 'a';"],
    ["@ts-expect-error", "check_suppressed", "/* @ts-expect-error */\nexport const x: number = 'a';"],
    ["@ts-nocheck", "check_suppressed", "// @ts-nocheck"],
    ["reference path", "reference_denied", '/// <reference path="/etc/passwd" />'],
    ["reference types", "reference_denied", '/// <reference types="node" />'],
    ["reference lib", "reference_denied", '/// <reference lib="dom" />'],
    ["declare module", "ambient_declaration", 'declare module "node:fs" { export const a: string; }'],
    ["declare global", "ambient_declaration", "declare global { var fetch: () => Promise<string>; }"],
    ["declare const", "ambient_declaration", "declare const process: { env: Record<string, string> };"],
    ["declare function", "ambient_declaration", "declare function fetch(address: string): Promise<string>;"],
    ["import()", "dynamic_code", "", 'return import("./adapter");'],
    ["import() of a variable", "dynamic_code", "", "const name: string = ctx.now; return import(name);"],
    ["eval", "dynamic_code", "", "return eval('1');"],
    ["indirect eval", "dynamic_code", "", "return (0, eval)('1');"],
    ["globalThis.eval", "dynamic_code", "", "return globalThis.eval('1');"],
    ["new Function", "dynamic_code", "", "return new Function('return 1')();"],
    ["Function under another name", "dynamic_code", "", "const make = Function; return make('return 1')();"],
  ];
  it.each(refused)("%s", async (_what, code, top, body = "return 1;") => {
    // A reference counts only at the top of a file.
    const { "adapter.ts": text } = adapter(body, code === "reference_denied" ? "" : top);
    const found = await typeCheckModule({ "adapter.ts": code === "reference_denied" ? `${top}\n${text}` : text });
    const refusal = found.find((finding) => finding.code === code);
    expect(refusal).toMatchObject({ file: "adapter.ts", line: expect.any(Number) });
    expect(refusal?.hint).toBeTruthy();
  });

  it("a declaration file", async () => {
    const found = await typeCheckModule({
      ...adapter("    return 1;"),
      "globals.d.ts": "declare var fetch: () => void;",
    });
    expect(codes(found)).toContain("ambient_declaration");
  });

  it("the harmless namesakes pass", async () => {
    const body =
      "    const table = { eval: 1 }; const f: Function | null = null; return [table.eval, (ctx as unknown) instanceof Function, f];";
    expect(await typeCheckModule(adapter(body))).toEqual([]);
  });
});

describe("hostile types and sources end in a finding", () => {
  it("a union bomb is stopped by the clock, and the next check works", async () => {
    const findings = await typeCheckModule({ "adapter.ts": unionBomb }, 1_500);
    expect(codes(findings)).toEqual(["type_check_timeout"]);
    expect(findings[0]?.hint).toMatch(/simpler types/);
    expect(await typeCheckModule(adapter("    return 1;"), 20_000)).toEqual([]);
  }, 60_000);

  it("a union bomb that is given time runs out of memory, and only its own thread dies", async () => {
    const findings = await typeCheckModule({ "adapter.ts": memoryBomb }, 60_000);
    expect(codes(findings)).toEqual(["type_check_memory"]);
    expect(await typeCheckModule(adapter("    return 1;"), 20_000)).toEqual([]);
  }, 90_000);

  it("types that double for ever end as findings of the compiler itself", async () => {
    const findings = await typeCheckModule(
      { "adapter.ts": "type T<X> = T<[X, X]>; export const x: T<1> = 1;" },
      20_000,
    );
    expect(findings.length).toBeGreaterThan(0);
  }, 60_000);

  it.each([
    ["brackets", "(".repeat(30_000)],
    ["long sources", "export const a = 1;\n".repeat(5_000)],
    ["many files' worth", "//".repeat(40_000)],
  ])("%s are refused before the compiler sees them", async (_what, text) => {
    expect(codes(await typeCheckModule({ "adapter.ts": text }))).toContain("size_limit");
  });

  it("endless chains of operators give an answer", async () => {
    for (const chain of [`export default ${"!".repeat(60_000)}1`, `export default ${"x=>".repeat(20_000)}1`]) {
      const findings = await typeCheckModule({ "adapter.ts": chain }, 10_000);
      expect(codes(findings).filter((code) => code.startsWith("type_"))).not.toEqual([]);
    }
  }, 60_000);
});

/** Two distributive unions of 1,000 × 100 members, assigned to each other. */
const unionBomb = `type D = "0"|"1"|"2"|"3"|"4"|"5"|"6"|"7"|"8"|"9";
type P<A extends string, B extends string, X> = A extends string ? B extends string ? { v: { a: A; x?: X }; w: { b: B } } : never : never;
export const bomb = (x: P<\`\${D}\${D}\${D}\`, \`\${D}\${D}\`, 1>): P<\`\${D}\${D}\${D}\`, \`\${D}\${D}\`, 2> => x;`;

/** Thirty unions of 100,000 objects each. */
const memoryBomb = `type D = "0"|"1"|"2"|"3"|"4"|"5"|"6"|"7"|"8"|"9";
type P<A extends string, B extends string, X> = A extends string ? B extends string ? { v: { a: A; x?: X }; w: { b: B } } : never : never;
${Array.from({ length: 30 }, (_, at) => `export const b${at} = (x: P<\`\${D}\${D}\${D}\`, \`\${D}\${D}\`, ${at}>) => x.v.a;`).join("\n")}`;
