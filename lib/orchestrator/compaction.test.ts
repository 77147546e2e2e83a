import { describe, expect, it } from "vitest";
import { listConversations } from "@/lib/db/conversations";
import { readAllEvents } from "@/lib/db/events";
import { done, person, ports, probe, run, setUpLoop } from "./testing-loop";
import type { LoopPorts } from "./ports";
import type { ScriptedReply } from "./testing";

setUpLoop();

const long = (word: string) => `${word} `.repeat(400);

/** A model with a small window, as a provider of the person's choice or as the planner. */
function small(script: (step: number, call: number) => ScriptedReply, provider = "scripted") {
  const { given, calls } = ports(script, [probe("read_a", "read", () => done(long("result"))).tool]);
  const resolveModel: LoopPorts["resolveModel"] = async (viewer, role) => ({
    ...(await given.resolveModel(viewer, role)),
    provider,
    contextTokens: 12_000,
  });
  return { given: { ...given, resolveModel }, calls };
}
const isSummary = (options: { prompt: { content: unknown }[] }) =>
  JSON.stringify(options.prompt[0]?.content).includes("You shorten the record");

/** Turns until the window has overflowed. */
async function talk(given: LoopPorts, turns: number) {
  let conversationId: string | undefined;
  for (let turn = 1; turn <= turns; turn++)
    ({ conversationId } = await run(`Question ${turn}: ${long(`zebra${turn}`)}`, given, conversationId));
  if (conversationId === undefined) throw new Error("nothing was said");
  return { conversationId, events: await readAllEvents(person.viewer, conversationId) };
}

describe("a conversation that outgrows the model's window", () => {
  it("is summarised once per window by the model, and every prompt fits and keeps calls with their results", async () => {
    const { given, calls } = small((step) =>
      step === 0 ? { calls: [{ tool: "read_a", input: {} }] } : { text: "Answer. " },
    );
    const withSummary = {
      ...given,
      resolveModel: async (...of: Parameters<LoopPorts["resolveModel"]>) => {
        const resolved = await given.resolveModel(...of);
        const { doStream } = resolved.model;
        const summarising: typeof doStream = (options) =>
          isSummary(options)
            ? ports(() => ({ text: "They spoke of zebras." }))
                .given.resolveModel(...of)
                .then(({ model }) => model.doStream(options))
            : doStream(options);
        return { ...resolved, model: { ...resolved.model, doStream: summarising } };
      },
    };
    const { events } = await talk(withSummary, 14);
    const compacted = events.filter((event) => event.type === "context-compacted");
    expect(compacted.length).toBeGreaterThanOrEqual(1);
    expect(compacted.length).toBeLessThanOrEqual(3);
    expect(compacted[0]?.payload).toMatchObject({ by: "model", summary: "They spoke of zebras." });
    const last = calls.at(-1)?.prompt ?? [];
    expect(JSON.stringify(last)).toContain("They spoke of zebras.");
    expect(JSON.stringify(last)).not.toContain("zebra1 ");
    for (const { prompt } of calls) {
      expect(JSON.stringify(prompt).length).toBeLessThan(40_000);
      const text = JSON.stringify(prompt);
      expect(text.split('"tool-call"').length).toBe(text.split('"tool-result"').length);
    }
  });

  it("is told by a fixed rule where the planner answers, or the model makes no summary", async () => {
    for (const provider of ["planner", "scripted"]) {
      const { given } = small(
        (step, call) => (step === 0 && call % 2 ? { text: "Hm." } : { text: "Answer." }),
        provider,
      );
      const failing: LoopPorts = {
        ...given,
        resolveModel: async (...of) => {
          const resolved = await given.resolveModel(...of);
          const { doStream } = resolved.model;
          const refusing: typeof doStream = (options) =>
            isSummary(options) ? Promise.reject(new Error("no")) : doStream(options);
          return { ...resolved, model: { ...resolved.model, doStream: refusing } };
        },
      };
      const { events } = await talk(failing, 16);
      const compacted = events.filter((event) => event.type === "context-compacted");
      expect(compacted.length).toBeGreaterThanOrEqual(1);
      expect(compacted[0]?.payload).toMatchObject({
        by: "planner",
        summary: expect.stringContaining("Asked: Question 1"),
      });
    }
  });

  it("stays whole in the log and in search", async () => {
    const { given } = small(() => ({ text: "Answer." }), "planner");
    const { conversationId, events } = await talk(given, 16);
    expect(events.filter((event) => event.type === "message-sent")).toHaveLength(16);
    expect(await listConversations(person.viewer, { query: "zebra1 zebra1" })).toMatchObject([{ conversationId }]);
  });
});
