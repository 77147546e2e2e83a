import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NewEvent } from "@/lib/contracts/conversation";
import { defaultBudget } from "@/lib/contracts/run";
import { arbitraryLog, toLog } from "@/lib/conversation/testing";
import { findTaint } from "@/lib/conversation/prompt";
import { decideNext } from "./run-step";

const claimed: NewEvent = { type: "run-claimed", payload: { attempt: 1, worker: "worker-1" } };
const waited: NewEvent = { type: "run-waited", payload: { on: "approval", id: "a", callId: "c" } };
const minutes = (count: number) => Array.from({ length: count * 60 }, () => waiting);
const said: NewEvent = { type: "text-appended", payload: { step: 1, attempt: 1, text: "…" } };
const answered: NewEvent = { type: "approval-decided", payload: { approvalId: "a", callId: "c", decision: "allowed" } };
const waiting: NewEvent = { type: "build-progressed", payload: { buildId: "b", message: "…" } };
const log = (...events: NewEvent[]) =>
  toLog(events.map((event) => ({ runId: event === waiting ? "other" : "run_0", event })));

describe("what a run does next", () => {
  it("never repeats a recorded step or call, and makes every open call, whatever prefix of the log is left", () => {
    fc.assert(
      fc.property(arbitraryLog, (events) => {
        for (let length = 0; length <= events.length; length++) {
          const prefix = events.slice(0, length);
          const mine = prefix.filter((event) => event.runId === "run_0");
          const decision = decideNext(prefix, "run_0", defaultBudget.run);
          const steps = mine.flatMap((event) => (event.type === "step-finished" ? event.payload : []));
          const answered = mine.flatMap((event) => (event.type === "tool-finished" ? event.payload.callId : []));
          const open = steps
            .flatMap((step) => step.toolCalls.map((call) => call.callId))
            .filter((id) => !answered.includes(id));
          if (open.length > 0)
            expect(decision).toMatchObject({ kind: "run-tools", calls: open.map((callId) => ({ callId })) });
          else if (steps.at(-1)?.toolCalls.length === 0) expect(decision).toEqual({ kind: "finish", status: "done" });
          else {
            expect(decision).toMatchObject({ kind: "call-model", step: (steps.at(-1)?.step ?? 0) + 1 });
            const tried = mine.filter(
              (event) => event.type === "step-started" && "step" in decision && event.payload.step === decision.step,
            );
            expect("attempt" in decision && decision.attempt).toBe(tried.length + 1);
          }
        }
      }),
    );
  });

  it("counts time at work, not time spent waiting for a person", () => {
    const short = { ...defaultBudget.run, wallMs: 5 * 60_000 };
    const awake = log(claimed, ...minutes(6), said);
    expect(decideNext(awake, "run_0", short)).toEqual({
      kind: "finish",
      status: "budget_exhausted",
      bound: "wallMs",
    });
    const asleep = log(claimed, waited, ...minutes(60), claimed);
    expect(decideNext(asleep, "run_0", short)).toMatchObject({ kind: "call-model" });
  });

  it("counts the time at work of workers that were lost, not the time until another one came", () => {
    const short = { ...defaultBudget.run, wallMs: 5 * 60_000 };
    const kindAfter = (...events: NewEvent[]) => decideNext(log(...events), "run_0", short).kind;
    // The server was down for an hour.
    expect(kindAfter(claimed, ...minutes(4), said, ...minutes(60), claimed)).toBe("call-model");
    // Meanwhile its person answered what it had asked.
    expect(kindAfter(claimed, ...minutes(4), said, ...minutes(60), answered, ...minutes(60), claimed)).toBe(
      "call-model",
    );
    // It killed whoever took it, and then waited for a worker that had nothing else to do.
    expect(kindAfter(claimed, claimed, ...minutes(60), claimed, ...minutes(60), claimed)).toBe("call-model");
    // What each of them worked stays worked, and the last one may have gone on for the length of its lease.
    expect(kindAfter(claimed, ...minutes(3), said, ...minutes(60), claimed, ...minutes(3), said)).toBe("finish");
    const cutShort = [claimed, ...minutes(5).slice(10), said, ...minutes(60)];
    expect(kindAfter(...cutShort)).toBe("call-model");
    expect(kindAfter(...cutShort, claimed)).toBe("finish");
  });

  it("knows where foreign text in the run came from", () => {
    const finished = (tainted: boolean): NewEvent => ({
      type: "tool-finished",
      payload: { callId: "c", tool: "page", ok: true, tainted, source: "evil.example", durationMs: 1 },
    });
    expect(findTaint(log(finished(false)), "run_0")).toBeNull();
    expect(findTaint(log(finished(false), finished(true)), "run_0")).toBe("evil.example");
    expect(findTaint(log(finished(true)), "run_1")).toBeNull();
  });
});
