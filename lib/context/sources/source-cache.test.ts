import { beforeEach, describe, expect, it } from "vitest";
import { AppError } from "@/lib/contracts/errors";
import { clearSources, readCached } from "./source-cache";

const start = Date.parse("2026-11-27T12:00:00Z");
const at = (minutes: number) => new Date(start + minutes * 60_000);
const never = new AbortController().signal;

let asked: string[];
beforeEach(() => {
  clearSources();
  asked = [];
});

function read(
  more: {
    userId?: string;
    source?: string;
    args?: unknown;
    minutes?: number;
    signal?: AbortSignal;
    timeoutMs?: number;
    load?: (signal: AbortSignal) => Promise<string>;
  } = {},
) {
  const { userId = "ann", source = "weather", args = "home", minutes = 0, signal = never, timeoutMs = 5_000 } = more;
  return readCached({
    ...{ userId, source, title: "the sky", args, freshMs: 10 * 60_000, timeoutMs, now: at(minutes), signal },
    load: async (own) => {
      asked.push(`${userId} ${source} ${JSON.stringify(args)}`);
      return more.load ? more.load(own) : `${source} ${asked.length}`;
    },
  });
}
const fail =
  (code: "unavailable" | "rate-limited" = "unavailable", retryAfterMs?: number) =>
  () =>
    Promise.reject(new AppError(code, "It does not answer.", retryAfterMs === undefined ? {} : { retryAfterMs }));

describe("what was read", () => {
  it("is asked once while it is fresh, and again after", async () => {
    expect((await read()).value).toBe("weather 1");
    expect((await read({ minutes: 9 })).value).toBe("weather 1");
    expect((await read({ minutes: 10 })).value).toBe("weather 2");
  });

  it("is never given to another person, another source or other arguments", async () => {
    const reads = [{}, { userId: "bob" }, { source: "route" }, { args: "work" }, { args: ["home"] }];
    for (const one of reads) await read(one);
    expect(new Set(asked).size).toBe(reads.length);
    for (const one of reads) await read(one);
    expect(asked).toHaveLength(reads.length);
  });

  it("is asked once by many who come at the same time", async () => {
    const values = await Promise.all([read(), read(), read()]);
    expect(asked).toHaveLength(1);
    expect(new Set(values.map(({ value }) => value)).size).toBe(1);
  });
});

describe("a source that fails", () => {
  it("leaves the last value, with its time and with what went wrong", async () => {
    await read();
    const old = await read({ minutes: 11, load: fail() });
    expect(old).toMatchObject({ value: "weather 1", readAt: at(0), failure: { message: "It does not answer." } });
    expect(await read({ minutes: 12 })).toMatchObject({ value: "weather 3", failure: null });
  });

  it("has no value after six hours, nor when it never had one", async () => {
    await expect(read({ load: fail() })).rejects.toMatchObject({ code: "unavailable" });
    clearSources();
    await read();
    await expect(read({ minutes: 361, load: fail() })).rejects.toMatchObject({ code: "unavailable" });
  });

  it("is left alone for a moment, and as long as it asked for", async () => {
    await expect(read({ load: fail() })).rejects.toThrow();
    await expect(read({ minutes: 0.4 })).rejects.toThrow();
    expect(asked).toHaveLength(1);
    expect((await read({ minutes: 0.6 })).value).toBe("weather 2");
    await expect(read({ args: "limited", load: fail("rate-limited", 5 * 60_000) })).rejects.toThrow();
    await expect(read({ args: "limited", minutes: 4 })).rejects.toMatchObject({ code: "rate-limited" });
    expect((await read({ args: "limited", minutes: 6 })).failure).toBeNull();
  });

  it("fails for itself: others are read as ever", async () => {
    await expect(read({ load: fail() })).rejects.toThrow();
    expect((await read({ source: "route" })).failure).toBeNull();
  });
});

describe("a source that is slow", () => {
  it("is left after its time, also when it does not look at its signal", async () => {
    await expect(read({ timeoutMs: 20, load: () => new Promise(() => undefined) })).rejects.toThrow(
      "The sky took longer than 1 s",
    );
  });

  it("goes on for the others when one of those who wait has gone", async () => {
    const gone = new AbortController();
    const answer = Promise.withResolvers<string>();
    const load = () => answer.promise;
    const [first, second] = [read({ signal: gone.signal, load }), read({ load })];
    const left = expect(first).rejects.toThrow("gone");
    gone.abort(new Error("gone"));
    await left;
    answer.resolve("late");
    expect((await second).value).toBe("late");
    expect(asked).toHaveLength(1);
  });
});
