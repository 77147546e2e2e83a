import type { Ctx } from "./context";
import { type Expectation, makeExpectation } from "./expect";
import type { ModuleOperations } from "./module";

/** What a test gets. Requests are answered from the module's cassettes; clock and randomness are the same in every run. */
export interface TestContext {
  /** Runs one operation of the module as the host would, and gives its result as the host would receive it: as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: the test knows what its operation returns.
  run<Result = any>(operation: string, input?: unknown): Promise<Result>;
  ctx: Ctx;
}

type TestBody = (context: TestContext) => Promise<void> | void;

/** How one test ended, as the host reads it. */
export interface TestOutcome {
  ok: boolean;
  message?: string;
  stack?: string;
  /** Operations that `run` was asked for and that ended, in order. */
  operationsRun: string[];
}

const tests: { name: string; body: TestBody }[] = [];

/** Declares a test. Each runs in a fresh virtual machine. */
export function test(name: string, body: TestBody): void {
  tests.push({ name, body });
}

/** Says what a value has to be: `expect(value).toEqual(...)`, `expect(value).not.toBe(...)`, `await expect(promise).rejects.toThrow(...)`. */
export function expect(actual: unknown): Expectation {
  return makeExpectation(actual);
}

/** For the host: the names of all tests, in order. */
export function listTests(): string[] {
  return tests.map(({ name }) => name);
}

/** For the host: runs one test. Never throws. */
export async function runTest(index: number, module: ModuleOperations, ctx: Ctx): Promise<TestOutcome> {
  const operationsRun: string[] = [];
  const run = async <Result>(operation: string, input: unknown = {}): Promise<Result> => {
    const body = module[operation];
    if (typeof body !== "function") throw new Error(`The module has no operation "${operation}".`);
    const copy: unknown = JSON.parse(JSON.stringify(input));
    try {
      const result = JSON.stringify(await body.call(module, ctx, copy));
      if (result === undefined) throw new Error(`The operation "${operation}" returned nothing that JSON can carry.`);
      return JSON.parse(result);
    } finally {
      if (!operationsRun.includes(operation)) operationsRun.push(operation);
    }
  };
  try {
    const found = tests[index];
    if (!found) throw new Error("There is no such test.");
    await found.body({ run, ctx });
    return { ok: true, operationsRun };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : { message: `${String(error)} was thrown`, stack: "" };
    const name =
      error instanceof Error && error.name !== "Error" && error.name !== "ExpectationError" ? `${error.name}: ` : "";
    return {
      ok: false,
      message: `${name}${message}`.slice(0, 2_000),
      stack: (stack ?? "").slice(0, 4_000),
      operationsRun,
    };
  }
}
