import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationEvent, EventPayload, NewEvent } from "@/lib/contracts/conversation";
import { eventsOfRun, pathTo, siblingsOf, turnsOnPath } from "./path";
import { arbitraryHistory, pathOf, toLog } from "./testing";

type Place = Pick<EventPayload<"message-sent">, "parentRunId" | "regenerates" | "forkOf">;
const sent = (runId: string, place: Place = {}): { runId: string | null; event: NewEvent } => ({
  runId,
  event: { type: "message-sent", payload: { text: runId, via: "browser", ...place } },
});
const looksAt = (runId: string): { runId: string | null; event: NewEvent } => ({
  runId: null,
  event: { type: "branch-chosen", payload: { runId } },
});
const path = (...events: ReturnType<typeof sent>[]) => turnsOnPath(toLog(events)).join(" ");

describe("the path through a conversation", () => {
  it("is all turns in order where nothing says otherwise, as in every log written before there were branches", () => {
    expect(path(sent("a"), sent("b"), sent("c"))).toBe("a b c");
  });

  it("is, at each place, the turn that leads to what was sent or chosen last", () => {
    fc.assert(
      fc.property(arbitraryHistory, ({ log, turns, looked }) => {
        expect(turnsOnPath(log)).toEqual(pathOf(turns, looked));
        for (const turn of turns) {
          expect(pathTo(log, turn.runId)).toEqual(pathOf(turns, [turn.runId]));
          const beside = turns.filter(({ parent }) => parent === turn.parent).map(({ runId }) => runId);
          const index = beside.indexOf(turn.runId);
          expect(siblingsOf(log, turn.runId)).toEqual({ index, count: beside.length, runIds: beside });
        }
      }),
    );
  });

  it("shows a chosen turn with what was looked at below it last, and goes on from there", () => {
    const edited = [sent("a"), sent("b"), sent("c"), sent("b2", { parentRunId: "a" }), sent("d")];
    expect(path(...edited)).toBe("a b2 d");
    expect(path(...edited, looksAt("b"))).toBe("a b c");
    expect(path(...edited, looksAt("b"), sent("e"), looksAt("b2"), looksAt("b"))).toBe("a b c e");
  });

  it("looks at a turn below another branch by choosing all that leads there", () => {
    expect(path(sent("a"), sent("b"), sent("a2", { parentRunId: null }), sent("c", { parentRunId: "b" }))).toBe(
      "a b c",
    );
  });

  it("comes back to a turn with the branch below it that was looked at last, however that was reached", () => {
    const branched = [sent("a"), sent("b"), sent("b2", { parentRunId: "a" }), looksAt("b")];
    const below = [...branched, sent("d", { parentRunId: "b2" }), sent("x", { parentRunId: null })];
    expect(path(...below)).toBe("x");
    expect(path(...below, looksAt("a"))).toBe("a b2 d");
  });

  it("puts an answer made again and a fork beside what they come from", () => {
    expect(path(sent("a"), sent("b"), sent("c"), sent("b2", { regenerates: "b" }))).toBe("a b2");
    expect(path(sent("a"), sent("a2", { forkOf: { runId: "a", step: 1 } }))).toBe("a2");
  });

  it("survives names of turns that are not there", () => {
    expect(path(sent("a"), sent("b", { parentRunId: "gone" }), looksAt("gone"))).toBe("a b");
    expect(pathTo(toLog([sent("a")]), "gone")).toEqual([]);
    expect(siblingsOf(toLog([sent("a")]), "gone")).toBeNull();
  });
});

const step = (runId: string, number: number, calls: string[] = []): { runId: string; event: NewEvent }[] => [
  { runId, event: { type: "step-started", payload: { step: number, attempt: 1, model: "m" } } },
  { runId, event: { type: "text-appended", payload: { step: number, attempt: 1, text: `${runId}${number}` } } },
  {
    runId,
    event: {
      type: "step-finished",
      payload: {
        step: number,
        attempt: 1,
        finishReason: "stop",
        toolCalls: calls.map((callId) => ({ callId, tool: "t", input: {} })),
        usage: { inputTokens: 5, outputTokens: 5 },
        costMicros: 7,
        durationMs: 1,
      },
    },
  },
  ...calls.flatMap((callId): { runId: string; event: NewEvent }[] => [
    { runId, event: { type: "tool-started", payload: { callId, tool: "t", title: "T", effect: "read", attempt: 1 } } },
    {
      runId,
      event: {
        type: "tool-finished",
        payload: { callId, tool: "t", ok: true, undo: { until: "2026-01-01T00:00:00Z", label: "U" }, durationMs: 1 },
      },
    },
  ]),
];

/** What a run's events say it has done: steps and calls in their order. */
const told = (events: ConversationEvent[]) =>
  events
    .flatMap((event) => {
      if (event.type === "text-appended") return event.payload.text;
      return event.type === "tool-finished" ? event.payload.callId : [];
    })
    .join(" ");

describe("the events of a fork", () => {
  const source = [sent("a"), ...step("a", 1, ["x"]), ...step("a", 2, ["y"]), ...step("a", 3)];
  const fork = [sent("f", { forkOf: { runId: "a", step: 2 } }), ...step("f", 3, ["z"]), ...step("f", 4)];
  const second = [sent("g", { forkOf: { runId: "f", step: 3 } }), ...step("g", 4)];

  it("begin with the steps it took over, those of a fork's fork too, as if they were its own", () => {
    const log = toLog([...source, ...fork, ...second]);
    expect(told(eventsOfRun(log, "a"))).toBe("a1 x a2 y a3");
    expect(told(eventsOfRun(log, "f"))).toBe("a1 x a2 y f3 z f4");
    expect(told(eventsOfRun(log, "g"))).toBe("a1 x a2 y f3 z g4");
    expect(new Set(eventsOfRun(log, "g").map((event) => event.runId))).toEqual(new Set(["g"]));
  });

  it("cost nothing again, and offer no undo for what another run did", () => {
    const taken = eventsOfRun(toLog([...source, ...fork]), "f").filter((event) => event.seq <= source.length);
    for (const event of taken) {
      if (event.type === "step-finished") expect(event.payload.usage).toEqual({ inputTokens: 0, outputTokens: 0 });
      expect(event.payload).not.toHaveProperty("costMicros");
      expect(event.payload).not.toHaveProperty("undo");
    }
    expect(taken.filter((event) => event.type === "tool-finished")).toHaveLength(2);
  });

  it("end where a log goes round in a circle", () => {
    const log = toLog([sent("a", { forkOf: { runId: "b", step: 1 } }), sent("b", { forkOf: { runId: "a", step: 1 } })]);
    expect(eventsOfRun(log, "a").map((event) => event.type)).toEqual(["message-sent"]);
  });
});
