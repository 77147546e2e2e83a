import "./testing";
import { afterAll, describe, expect, it } from "vitest";
import type { SandboxRequest } from "@/lib/contracts/sandbox";
import { createSandbox } from "./host";
import { type ModuleTestRun, runModuleTests } from "./run-tests";

const sandbox = createSandbox({ workers: 1 });
afterAll(() => sandbox.close());

const adapter = `import { defineModule, ensureOk } from "@burgeon/sdk";
export default defineModule({
  async list(ctx, input: { page: number }) {
    const reply = ensureOk(await ctx.http.api!.request({ path: "/items", query: { page: input.page } }));
    return reply.json<{ id: number }[]>().map(({ id }) => ({ id: String(id), at: ctx.now }));
  },
  async broken() {
    throw new Error("not today");
  },
});`;

const asked: SandboxRequest[] = [];
const run = (tests: string, more: Partial<ModuleTestRun> = {}) =>
  runModuleTests({
    files: { "adapter.ts": adapter, "adapter.test.ts": `import { expect, test } from "@burgeon/sdk/test";\n${tests}` },
    connections: ["api"],
    now: "2026-01-02T03:04:05Z",
    onRequest: async (_connection, request) => {
      asked.push(request);
      return { status: 200, headers: {}, body: '[{"id":1}]' };
    },
    sandbox,
    ...more,
  });

describe("the tests of a module", () => {
  it("run against given replies, at a given time, and tell which operations they used", async () => {
    asked.length = 0;
    const report = await run(`test("lists", async ({ run }) => {
      expect(await run("list", { page: 2 })).toEqual([{ id: "1", at: "2026-01-02T03:04:05Z" }]);
    });
    test("breaks", async ({ run }) => { await expect(run("broken")).rejects.toThrow("not today"); });`);
    expect(report).toMatchObject({ ok: true, findings: [], operationsRun: ["list", "broken"], usage: { requests: 1 } });
    expect(report.tests.map(({ name, ok }) => [name, ok])).toEqual([
      ["lists", true],
      ["breaks", true],
    ]);
    expect(asked).toMatchObject([{ path: "/items", query: { page: 2 } }]);
  });

  it("that fail are findings with the line of the assertion", async () => {
    const report = await run(`test("good", async () => {});
test("lists", async ({ run }) => {
  expect(await run("list", { page: 1 })).toEqual([]);
});`);
    expect(report).toMatchObject({
      ok: false,
      tests: [
        { name: "good", ok: true },
        { name: "lists", ok: false, file: "adapter.test.ts", line: 4 },
      ],
      findings: [{ code: "test_failed", file: "adapter.test.ts", line: 4, hint: expect.any(String) }],
    });
    expect(report.findings[0]?.message).toMatch(
      /^The test "lists" failed: expect\(\[.*\]\)\.toEqual\(\[\]\) does not hold/,
    );
  });

  it("point into the adapter when it throws", async () => {
    const report = await run('test("a", async ({ run }) => { await run("broken"); });');
    expect(report.findings).toMatchObject([
      { file: "adapter.ts", line: 8, message: expect.stringContaining("not today") },
    ]);
  });

  it("see a request that no reply was given for as an error", async () => {
    const report = await run('test("a", async ({ run }) => { await run("list", { page: 1 }); });', {
      onRequest: async () => ({ error: { code: "no_cassette", message: "No cassette fits GET /items." } }),
    });
    expect(report.findings).toMatchObject([{ message: expect.stringContaining("No cassette fits GET /items.") }]);
  });

  it("each begin anew: nothing of one test is left for the next", async () => {
    const report = await run(`let count = 0;
test("one", () => { count += 1; (globalThis as { left?: number }).left = 1; expect(count).toBe(1); });
test("two", () => { count += 1; expect(count).toBe(1); expect((globalThis as { left?: number }).left).toBeUndefined(); });`);
    expect(report.ok).toBe(true);
  });

  it("tell before each where the replies start again", async () => {
    const order: string[] = [];
    await run('test("a", async () => {}); test("b", async () => {});', { beforeTest: (name) => order.push(name) });
    expect(order).toEqual(["a", "b"]);
  });
});

describe("what is no success", () => {
  it("no test", async () => {
    expect(await run("")).toMatchObject({ ok: false, tests: [], findings: [{ code: "no_tests" }] });
  });

  it("tests that are only declared when another runs", async () => {
    expect(await run("const never = () => test('a', () => {}); export default never;")).toMatchObject({
      findings: [{ code: "no_tests" }],
    });
  });

  it("an operation that is not there", async () => {
    expect(await run('test("a", async ({ run }) => { await run("missing"); });')).toMatchObject({
      ok: false,
      operationsRun: [],
    });
  });

  it("a test that never ends, and those after it still run", async () => {
    const report = await run(
      'test("loops", () => { for (;;) {} });\ntest("waits", () => new Promise(() => {}));\ntest("good", () => {});',
      {
        limits: { cpuMs: 200 },
      },
    );
    expect(report.ok).toBe(false);
    expect(report.tests.map(({ ok, message }) => [ok, message?.split(":")[0]])).toEqual([
      [false, "cpu_timeout"],
      [false, "deadlock"],
      [true, undefined],
    ]);
  });

  it("a file that fails while it is loaded", async () => {
    const report = await run("\nthrow new Error('at the top');");
    expect(report).toMatchObject({ ok: false, findings: [{ code: "test_failed", file: "adapter.test.ts", line: 3 }] });
  });

  it("a source that does not compile", async () => {
    const report = await run('import "node:fs";');
    expect(report).toMatchObject({
      ok: false,
      error: { code: "build_rejected" },
      findings: [{ code: "import_denied", line: 2 }],
    });
  });

  it("more tests than anybody reads", async () => {
    expect(await run("for (let n = 0; n < 201; n++) test(String(n), () => {});")).toMatchObject({
      findings: [{ code: "size_limit" }],
    });
  });

  it("a promise that was not awaited counts when it fails in time", async () => {
    const report = await run(
      'test("a", async ({ run }) => { await expect(run("list", { page: 1 })).resolves.toHaveLength(2); });',
    );
    expect(report.ok).toBe(false);
  });
});
