import "./testing";
import { afterAll, describe, expect, it } from "vitest";
import { executeCode } from "./execute-code";
import { createSandbox } from "./host";

const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());
const run = (source: string, limits = {}) => executeCode(source, { sandbox, limits });

describe("the value of a piece of code", () => {
  it.each<[source: string, value: unknown]>([
    ["1 + 1", 2],
    ["const a = [3, 1, 2]; a.sort(); a", [1, 2, 3]],
    ["return [3, 1, 2].sort()", [1, 2, 3]],
    ["const f = async () => 5; return await f()", 5],
    ["await Promise.resolve(7)", null],
    ["Promise.resolve(7)", 7],
    ["", null],
    ["undefined", null],
    ["10n ** 20n", "100000000000000000000"],
    ["new Map([['a', 1]])", [["a", 1]]],
    ["new Set([1, 2])", [1, 2]],
    ["new Date(0)", "1970-01-01T00:00:00.000Z"],
    ["(x) => x", "(x) => x"],
    ["({ a: undefined, b: 1 })", { b: 1 }],
    ["({ message: 'an object', line: 3 })", { message: "an object", line: 3 }],
    ["'text'.split('').reverse().join('')", "txet"],
  ])("%s", async (source, value) => {
    expect(await run(source)).toMatchObject({ ok: true, value });
  });

  it("comes with what was printed", async () => {
    const result = await run("console.log('a', 1, { b: 2 }); console.error(new TypeError('t')); 3");
    expect(result).toMatchObject({
      ok: true,
      value: 3,
      logs: [
        { level: "info", message: 'a 1 {"b":2}' },
        { level: "error", message: "TypeError: t" },
      ],
    });
  });
});

describe("an error has the line of the source", () => {
  it.each<[source: string, message: string, line: number]>([
    ["const a = 1;\nconst b = null;\nb.x", "TypeError: cannot read property 'x' of null", 3],
    ["const b = null;\nreturn b.x", "TypeError: cannot read property 'x' of null", 2],
    ["\n\nthrow new Error('mine')", "mine", 3],
    ["fetch('https://x.example')", "ReferenceError: fetch is not defined", 1],
    ["const a = ;", "SyntaxError: unexpected token in expression: ';'", 1],
  ])("%j", async (source, message, line) => {
    const result = await run(source);
    expect(result).toMatchObject({ ok: false, error: { code: "guest_error", line } });
    if (!result.ok) expect(result.error.message).toBe(message);
  });
});

describe("limits end in codes", () => {
  it.each<[source: string, code: string]>([
    ["for (;;) {}", "cpu_timeout"],
    ["const f = () => f() + 1; f()", "stack_overflow"],
    ["const a = []; for (;;) a.push({})", "memory_limit"],
    ["new Promise(() => {})", "deadlock"],
    ["'x'.repeat(100000)", "output_limit"],
    ["for (;;) console.log('x')", "log_limit"],
    ["const a = {}; a.a = a; a", "bad_result"],
  ])("%s", async (source, code) => {
    expect(await run(source, { cpuMs: 300, memoryBytes: 16 * 1024 * 1024 })).toMatchObject({
      ok: false,
      error: { code },
    });
  });

  it("code that is too long is not run", async () => {
    expect(await run(" ".repeat(70_000))).toMatchObject({ ok: false, error: { code: "build_rejected" } });
  });

  it("a stop of the caller rejects", async () => {
    await expect(
      executeCode("for (;;) {}", { sandbox, signal: AbortSignal.abort(new Error("stopped")) }),
    ).rejects.toThrow("stopped");
  });
});
