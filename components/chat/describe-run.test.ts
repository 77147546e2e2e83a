import { describe, expect, it } from "vitest";
import type { NewEvent } from "@/lib/contracts/conversation";
import { foldConversation } from "@/lib/conversation/display";
import { toLog } from "@/lib/conversation/testing";
import {
  announceRun,
  describeWork,
  findBuildFailure,
  formatDuration,
  listForkableSteps,
  printValue,
} from "./describe-run";

function runAfter(...events: NewEvent[]) {
  const asked: NewEvent = { type: "message-sent", payload: { text: "Hi", via: "browser" } };
  const run = foldConversation(toLog([asked, ...events].map((event) => ({ runId: "run_1", event })))).runs[0];
  if (!run) throw new Error("no run");
  return run;
}
const claimed = (attempt: number): NewEvent => ({ type: "run-claimed", payload: { attempt, worker: "w" } });
const step: NewEvent = { type: "step-started", payload: { step: 1, attempt: 1, model: "m" } };
const said: NewEvent = { type: "text-appended", payload: { step: 1, attempt: 1, text: "Hello" } };
const called: NewEvent = {
  type: "step-finished",
  payload: {
    step: 1,
    attempt: 1,
    finishReason: "tool-calls",
    toolCalls: [{ callId: "c", tool: "send_mail", input: {} }],
    usage: { inputTokens: 0, outputTokens: 0 },
    durationMs: 1,
  },
};
const asked: NewEvent = {
  type: "approval-requested",
  payload: {
    approvalId: "a",
    kind: "permission",
    callId: "c",
    tool: "send_mail",
    title: "Send the mail",
    lines: [],
    effect: "write",
    expiresAt: "2026-12-01T00:00:00.000Z",
  },
};

describe("the line under an answer that is being made", () => {
  it("says what nothing else on the screen says, and nothing once the answer itself is there", () => {
    expect(describeWork(runAfter())).toBe("Waiting for its turn");
    expect(describeWork(runAfter(claimed(1), step))).toBe("Thinking");
    expect(describeWork(runAfter(claimed(2), step))).toBe("Going on after an interruption");
    expect(describeWork(runAfter(claimed(1), step, said))).toBeNull();
    expect(describeWork(runAfter(claimed(1), step, called))).toBeNull();
    expect(describeWork(runAfter({ type: "run-finished", payload: { status: "stopped" } }))).toBeNull();
  });
});

describe("the steps that can be forked from", () => {
  const result = (ok: boolean): NewEvent => ({
    type: "tool-finished",
    payload: { callId: "c", tool: "send_mail", ok, durationMs: 1 },
  });

  it("are those whose calls all have a result, be it a failure; an answer without calls has none", () => {
    expect(listForkableSteps(runAfter(claimed(1), step, said))).toEqual([]);
    expect(listForkableSteps(runAfter(claimed(1), step, called))).toEqual([]);
    expect(listForkableSteps(runAfter(claimed(1), step, called, result(false)))).toEqual([
      { step: 1, title: "send mail" },
    ]);
    const stopped: NewEvent = { type: "run-finished", payload: { status: "stopped" } };
    expect(listForkableSteps(runAfter(claimed(1), step, called, stopped))).toEqual([]);
  });
});

describe("what is read out", () => {
  it("puts an open question before everything else, and the reason with a failure", () => {
    expect(announceRun(runAfter(claimed(1), step, called, asked), "")).toBe(
      "Burgeon asks for your approval: Send the mail",
    );
    const failed = runAfter({
      type: "run-finished",
      payload: { status: "failed", error: { code: "unavailable", message: "The model did not answer." } },
    });
    expect(announceRun(failed, "")).toContain("The model did not answer.");
    expect(
      announceRun(runAfter({ type: "run-finished", payload: { status: "done" } }), "x".repeat(5000)).length,
    ).toBeLessThan(700);
    expect(announceRun(undefined, "")).toBe("");
  });
});

describe("the reason an attempt failed", () => {
  const check = { buildId: "b", attempt: 1, ok: false, digest: "", files: [] };
  function buildAfter(payload: Extract<NewEvent, { type: "build-checked" }>["payload"]) {
    const started: NewEvent = { type: "build-started", payload: { buildId: "b", wish: "w", maxAttempts: 5 } };
    const log = toLog(
      [started, { type: "build-checked", payload } as NewEvent].map((event) => ({ runId: "run_b", event })),
    );
    const build = foldConversation(log).builds.b;
    if (!build) throw new Error("no build");
    return build;
  }

  it("is the first test that failed, else the first finding, and none when it passed", () => {
    const finding = { code: "type_error", file: "adapter.ts", line: 3, message: "No such field", hint: "Use due" };
    const tests = [
      { name: "lists loans", ok: true, durationMs: 1 },
      { name: "reads every page", ok: false, message: "expected 2, got 1", durationMs: 1 },
    ];
    expect(findBuildFailure(buildAfter({ ...check, findings: [finding], tests }))).toEqual({
      what: "reads every page",
      why: "expected 2, got 1",
    });
    expect(findBuildFailure(buildAfter({ ...check, findings: [finding], tests: [] }))).toEqual({
      what: "No such field",
      why: "adapter.ts:3 · Use due",
    });
    expect(findBuildFailure(buildAfter({ ...check, ok: true, findings: [], tests }))).toBeNull();
  });
});

it("writes durations in the unit a person would use, without 60.0 s", () => {
  expect([0, 340, 999.6, 2449, 59_960, 60_000, 80_400].map(formatDuration)).toEqual([
    "0 ms",
    "340 ms",
    "1.0 s",
    "2.4 s",
    "1 min",
    "1 min",
    "1 min 20 s",
  ]);
});

it("prints values of any kind and cuts what is too long to look at", () => {
  expect(printValue({ a: 1 })).toBe('{\n  "a": 1\n}');
  expect(printValue(undefined)).toBe("");
  expect(printValue("x".repeat(30_000))).toContain("10000 more characters");
});
