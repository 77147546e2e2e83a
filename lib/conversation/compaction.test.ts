import type { LanguageModelV4Message } from "@ai-sdk/provider";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationEvent, NewEvent } from "@/lib/contracts/conversation";
import { type Compaction, findCompaction, toModelPrompt } from "./prompt";
import { arbitraryHistory, markOf, toLog } from "./testing";

type Placed = { runId: string | null; event: NewEvent };
const system = "S";
const usage = { inputTokens: 1, outputTokens: 1 };
const ended = (runId: string): Placed => ({ runId, event: { type: "run-finished", payload: { status: "done" } } });
const sent = (runId: string, chars = 10): Placed => ({
  runId,
  event: { type: "message-sent", payload: { text: `${markOf(runId, 0)}${"q".repeat(chars)}`, via: "browser" } },
});
/** A step that says so much and, with a call, reads so much. */
const step = (runId: string, number: number, chars: number, hasResult = true): Placed[] => {
  const callId = `${runId}_${number}`;
  const events: NewEvent[] = [
    { type: "step-started", payload: { step: number, attempt: 1, model: "m" } },
    { type: "text-appended", payload: { step: number, attempt: 1, text: markOf(runId, number) } },
    {
      type: "step-finished",
      payload: {
        step: number,
        attempt: 1,
        finishReason: "tool-calls",
        toolCalls: [{ callId, tool: "read", input: {} }],
        usage,
        durationMs: 1,
      },
    },
  ];
  if (hasResult)
    events.push({
      type: "tool-finished",
      payload: { callId, tool: "read", ok: true, output: "r".repeat(chars), durationMs: 1 },
    });
  return events.map((event) => ({ runId, event }));
};
/** A turn of two steps that reads so much in each of them. */
const turn = (runId: string, chars: number): Placed[] => [
  sent(runId),
  ...step(runId, 1, chars),
  ...step(runId, 2, chars),
  ended(runId),
];
/** Everything these turns say, in order. */
const marksOf = (...runIds: string[]) => runIds.flatMap((runId) => [0, 1, 2].map((number) => markOf(runId, number)));

const sizeOf = (messages: readonly LanguageModelV4Message[]) => JSON.stringify(messages).length;
const marksIn = (messages: readonly unknown[]) => JSON.stringify(messages).match(/«[^»]*»/g) ?? [];
/** The log once the summary is made. */
const compacted = (
  log: ConversationEvent[],
  runId: string,
  { messages: _, ...through }: Compaction,
  summary = "Short.",
) => [
  ...log,
  {
    type: "context-compacted",
    payload: { ...through, summary, by: "model" },
    seq: log.length + 1,
    runId,
    at: "2026-01-01T00:00:00.000Z",
  } as ConversationEvent,
];

function expectPairs(messages: readonly LanguageModelV4Message[]): void {
  messages.forEach((one, index) => {
    const calls = one.role === "assistant" ? one.content.filter((part) => part.type === "tool-call") : [];
    if (calls.length > 0) expect(messages[index + 1]?.role).toBe("tool");
    if (one.role === "tool") expect(messages[index - 1]?.role).toBe("assistant");
  });
}

describe("a conversation that grows too long", () => {
  const log = toLog([...["a", "b", "c", "d"].flatMap((id) => turn(id, 1500)), sent("e")]);

  it("is left alone while it fits", () => {
    expect(findCompaction(log, { system, runId: "e", maxChars: 20_000 })).toBeNull();
  });

  it("gives its oldest turns to a summary, whole, and is half empty afterwards", () => {
    // Dividing the third turn would already be enough.
    const found = findCompaction(log, { system, runId: "e", maxChars: 14_000 });
    expect(found).toMatchObject({ throughRunId: "c" });
    expect(found).not.toHaveProperty("throughStep");
    expect(marksIn(found?.messages ?? [])).toEqual(marksOf("a", "b", "c"));
    const after = compacted(log, "e", found ?? never(), "What was said.");
    const prompt = toModelPrompt(after, { system, runId: "e", maxChars: 14_000 });
    expect(sizeOf(prompt)).toBeLessThan(14_000 / 2);
    expect(prompt[0]).toEqual({ role: "system", content: system });
    expect(prompt[1]).toMatchObject({ role: "user", content: [{ text: expect.stringContaining("What was said.") }] });
    expect(JSON.stringify(prompt[1])).toContain("summary of the conversation so far");
    expect(marksIn(prompt)).toEqual([...marksOf("d"), markOf("e", 0)]);
    expect(findCompaction(after, { system, runId: "e", maxChars: 14_000 })).toBeNull();
  });

  it("gives the oldest steps of the run at work when that alone is too long, and keeps its question and newest step", () => {
    const steps = [1, 2, 3, 4].flatMap((number) => step("e", number, 3000));
    const long = toLog([...turn("a", 100), sent("e"), ...steps]);
    const found = findCompaction(long, { system, runId: "e", maxChars: 12_000 });
    expect(found).toMatchObject({ throughRunId: "e", throughStep: 3 });
    expectPairs(found?.messages ?? []);
    const prompt = toModelPrompt(compacted(long, "e", found ?? never()), { system, runId: "e" });
    expect(marksIn(prompt)).toEqual(["«e:0»", "«e:4»"]);
    expectPairs(prompt);
    expect(
      findCompaction(toLog([sent("e"), ...step("e", 1, 9000)]), { system, runId: "e", maxChars: 5000 }),
    ).toBeNull();
  });

  it("never gives away a turn that still waits for something, nor what comes after it", () => {
    const waiting = [sent("w"), ...step("w", 1, 3000), ...step("w", 2, 3000, false)];
    const open = toLog([...turn("a", 1500), ...waiting, ...turn("b", 1500), sent("e")]);
    const found = findCompaction(open, { system, runId: "e", maxChars: 8000 });
    expect(found).toMatchObject({ throughRunId: "w", throughStep: 1 });
    expectPairs(toModelPrompt(compacted(open, "e", found ?? never()), { system, runId: "e" }));
  });

  it("gives no summary a turn shorter than the summary itself", () => {
    const short = toLog([...turn("a", 10), sent("e", 9000)]);
    expect(findCompaction(short, { system, runId: "e", maxChars: 8000 })).toBeNull();
  });

  it("tells the summary before to the next one, and comes in parts when it is longer than a prompt", () => {
    const long = toLog([...Array.from({ length: 12 }, (_, index) => turn(`t${index}`, 1500)).flat(), sent("e")]);
    let rest: ConversationEvent[] = long;
    const told: string[] = [];
    let parts = 0;
    for (;;) {
      const found = findCompaction(rest, { system, runId: "e", maxChars: 12_000 });
      if (!found) break;
      expect(sizeOf(found.messages)).toBeLessThan(12_100);
      if (parts > 0) expect(JSON.stringify(found.messages[0])).toContain(`Summary ${parts}`);
      parts += 1;
      told.push(...marksIn(found.messages));
      rest = compacted(rest, "e", found, `Summary ${parts}`);
    }
    expect(parts).toBeGreaterThan(2);
    const kept = marksIn(toModelPrompt(rest, { system, runId: "e", maxChars: 12_000 }));
    expect([...told, ...kept]).toEqual(marksIn(toModelPrompt(long, { system, runId: "e", maxChars: 1_000_000 })));
  });

  it("uses the summary that reaches farthest on its path, and none that tells of another branch", () => {
    const other = (throughRunId: string, summary: string): Placed => ({
      runId: "x",
      event: { type: "context-compacted", payload: { throughRunId, summary, by: "model" } },
    });
    const edited: Placed = {
      runId: "b2",
      event: { type: "message-sent", payload: { text: "edited", via: "browser", parentRunId: "a" } },
    };
    const events = [...turn("a", 10), ...turn("b", 10), sent("c"), other("b", "A and B"), edited, other("a", "Only A")];
    const prompt = (runId: string) => JSON.stringify(toModelPrompt(toLog(events), { system, runId }));
    expect(prompt("c")).toContain("A and B");
    expect(prompt("c")).not.toContain("Only A");
    expect(prompt("b2")).toContain("Only A");
    expect(prompt("b2")).not.toContain("A and B");
    expect(prompt("b")).toContain("Only A");
  });

  it("loses nothing between summary and prompt, splits no call from its result and comes to an end, whatever the log", () => {
    fc.assert(
      fc.property(arbitraryHistory, fc.integer({ min: 300, max: 3000 }), ({ log, turns }, maxChars) => {
        for (const { runId } of turns) {
          const options = { system, runId, maxChars, summaryChars: 100 };
          const before = marksIn(toModelPrompt(log, { ...options, maxChars: 1e9 }));
          const told: string[] = [];
          let rest = log;
          for (let round = 0; ; round++) {
            expect(round).toBeLessThan(40);
            const found = findCompaction(rest, options);
            if (!found) break;
            expectPairs(found.messages);
            told.push(...marksIn(found.messages));
            rest = compacted(rest, runId, found);
            expectPairs(toModelPrompt(rest, options));
          }
          const kept = marksIn(toModelPrompt(rest, { ...options, maxChars: 1e9 }));
          expect(new Set([...told, ...kept])).toEqual(new Set(before));
        }
      }),
    );
  });
});

function never(): never {
  throw new Error("nothing to compact");
}
