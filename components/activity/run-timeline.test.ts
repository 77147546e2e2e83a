import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationEvent, NewEvent } from "@/lib/contracts/conversation";
import { findRun, foldConversation } from "@/lib/conversation/display";
import { arbitraryLog, supersededMark, tellBeginnings, toLog } from "@/lib/conversation/testing";
import { cutAfterStep, listMoments, listSteps } from "./run-timeline";

const log = (...events: NewEvent[]): ConversationEvent[] => toLog(events.map((event) => ({ runId: "run_1", event })));

const asked: NewEvent = { type: "message-sent", payload: { text: "Place a hold", via: "browser" } };
const claimed = (attempt: number): NewEvent => ({ type: "run-claimed", payload: { attempt, worker: "worker-2" } });
const started = (step: number, attempt = 1): NewEvent => ({
  type: "step-started",
  payload: { step, attempt, model: "Scripted" },
});
const text = (step: number, attempt: number, words: string): NewEvent => ({
  type: "text-appended",
  payload: { step, attempt, text: words },
});
const finished = (step: number, attempt: number, callIds: string[]): NewEvent => ({
  type: "step-finished",
  payload: {
    step,
    attempt,
    finishReason: "stop",
    toolCalls: callIds.map((callId) => ({ callId, tool: "hold", input: {} })),
    usage: { inputTokens: 3, outputTokens: 2 },
    durationMs: 40,
  },
});
const waited: NewEvent = { type: "run-waited", payload: { on: "approval", id: "appr_1", callId: "c1" } };
const ended: NewEvent = { type: "run-finished", payload: { status: "done" } };

const whole = log(
  asked,
  claimed(1),
  started(1),
  text(1, 1, "Lost words"),
  claimed(2),
  started(1, 2),
  text(1, 2, "Kept words"),
  finished(1, 2, ["c1"]),
  waited,
  claimed(1),
  started(2),
  finished(2, 1, []),
  ended,
);

describe("the timeline", () => {
  it("tells question, model calls, tools, waits and the end in the order in which they began", () => {
    const moments = listMoments(whole);
    expect(moments.map((moment) => moment.kind)).toEqual([
      "question",
      "model",
      "takeover",
      "tool",
      "wait",
      "model",
      "end",
    ]);
    // The log's clock of the tests ticks once a second.
    expect(moments.find((moment) => moment.kind === "wait")).toMatchObject({ on: "approval", untilMs: 1000 });
  });

  it("shows a step that was begun again once, with the words of its last attempt", () => {
    expect(listMoments(whole).find((moment) => moment.kind === "model")).toMatchObject({
      step: 1,
      attempts: 2,
      text: "Kept words",
      finished: { durationMs: 40 },
    });
  });

  it("says of a wait that goes on that it goes on", () => {
    const wait = listMoments(log(asked, claimed(1), started(1), finished(1, 1, ["c1"]), waited)).at(-1);
    expect(wait).toMatchObject({ kind: "wait", untilMs: null });
  });

  it("tells the same of a step that only its end tells of", () => {
    const places = (moments: ReturnType<typeof listMoments>) =>
      moments.map((moment) => ({ ...moment, key: "", at: "", untilMs: null }));
    fc.assert(
      fc.property(arbitraryLog, (all) => {
        for (const runId of new Set(all.map((event) => event.runId))) {
          const events = all.filter((event) => event.runId === runId);
          const short = tellBeginnings(events);
          expect(places(listMoments(short))).toEqual(places(listMoments(events)));
          expect(listSteps(short)).toEqual(listSteps(events));
        }
      }),
    );
    const short = tellBeginnings(
      log(asked, claimed(1), started(1), finished(1, 1, ["c1"]), started(2), finished(2, 1, [])),
    );
    expect(short.map(({ type }) => type)).toEqual(["message-sent", "run-claimed", "step-finished", "step-finished"]);
    expect(cutAfterStep(short, 1)).toEqual(short.slice(0, 3));
  });

  it("has every call once and no superseded words, whatever the log", () => {
    fc.assert(
      fc.property(arbitraryLog, (events) => {
        const runIds = new Set(events.map((event) => event.runId));
        for (const runId of runIds) {
          const own = events.filter((event) => event.runId === runId);
          const moments = listMoments(own);
          const calls = own.flatMap((event) => (event.type === "step-finished" ? event.payload.toolCalls : []));
          expect(moments.flatMap((moment) => (moment.kind === "tool" ? moment.callId : []))).toEqual(
            calls.map((call) => call.callId),
          );
          expect(JSON.stringify(moments)).not.toContain(supersededMark);
        }
      }),
    );
  });
});

describe("a run step by step", () => {
  it("can be gone on with from a step whose tools have all answered, and from no other", () => {
    const answered: NewEvent = {
      type: "tool-finished",
      payload: { callId: "c1", tool: "hold", ok: true, output: null, durationMs: 1 },
    };
    const begun = [asked, claimed(1), started(1), finished(1, 1, ["c1"])];
    expect(listSteps(log(...begun))).toEqual([{ step: 1, canFork: false }]);
    expect(listSteps(log(...begun, answered, started(2), finished(2, 1, []), started(3)))).toEqual([
      { step: 1, canFork: true },
      { step: 2, canFork: false },
      { step: 3, canFork: false },
    ]);
  });

  it("can be looked at after each step, with the tools of that step and nothing of the next", () => {
    expect(listSteps(whole).map(({ step }) => step)).toEqual([1, 2]);
    const cut = cutAfterStep(whole, 1);
    expect(cut.at(-1)?.type).toBe("run-claimed");
    const view = findRun(foldConversation(cut), "run_1");
    expect(view?.usage).toEqual({ inputTokens: 3, outputTokens: 2 });
    expect(view?.parts.map((part) => part.step)).toEqual([1, 1]);
    expect(cutAfterStep(whole, 2)).toEqual(whole);
  });
});
