import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import { copyPath } from "./copy-path";
import { answerOf, foldConversation, runsOnPath } from "./display";
import { pathTo, turnsOnPath } from "./path";
import { toModelPrompt } from "./prompt";
import { arbitraryHistory } from "./testing";

/** What the database makes of a copy, with the ids of the turns left as they are. */
function logOf(events: readonly ConversationEvent[], runId: string): ConversationEvent[] {
  const copy = copyPath(events, runId);
  return (copy?.seqs ?? []).map((seq, index) => {
    const event = structuredClone(events[seq - 1]) as ConversationEvent;
    if (event.type === "message-sent") {
      const { parentRunId: _, regenerates: __, forkOf: ___, ...payload } = event.payload;
      event.payload = payload;
    }
    return { ...event, seq: index + 1, runId: copy?.runIds[copy.places[index] ?? -1] ?? null } as ConversationEvent;
  });
}

describe("a copy of a path", () => {
  it("is a straight line of the same turns that the model and a person read like the path itself", () => {
    fc.assert(
      fc.property(arbitraryHistory, ({ log, turns }) => {
        for (const { runId } of turns) {
          const path = pathTo(log, runId);
          const copy = logOf(log, runId);
          expect(turnsOnPath(copy)).toEqual(path);
          const own = log.filter((event) => event.type !== "context-compacted" || path.includes(event.runId ?? ""));
          const options = { system: "S", runId };
          expect(toModelPrompt(copy, options)).toEqual(toModelPrompt(own, options));
          const view = foldConversation(copy);
          expect(view.asides).toEqual({});
          const read = (run: ReturnType<typeof runsOnPath>[number]) => [run.runId, answerOf(run)];
          expect(runsOnPath(view).map(read)).toEqual(
            path.map((id) => foldConversation(log).runs.find((run) => run.runId === id)).map((run) => run && read(run)),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("holds no question to the person, no waiting, and nothing that a branch beside it said", () => {
    fc.assert(
      fc.property(arbitraryHistory, ({ log, turns }) => {
        for (const { runId } of turns)
          for (const event of logOf(log, runId))
            expect(event.type).not.toMatch(/^(approval-|run-waited|run-claimed|branch-chosen|build-)/);
      }),
    );
  });

  it("is not there for a turn that is not", () => {
    expect(copyPath([], "run_1")).toBeNull();
  });
});
