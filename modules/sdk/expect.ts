/** A broken expectation. */
export class ExpectationError extends Error {
  override name = "ExpectationError";
}

/** Every check throws when it does not hold. */
export interface Checks<Result> {
  toBe(expected: unknown): Result;
  /** Equal by content; a key of undefined counts as missing. */
  toEqual(expected: unknown): Result;
  /** Every key of `expected` is there with that content; arrays have the same length. */
  toMatchObject(expected: unknown): Result;
  /** Of a text or an array. */
  toContain(expected: unknown): Result;
  toMatch(expected: RegExp | string): Result;
  toHaveLength(expected: number): Result;
  toHaveProperty(name: string, expected?: unknown): Result;
  toBeGreaterThan(expected: number): Result;
  toBeGreaterThanOrEqual(expected: number): Result;
  toBeLessThan(expected: number): Result;
  toBeLessThanOrEqual(expected: number): Result;
  toBeCloseTo(expected: number, digits?: number): Result;
  toBeTruthy(): Result;
  toBeFalsy(): Result;
  toBeNull(): Result;
  toBeUndefined(): Result;
  toBeDefined(): Result;
  toBeInstanceOf(expected: abstract new (...parts: never[]) => unknown): Result;
  /** Of a function that is called, or of what a promise was rejected with. Text: part of the message, or the error's `code`. */
  toThrow(expected?: string | RegExp): Result;
}

export interface Expectation extends Checks<void> {
  not: Checks<void>;
  resolves: Checks<Promise<void>> & { not: Checks<Promise<void>> };
  rejects: Checks<Promise<void>> & { not: Checks<Promise<void>> };
}

type Check = (actual: unknown, ...expected: never[]) => boolean;

const checks: Record<keyof Checks<void>, Check> = {
  toBe: (actual, expected: unknown) => Object.is(actual, expected),
  toEqual: (actual, expected: unknown) => isEqual(actual, expected),
  toMatchObject: (actual, expected: unknown) => isMatch(actual, expected),
  toContain: (actual, expected: unknown) =>
    typeof actual === "string"
      ? actual.includes(String(expected))
      : Array.isArray(actual) && actual.some((item) => isEqual(item, expected)),
  toMatch: (actual, expected: RegExp | string) =>
    typeof actual === "string" && (typeof expected === "string" ? actual.includes(expected) : expected.test(actual)),
  toHaveLength: (actual, expected: number) => (actual as { length?: unknown } | null | undefined)?.length === expected,
  toHaveProperty: (actual, ...[name, expected]: [name?: string, expected?: unknown]) =>
    isObject(actual) &&
    name !== undefined &&
    name in actual &&
    (expected === undefined || isEqual(actual[name], expected)),
  toBeGreaterThan: (actual, expected: number) => typeof actual === "number" && actual > expected,
  toBeGreaterThanOrEqual: (actual, expected: number) => typeof actual === "number" && actual >= expected,
  toBeLessThan: (actual, expected: number) => typeof actual === "number" && actual < expected,
  toBeLessThanOrEqual: (actual, expected: number) => typeof actual === "number" && actual <= expected,
  toBeCloseTo: (actual, ...[expected, digits = 2]: [expected?: number, digits?: number]) =>
    typeof actual === "number" && Math.abs(actual - (expected ?? Number.NaN)) < 10 ** -digits / 2,
  toBeTruthy: (actual) => Boolean(actual),
  toBeFalsy: (actual) => !actual,
  toBeNull: (actual) => actual === null,
  toBeUndefined: (actual) => actual === undefined,
  toBeDefined: (actual) => actual !== undefined,
  toBeInstanceOf: (actual, expected: abstract new (...parts: never[]) => unknown) => actual instanceof expected,
  toThrow: (actual, expected?: string | RegExp) => throws(actual, expected),
};

/** See `expect` in test.ts. */
export function makeExpectation(actual: unknown): Expectation {
  return {
    ...bind(false, (run) => run(actual)),
    not: bind(true, (run) => run(actual)),
    resolves: both((run) => Promise.resolve(actual).then(run)),
    rejects: both((run) => rejectionOf(actual).then((error) => run(new Thrown(error)))),
  };
}

function both(apply: (run: (value: unknown) => void) => Promise<void>) {
  return { ...bind(false, apply), not: bind(true, apply) };
}

function bind<Result>(isNegated: boolean, apply: (run: (value: unknown) => void) => Result): Checks<Result> {
  const bound = {} as Record<string, (...expected: never[]) => Result>;
  for (const [name, check] of Object.entries(checks))
    bound[name] = (...expected) =>
      apply((received) => {
        const isThrown = received instanceof Thrown;
        const value = isThrown && name !== "toThrow" ? received.error : received;
        if (check(value, ...expected) !== isNegated) return;
        const shown = expected.map((part) => show(part)).join(", ");
        const subject = isThrown ? received.error : received;
        throw new ExpectationError(
          `expect(${show(subject)})${isNegated ? ".not" : ""}.${name}(${shown}) does not hold`,
        );
      });
  return bound as unknown as Checks<Result>;
}

/** What a promise was rejected with; keeps it apart from a value. */
class Thrown {
  constructor(readonly error: unknown) {}
}

async function rejectionOf(actual: unknown): Promise<unknown> {
  const promise = typeof actual === "function" ? Promise.resolve().then(() => actual()) : Promise.resolve(actual);
  return promise.then(
    (value) => {
      throw new ExpectationError(`a rejection was expected, but the promise gave ${show(value)}`);
    },
    (error) => error,
  );
}

function throws(actual: unknown, expected?: string | RegExp): boolean {
  let error: unknown;
  if (actual instanceof Thrown) error = actual.error;
  else {
    if (typeof actual !== "function")
      throw new ExpectationError("toThrow needs a function, or a promise with rejects.");
    try {
      actual();
      return false;
    } catch (caught) {
      error = caught;
    }
  }
  if (expected === undefined) return true;
  const message = error instanceof Error ? error.message : String(error);
  if (expected instanceof RegExp) return expected.test(message);
  return message.includes(expected) || (isObject(error) && error.code === expected);
}

function isEqual(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) return false;
  if (left instanceof Date || right instanceof Date)
    return left instanceof Date && right instanceof Date && left.getTime() === right.getTime();
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => isEqual(left[key], right[key]));
}

function isMatch(actual: unknown, expected: unknown): boolean {
  if (!isObject(expected)) return Object.is(actual, expected);
  if (!isObject(actual) || Array.isArray(actual) !== Array.isArray(expected)) return false;
  if (Array.isArray(expected) && Array.isArray(actual) && actual.length !== expected.length) return false;
  return Object.keys(expected).every((key) => isMatch(actual[key], expected[key]));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  if (value instanceof Error) return `${value.name}: ${value.message}`.slice(0, 300);
  if (value instanceof RegExp || typeof value === "function" || value === undefined) return String(value).slice(0, 100);
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch {
    text = undefined;
  }
  text ??= String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
