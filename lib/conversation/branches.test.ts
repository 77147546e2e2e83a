import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationEvent, NewEvent } from "@/lib/contracts/conversation";
import {
  answerOf,
  applyEvent,
  emptyConversation,
  findRun,
  foldConversation,
  showBranch,
  unfinishedRuns,
} from "./display";
import { turnsOnPath } from "./path";
import { arbitraryHistory, markOf, toLog } from "./testing";

type Placed = { runId: string | null; event: NewEvent };
type Payload<T extends NewEvent["type"]> = Extract<NewEvent, { type: T }>["payload"];
const sent = (runId: string, place: Partial<Payload<"message-sent">> = {}): Placed => ({
  runId,
  event: { type: "message-sent", payload: { text: runId, via: "browser", ...place } },
});
const looksAt = (runId: string): Placed => ({ runId: null, event: { type: "branch-chosen", payload: { runId } } });
const decided = (name: string): Placed => ({
  runId: null,
  event: {
    type: "module-decided",
    payload: { category: "c", name, digest: "sha256:1", decision: "approved", state: "active" },
  },
});
const started = (runId: string, step: number): Placed => ({
  runId,
  event: { type: "step-started", payload: { step, attempt: 1, model: "m" } },
});
const said = (runId: string, step: number, text: string): Placed => ({
  runId,
  event: { type: "text-appended", payload: { step, attempt: 1, text } },
});
const called = (runId: string, step: number, ...callIds: string[]): Placed => ({
  runId,
  event: {
    type: "step-finished",
    payload: {
      step,
      attempt: 1,
      finishReason: "stop",
      toolCalls: callIds.map((callId) => ({ callId, tool: "create_note", input: {} })),
      usage: { inputTokens: 4, outputTokens: 4 },
      durationMs: 1,
    },
  },
});
const done = (runId: string, callId: string, more: Partial<Payload<"tool-finished">> = {}): Placed => ({
  runId,
  event: { type: "tool-finished", payload: { callId, tool: "create_note", ok: true, durationMs: 1, ...more } },
});
const ended = (runId: string): Placed => ({ runId, event: { type: "run-finished", payload: { status: "done" } } });

const shown = (log: ConversationEvent[]) =>
  foldConversation(log).items.map((item) => {
    if (item.kind === "message") return `${item.runId}?`;
    if (item.kind === "run") return item.runId;
    return item.kind === "build" ? item.buildId : item.decision.name;
  });

describe("branches of a conversation, as a person sees them", () => {
  it("show the turns on the path and no others, each with its number among its siblings", () => {
    fc.assert(
      fc.property(arbitraryHistory, ({ log, turns }) => {
        const { items } = foldConversation(log);
        const messages = items.flatMap((item) => (item.kind === "message" ? [item] : []));
        expect(messages.map((item) => item.runId)).toEqual(turnsOnPath(log));
        for (const { runId, siblings } of messages) {
          const parent = turns.find((turn) => turn.runId === runId)?.parent;
          const beside = turns.flatMap((turn) => (turn.parent === parent ? turn.runId : []));
          const expected = { index: beside.indexOf(runId ?? ""), count: beside.length, runIds: beside };
          expect(siblings).toEqual(beside.length > 1 ? expected : null);
        }
      }),
    );
  });

  it("keep every turn, whichever is looked at, and bring it back as it was", () => {
    fc.assert(
      fc.property(arbitraryHistory, fc.nat(), ({ log, turns }, pick) => {
        const view = foldConversation(log);
        const turn = turns[pick % Math.max(1, turns.length)];
        if (!turn) return;
        const last = view.tree.leaf;
        const away = showBranch(view, turn.runId);
        expect(away.items.some((item) => item.kind === "run" && item.runId === turn.runId)).toBe(true);
        expect(away.runs).toBe(view.runs);
        expect(showBranch(away, last).items).toEqual(view.items);
        const event = {
          type: "branch-chosen",
          payload: { runId: turn.runId },
          seq: log.length + 1,
          runId: null,
          at: "",
        };
        expect(applyEvent(view, event as ConversationEvent)).toEqual({ ...away, lastSeq: log.length + 1 });
      }),
    );
  });

  it("let a sibling that is not looked at go on, and Stop acts only on what is", () => {
    const log = toLog([sent("a"), started("a", 1), sent("b", { parentRunId: null }), said("a", 1, "still here")]);
    const view = foldConversation(log);
    expect(shown(log)).toEqual(["b?", "b"]);
    expect(answerOf(findRun(view, "a") ?? never())).toBe("still here");
    expect(unfinishedRuns(view).map((run) => run.runId)).toEqual(["b"]);
    expect(unfinishedRuns(showBranch(view, "a")).map((run) => run.runId)).toEqual(["a"]);
  });

  it("leave decisions and builds with the turn at which they were made", () => {
    const build: Placed = {
      runId: "r",
      event: { type: "build-started", payload: { buildId: "build_1", wish: "w", maxAttempts: 5 } },
    };
    const events = [decided("early"), sent("a"), decided("one"), sent("b"), build, decided("two")];
    expect(shown(toLog(events))).toEqual(["early", "a?", "a", "one", "b?", "b", "build_1", "two"]);
    const other = [...events, sent("b2", { regenerates: "b" }), decided("three")];
    expect(shown(toLog(other))).toEqual(["early", "a?", "a", "one", "b2?", "b2", "three"]);
    expect(shown(toLog([...other, looksAt("b")]))).toEqual(shown(toLog(events)));
  });

  it("leave what did not change as the same object, so that switching draws only what is new", () => {
    const view = foldConversation(toLog([sent("a"), sent("b"), sent("b2", { parentRunId: "a" })]));
    const switched = showBranch(view, "b");
    expect(switched.items.slice(0, 2).every((item, index) => item === view.items[index])).toBe(true);
    expect(applyEvent(emptyConversation, { ...toLog([looksAt("gone")])[0] } as ConversationEvent).items).toEqual([]);
  });
});

function never(): never {
  throw new Error("not there");
}

describe("a fork, as a person sees it", () => {
  const source = [
    sent("a"),
    started("a", 1),
    said("a", 1, "First"),
    called("a", 1, "c1"),
    done("a", "c1", { undo: { until: "2026-01-01T00:00:00.000Z", label: "Deletes the note" } }),
    started("a", 2),
    said("a", 2, "Second"),
    called("a", 2),
    ended("a"),
  ];
  const fork = [
    sent("f", { forkOf: { runId: "a", step: 1 } }),
    started("f", 2),
    said("f", 2, "Another"),
    called("f", 2),
  ];

  it("begins with the steps it took over, marked as such, and counts only its own tokens", () => {
    const run = findRun(foldConversation(toLog([...source, ...fork])), "f");
    expect(run).toMatchObject({ forkOf: { runId: "a", step: 1 }, usage: { inputTokens: 4, outputTokens: 4 } });
    expect(run?.parts).toMatchObject([
      { kind: "text", text: "First", isInherited: true },
      { kind: "tool", callId: "c1", status: "done", undo: null, isInherited: true },
      { kind: "text", text: "Another" },
    ]);
    expect(run?.parts.at(-1)).not.toHaveProperty("isInherited");
  });

  it("offers no undo of what was done before it, and shows when it was taken back there", () => {
    const undone: Placed = { runId: "a", event: { type: "effect-undone", payload: { callId: "c1", ok: true } } };
    const view = foldConversation(toLog([...source, ...fork, undone]));
    for (const runId of ["a", "f"])
      expect(findRun(view, runId)?.parts.find((part) => part.kind === "tool")).toMatchObject({ undone: "done" });
  });

  it("never takes the card of a build that its source started", () => {
    const build: Placed = {
      runId: "r",
      event: { type: "build-started", payload: { buildId: "build_1", wish: "w", callId: "c1", maxAttempts: 5 } },
    };
    const view = foldConversation(toLog([...source, ...fork, build]));
    expect(view.runs.map((run) => run.parts.some((part) => part.kind === "tool" && part.buildId !== null))).toEqual([
      true,
      false,
    ]);
  });

  it("says nothing that its source said after the step, however often it is forked again", () => {
    fc.assert(
      fc.property(arbitraryHistory, ({ log, turns }) => {
        const view = foldConversation(log);
        for (const { runId, forkOf } of turns) {
          const run = findRun(view, runId);
          const taken = run?.parts.filter((part) => part.isInherited) ?? [];
          expect(taken.every((part) => forkOf !== null && part.step <= forkOf.step)).toBe(true);
          if (!forkOf || !run) continue;
          const text = answerOf(run);
          for (let step = forkOf.step + 1; step < 12; step++) expect(text).not.toContain(markOf(forkOf.runId, step));
          const before = findRun(view, forkOf.runId)?.parts.filter((part) => part.step <= forkOf.step);
          expect(taken.map((part) => part.step)).toEqual(before?.map((part) => part.step));
        }
      }),
    );
  });
});

describe("a call that needs a right", () => {
  const asked = (approvalId: string, more: Partial<Payload<"approval-requested">> = {}): Placed => ({
    runId: "a",
    event: {
      type: "approval-requested",
      payload: {
        approvalId,
        kind: "permission",
        callId: "c1",
        tool: "create_note",
        title: approvalId,
        lines: [],
        effect: "write",
        expiresAt: "2026-12-01T00:00:00.000Z",
        ...more,
      },
    },
  });
  const answered = (
    approvalId: string,
    decision: Payload<"approval-decided">["decision"],
    grantId?: string,
  ): Placed => ({
    runId: "a",
    event: {
      type: "approval-decided",
      payload: { approvalId, callId: "c1", decision, ...(grantId ? { grantId } : {}) },
    },
  });
  const partAfter = (...events: Placed[]) => {
    const view = foldConversation(toLog([sent("a"), started("a", 1), called("a", 1, "c1"), ...events]));
    return view.runs[0]?.parts.find((part) => part.kind === "tool");
  };

  it("shows the newest question, and behind it those that the world moved away from", () => {
    const part = partAfter(
      asked("first"),
      answered("first", "superseded"),
      asked("second", { round: 2, world: [{ label: "Overlaps", value: "Stand-up" }] }),
      answered("second", "allowed", "grant_1"),
    );
    expect(part).toMatchObject({
      status: "queued",
      approval: { request: { title: "second", round: 2 }, decision: "allowed", grantId: "grant_1" },
      earlierApprovals: [{ request: { title: "first" }, decision: "superseded" }],
    });
  });

  it("has no question left open that another one replaced, and none after its run has ended", () => {
    expect(partAfter(asked("first"), asked("second", { kind: "outcome" }), ended("a"))).toMatchObject({
      status: "stopped",
      approval: { request: { kind: "outcome" }, decision: "expired" },
      earlierApprovals: [{ decision: "superseded" }],
    });
    expect(partAfter(asked("first"), answered("first", "happened"))).toMatchObject({
      approval: { decision: "happened" },
      earlierApprovals: [],
    });
  });

  it("says under which right it ran, how it can be taken back, and how that went", () => {
    const undo = { until: "2026-01-01T00:00:00.000Z", label: "Deletes the note" };
    const result = done("a", "c1", { undo, grantId: "grant_1" });
    expect(partAfter(result)).toMatchObject({ undo, grantId: "grant_1", undone: null });
    const failed: Placed = {
      runId: "a",
      event: {
        type: "effect-undone",
        payload: { callId: "c1", ok: false, error: { code: "conflict", message: "It was changed since." } },
      },
    };
    expect(partAfter(result, failed)).toMatchObject({ undo, undone: { message: "It was changed since." } });
    const undone: Placed = { runId: "a", event: { type: "effect-undone", payload: { callId: "c1", ok: true } } };
    expect(partAfter(result, ended("a"), failed, undone)).toMatchObject({ undone: "done" });
  });
});
