import "./testing";
import { afterAll, describe, expect, it, onTestFinished } from "vitest";
import type { SandboxCall, SandboxResponse } from "@/lib/contracts/sandbox";
import { createSandbox, type SandboxOptions } from "./host";

const now = "2026-01-02T03:04:05Z";
const module = (body: string) => `var __burgeonModule = { default: { async go(ctx, input) {\n${body}\n} } };`;
const call = (body: string, more: Partial<SandboxCall> = {}): SandboxCall => ({
  code: module(body),
  operation: "go",
  inputJson: "{}",
  connections: ["api"],
  now,
  onRequest: async () => ({ status: 200, headers: { "x-a": "1" }, body: '{"b":2}' }),
  ...more,
});

function open(options: SandboxOptions = {}) {
  const sandbox = createSandbox({ workers: 1, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** A native loop that never asks the engine whether it should stop. */
const nativeLoop = 'const s = "a".repeat(1 << 21); for (;;) s.lastIndexOf("b" + s);';

describe("one call", () => {
  it("gets input, config, connections, time and ids, and gives value, logs and usage", async () => {
    const body = `const r = await ctx.http.api.request({ path: "/p", query: { a: [1, "x"], none: undefined }, headers: { h: "v" }, json: { j: 1 } });
    ctx.log.warn("seen", { status: r.status });
    return { input, config: ctx.config, now: ctx.now, reply: r.json(), header: r.headers["x-a"], ok: r.ok, text: r.text(),
      at: ctx.time.parseLocal("2026-03-08T02:30", "America/New_York"), local: ctx.time.format("2026-07-08T02:30Z", "Europe/Berlin"), id: ctx.uuid() };`;
    const seen: unknown[] = [];
    const result = await open().run(
      call(body, {
        inputJson: '{"a":1}',
        config: { unit: "C" },
        onRequest: async (connection, request) => {
          seen.push([connection, request]);
          return { status: 200, headers: { "x-a": "1" }, body: '{"b":2}' };
        },
      }),
    );
    expect(seen).toEqual([
      ["api", { method: "GET", path: "/p", query: { a: [1, "x"] }, headers: { h: "v" }, json: { j: 1 } }],
    ]);
    expect(result).toMatchObject({
      ok: true,
      value: {
        input: { a: 1 },
        config: { unit: "C" },
        now,
        reply: { b: 2 },
        header: "1",
        ok: true,
        text: '{"b":2}',
        at: "2026-03-08T07:30:00.000Z",
        local: "2026-07-08T04:30:00+02:00",
        id: expect.stringMatching(/^[0-9a-f]{8}-/),
      },
      logs: [{ level: "warn", message: "seen", data: { status: 200 } }],
      usage: { requests: 1 },
    });
  });

  it("keeps the logs of a call that failed", async () => {
    const result = await open().run(call('ctx.log.info("before"); throw new Error("no");'));
    expect(result).toMatchObject({
      ok: false,
      error: { code: "guest_error", message: "no" },
      logs: [{ message: "before" }],
    });
  });

  it("is repeatable when it is deterministic, and frozen in time", async () => {
    const body = "return [Date.now(), new Date().toISOString(), Math.random(), Math.random(), ctx.uuid(), ctx.uuid()];";
    for (const engine of ["quickjs-wasi", "quickjs-emscripten"] as const) {
      const sandbox = open({ engine });
      const [first, second] = [
        await sandbox.run(call(body, { deterministic: true })),
        await sandbox.run(call(body, { deterministic: true })),
      ];
      expect(first).toMatchObject({
        ok: true,
        value: [
          Date.parse(now),
          "2026-01-02T03:04:05.000Z",
          expect.any(Number),
          expect.any(Number),
          expect.any(String),
          expect.any(String),
        ],
      });
      if (!first.ok || !second.ok) throw new Error("unreachable");
      expect(second.value).toEqual(first.value);
      const other = await sandbox.run(call("return [Math.random(), ctx.uuid()];"));
      const again = await sandbox.run(call("return [Math.random(), ctx.uuid()];"));
      expect(other).not.toEqual(again);
    }
  });

  it("that fails on the host's side rejects: that is no fault of the guest", async () => {
    const sandbox = open();
    const failing = call('try { await ctx.http.api.request({ path: "/" }); } catch { return "hidden"; }', {
      onRequest: async () => {
        throw new Error("database is down");
      },
    });
    await expect(sandbox.run(failing)).rejects.toThrow("database is down");
    expect(await sandbox.run(call("return 1;"))).toMatchObject({ ok: true });
  });

  it("with a limit or an instant that makes no sense rejects", async () => {
    const sandbox = open();
    await expect(sandbox.run(call("return 1;", { limits: { cpuMs: -1 } }))).rejects.toThrow(RangeError);
    await expect(sandbox.run(call("return 1;", { now: "yesterday" }))).rejects.toThrow(RangeError);
  });

  it("of far too much code is refused", async () => {
    const result = await open().run(call("return 1;", { code: "/".repeat(3_000_000) }));
    expect(result).toMatchObject({ ok: false, error: { code: "build_rejected" } });
  });
});

describe("the caller can stop a call", () => {
  it("that computes", async () => {
    const sandbox = open({ limits: { cpuMs: 60_000 } });
    const stop = new AbortController();
    const running = sandbox.run(
      call('await ctx.http.api.request({ path: "/" }); for (;;) {}', {
        signal: stop.signal,
        onRequest: async () => {
          setImmediate(() => stop.abort(new Error("stopped")));
          return { status: 200, headers: {}, body: "" };
        },
      }),
    );
    await expect(running).rejects.toThrow("stopped");
    expect(await sandbox.run(call("return 1;"))).toMatchObject({ ok: true, value: 1 });
  });

  it("that waits, and the request hears of it", async () => {
    const sandbox = open();
    const stop = new AbortController();
    let heard = false;
    const running = sandbox.run(
      call('await ctx.http.api.request({ path: "/" });', {
        signal: stop.signal,
        onRequest: (_connection, _request, signal) =>
          new Promise<SandboxResponse>((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              heard = true;
              reject(signal.reason);
            });
            stop.abort(new Error("stopped"));
          }),
      }),
    );
    await expect(running).rejects.toThrow("stopped");
    expect(heard).toBe(true);
  });

  it("that was never begun", async () => {
    await expect(open().run(call("return 1;", { signal: AbortSignal.abort(new Error("stopped")) }))).rejects.toThrow(
      "stopped",
    );
  });

  it("that still waits for a worker", async () => {
    const sandbox = open({ limits: { cpuMs: 300 } });
    const stop = new AbortController();
    const busy = sandbox.run(call("for (;;) {}"));
    const waiting = sandbox.run(call("return 1;", { signal: stop.signal }));
    setImmediate(() => stop.abort(new Error("stopped")));
    await expect(waiting).rejects.toThrow("stopped");
    expect(await busy).toMatchObject({ error: { code: "cpu_timeout" } });
  });
});

describe("the wall stands between calls", () => {
  it("calls at the same time see only their own", async () => {
    const sandbox = open({ workers: 2 });
    const body = `globalThis.mine = input.n; Array.prototype.foreign = (Array.prototype.foreign ?? 0) + 1;
      const r = await ctx.http.api.request({ path: "/" + input.n }); ctx.log.info("n" + input.n);
      return [globalThis.mine, r.text(), [].foreign];`;
    const calls = Array.from({ length: 24 }, (_, n) =>
      sandbox.run(
        call(body, {
          inputJson: JSON.stringify({ n }),
          onRequest: async (_connection, { path }) => ({ status: 200, headers: {}, body: path }),
        }),
      ),
    );
    for (const [n, result] of (await Promise.all(calls)).entries())
      expect(result).toMatchObject({ ok: true, value: [n, `/${n}`, 1], logs: [{ message: `n${n}` }] });
  });

  it("a call that waits for an answer gives way to one that computes", async () => {
    const sandbox = open({ workers: 1 });
    let answer: (response: SandboxResponse) => void = () => undefined;
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const waiting = sandbox.run(
      call('return (await ctx.http.api.request({ path: "/" })).status;', {
        onRequest: () => {
          asked();
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      }),
    );
    await isAsked;
    expect(await sandbox.run(call("return 1;"))).toMatchObject({ ok: true, value: 1 });
    answer({ status: 204, headers: {}, body: "" });
    expect(await waiting).toMatchObject({ ok: true, value: 204 });
  });

  it("the host goes on while the guest computes", async () => {
    const sandbox = open();
    const attack = sandbox.run(call(nativeLoop, { limits: { cpuMs: 200 } }));
    const turns = async () => {
      for (let turn = 0; turn < 1_000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return "host";
    };
    expect(await Promise.race([attack, turns()])).toBe("host");
    expect(await attack).toMatchObject({ error: { code: "cpu_timeout" } });
  });

  it("a worker that was killed is replaced, again and again", async () => {
    const sandbox = open();
    for (let round = 0; round < 3; round += 1) {
      expect(await sandbox.run(call(nativeLoop, { limits: { cpuMs: 100 } }))).toMatchObject({
        error: { code: "cpu_timeout" },
      });
      expect(await sandbox.run(call("return 1;"))).toMatchObject({ ok: true, value: 1 });
    }
  });

  it("one killed worker takes no other call with it", async () => {
    const sandbox = open({ workers: 2 });
    const [bad, ...good] = await Promise.all([
      sandbox.run(call(nativeLoop, { limits: { cpuMs: 100 } })),
      ...Array.from({ length: 6 }, () => sandbox.run(call("return 1;"))),
    ]);
    expect(bad).toMatchObject({ error: { code: "cpu_timeout" } });
    for (const result of good) expect(result).toMatchObject({ ok: true, value: 1 });
  });
});

describe("a closed sandbox", () => {
  it("ends what runs and takes nothing new", async () => {
    const sandbox = createSandbox({ workers: 1, limits: { cpuMs: 60_000, wallMs: 60_000 } });
    const running = sandbox.run(call("for (;;) {}"));
    const queued = sandbox.run(call("return 1;"));
    // Both reject with it; nobody may be left waiting.
    const ends = Promise.allSettled([running, queued]);
    await new Promise((resolve) => setImmediate(resolve));
    await sandbox.close();
    expect((await ends).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(sandbox.run(call("return 1;"))).rejects.toThrow("closed");
  });

  it("without a runtime says so", async () => {
    const sandbox = createSandbox({ runtimeDirectory: "/nonexistent" });
    afterAll(() => sandbox.close());
    await expect(sandbox.run(call("return 1;"))).rejects.toThrow("cannot start its workers");
  });
});
