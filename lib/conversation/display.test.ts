import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewEvent } from "@/lib/contracts/conversation";
import {
  answerOf,
  applyEvent,
  applyEvents,
  emptyConversation,
  foldConversation,
  unfinishedRuns,
  usageOf,
} from "./display";
import { arbitraryLog, supersededMark, toLog } from "./testing";

const inRun = (runId: string, ...events: NewEvent[]) => events.map((event) => ({ runId, event }));
const message: NewEvent = { type: "message-sent", payload: { text: "Hello", via: "browser" } };
const claimed: NewEvent = { type: "run-claimed", payload: { attempt: 1, worker: "worker-1" } };
const step = (attempt: number): NewEvent => ({
  type: "step-started",
  payload: { step: 1, attempt, model: "Scripted" },
});
const said = (attempt: number, text: string): NewEvent => ({
  type: "text-appended",
  payload: { step: 1, attempt, text },
});
const finishedStep = (attempt: number, tools: string[] = []): NewEvent => ({
  type: "step-finished",
  payload: {
    step: 1,
    attempt,
    finishReason: "stop",
    toolCalls: tools.map((tool, index) => ({ callId: `call_${index}`, tool, input: { index } })),
    usage: { inputTokens: 1, outputTokens: 2 },
    durationMs: 5,
  },
});

/** A step of a long run: it says something and calls a tool. */
function longStep(n: number): NewEvent[] {
  const callId = `call_${n}`;
  const usage = { inputTokens: 1, outputTokens: 2 };
  const toolCalls = [{ callId, tool: "look_up", input: {} }];
  const place = { step: n, attempt: 1 };
  return [
    { type: "step-started", payload: { ...place, model: "Scripted" } },
    { type: "text-appended", payload: { ...place, text: "Looking." } },
    { type: "step-finished", payload: { ...place, finishReason: "tool-calls", toolCalls, usage, durationMs: 1 } },
    { type: "tool-started", payload: { callId, tool: "look_up", title: "Look up", effect: "read", attempt: 1 } },
    { type: "tool-finished", payload: { callId, tool: "look_up", ok: true, output: {}, durationMs: 1 } },
  ];
}

/** Processor time of this thread: a busy machine makes nothing here longer. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

describe("what a person sees", () => {
  it("is the same read at once, event by event, or with an overlap after a lost connection", () => {
    fc.assert(
      fc.property(arbitraryLog, fc.nat(), fc.nat(), (log, a, b) => {
        const whole = foldConversation(log);
        const cut = log.length === 0 ? 0 : a % log.length;
        const again = cut === 0 ? 0 : b % cut;
        const resumed = [...log.slice(0, cut), ...log.slice(again)].reduce(applyEvent, emptyConversation);
        expect(resumed).toEqual(whole);
      }),
    );
  });

  it("exists for every prefix of a log, never with text of a superseded attempt beside its successor", () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        for (let length = 0; length <= log.length; length++) {
          const view = foldConversation(log.slice(0, length));
          for (const run of view.runs) {
            const texts = run.parts.filter((part) => part.kind === "text");
            expect(new Set(texts.map((part) => part.step)).size).toBe(texts.length);
          }
        }
        for (const run of foldConversation(log).runs) expect(answerOf(run)).not.toContain(supersededMark);
      }),
    );
  });

  it("shows each call once, and none as busy after its run has ended", () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        for (const run of foldConversation(log).runs) {
          const calls = run.parts.filter((part) => part.kind === "tool");
          expect(new Set(calls.map((part) => part.callId)).size).toBe(calls.length);
          if (run.finishedAt === null) continue;
          expect(calls.some((part) => ["queued", "running", "waiting"].includes(part.status))).toBe(false);
          expect(run.parts.some((part) => part.kind === "text" && part.isStreaming)).toBe(false);
        }
      }),
    );
  });

  it("never changes a view that was given out, whatever is read afterwards", () => {
    fc.assert(
      fc.property(arbitraryLog, fc.nat(), (log, a) => {
        const cut = log.length === 0 ? 0 : a % log.length;
        const before = foldConversation(log.slice(0, cut));
        const asItWas = structuredClone(before);
        applyEvents(before, log.slice(cut));
        log.slice(cut).reduce(applyEvent, before);
        expect(before).toEqual(asItWas);
      }),
    );
  });

  it("takes so many events of one run in the time that grows with their number and no faster", () => {
    // The steps of one long answer: so many that copying what there is at each of them would take a hundred times as long.
    const steps = Array.from({ length: 6000 }, (_, index) => longStep(index + 1)).flat();
    const log = toLog(inRun("run_1", message, claimed, ...steps));
    const startedAt = cpuMs();
    expect(foldConversation(log).runs[0]?.parts).toHaveLength(12_000);
    expect(cpuMs() - startedAt).toBeLessThan(1500);
  });

  it("leaves what an event does not touch as the same object", () => {
    const before = foldConversation(
      toLog([...inRun("run_1", message, claimed), ...inRun("run_2", message, claimed, step(1))]),
    );
    const after = applyEvent(before, {
      ...said(1, "x"),
      seq: 99,
      runId: "run_2",
      at: "2026-01-01T00:00:00.000Z",
    } as never);
    expect(after.runs[0]).toBe(before.runs[0]);
    expect(after.items).toBe(before.items);
    expect(after.runs[1]).not.toBe(before.runs[1]);
  });

  it("replaces the text of a lost attempt when the next one begins, not before", () => {
    const log = toLog(
      inRun(
        "run_1",
        message,
        claimed,
        step(1),
        said(1, "Once upon"),
        claimed,
        step(2),
        said(2, "A time"),
        finishedStep(2),
      ),
    );
    expect(foldConversation(log.slice(0, 5)).runs[0]?.parts).toMatchObject([{ text: "Once upon", isStreaming: true }]);
    const run = foldConversation(log).runs[0];
    expect(run && answerOf(run)).toBe("A time");
  });

  it("keeps the partial text of a stopped run", () => {
    const view = foldConversation(
      toLog(
        inRun("run_1", message, claimed, step(1), said(1, "Half an ans"), {
          type: "run-finished",
          payload: { status: "stopped" },
        }),
      ),
    );
    expect(view.runs[0]).toMatchObject({
      status: "stopped",
      parts: [{ text: "Half an ans", isStreaming: false }],
    });
    expect(unfinishedRuns(view)).toEqual([]);
  });

  it("shows a build inside the call that started it, with its attempts and its end", () => {
    const outcome = {
      buildId: "build_1",
      state: "awaiting_review" as const,
      category: "books",
      name: "library",
      title: "Library",
      digest: "sha256:1",
      attempts: 2,
      reason: null,
      credentials: ["key"],
      hosts: ["127.0.0.1"],
    };
    const usage = { inputTokens: 10, outputTokens: 20 };
    const check = (attempt: number, ok: boolean): NewEvent => ({
      type: "build-checked",
      payload: {
        buildId: "build_1",
        attempt,
        ok,
        digest: "sha256:1",
        files: [],
        findings: [],
        tests: [],
        usage,
      },
    });
    const log = toLog([
      ...inRun("run_1", message, claimed, step(1), finishedStep(1, ["build_module"])),
      ...inRun(
        "run_2",
        {
          type: "build-started",
          payload: { buildId: "build_1", wish: "a library", callId: "call_0", maxAttempts: 5 },
        },
        { type: "build-attempt-started", payload: { buildId: "build_1", attempt: 1, by: "model" } },
        check(1, false),
        check(1, false),
        check(2, true),
      ),
    ]);
    const view = foldConversation(log);
    expect(view.items.map((item) => item.kind)).toEqual(["message", "run"]);
    const run = view.runs[0];
    expect(run?.parts).toMatchObject([{ kind: "tool", buildId: "build_1" }]);
    expect(view.builds.build_1).toMatchObject({ attempt: 2, outcome: null });
    expect(view.builds.build_1?.checks.map((one) => [one.attempt, one.ok])).toEqual([
      [1, false],
      [2, true],
    ]);
    const ended = applyEvent(view, {
      type: "build-finished",
      payload: { buildId: "build_1", outcome, usage, durationMs: 9 },
      seq: 99,
      runId: "run_2",
      at: "2026-01-01T00:00:00.000Z",
    });
    expect(ended.builds.build_1?.outcome?.state).toBe("awaiting_review");
    expect(run && usageOf(ended, run)).toEqual({ inputTokens: 11, outputTokens: 22 });
  });

  it("does not leave a build busy whose run was given up", () => {
    const view = foldConversation(
      toLog(
        inRun(
          "run_2",
          { type: "build-started", payload: { buildId: "build_1", wish: "x", maxAttempts: 5 } },
          {
            type: "run-finished",
            payload: { status: "dead", error: { code: "unavailable", message: "Given up." } },
          },
        ),
      ),
    );
    expect(view.items).toMatchObject([{ kind: "build", buildId: "build_1" }]);
    expect(view.builds.build_1?.outcome).toMatchObject({ state: "failed", reason: "Given up." });
  });
});
