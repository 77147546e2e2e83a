import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { assignCalls, hasWords, type MadeCall, wantedInputSchema } from "@/lib/evals/match-input";
import { readToolset } from "@/lib/evals/recorded-tools";
import { converse, type Outcome } from "./testing";

const caseSchema = z.strictObject({
  /** One message, or a conversation whose last message is looked at. */
  say: z.union([z.string(), z.array(z.string())]),
  /** Exactly these tools, in any order; none of them means that nothing is called. */
  calls: z.array(z.union([z.string(), z.record(z.string(), wantedInputSchema)])).default([]),
  /** A question is put that has these words in it. */
  asks: z.string().optional(),
  /** The answer has these words in it. */
  says: z.string().optional(),
});
type Case = z.infer<typeof caseSchema>;

const minimum = 0.95;
const tools = readToolset();
const effects = new Map(tools.map(({ name, effect }) => [name, effect]));

function readCases(file: string): Case[] {
  const path = fileURLToPath(new URL(`../../../evals/planner/${file}`, import.meta.url));
  return z.array(caseSchema).parse(parse(readFileSync(path, "utf8")));
}

/** What is wrong with an outcome; null when it is as expected. */
function findFault(expected: Case, { calls, answer }: Outcome): string | null {
  const wanted = expected.calls.map((call) =>
    typeof call === "string"
      ? { tool: call, input: {} }
      : { tool: Object.keys(call)[0] ?? "", input: Object.values(call)[0] ?? {} },
  );
  const { unmet, left } = assignCalls(wanted, uniqueCalls(calls));
  if (unmet[0])
    return `expected ${unmet[0].tool} ${JSON.stringify(unmet[0].input)}, got ${JSON.stringify(calls)} ${answer.slice(0, 120)}`;
  if (left.length > 0) return `not expected: ${JSON.stringify(left)}`;
  if (expected.asks !== undefined && !(answer.includes("?") && hasWords(answer, expected.asks)))
    return `expected a question with "${expected.asks}", got: ${answer.slice(0, 200)}`;
  if (expected.says !== undefined && !hasWords(answer, expected.says))
    return `expected "${expected.says}" in: ${answer.slice(0, 200)}`;
  return null;
}

function uniqueCalls(calls: readonly MadeCall[]): MadeCall[] {
  // The second, wider try of a search that found nothing is the same search.
  return calls.filter(
    (call, index) => call.tool !== "search_knowledge" || calls.findIndex(({ tool }) => tool === call.tool) === index,
  );
}

/** Something would have been changed that nobody asked for: the one kind of fault that is never accepted. */
function hasWrongEffect(expected: Case, { calls }: Outcome): boolean {
  const wanted = new Set(expected.calls.map((call) => (typeof call === "string" ? call : Object.keys(call)[0])));
  return calls.some(({ tool }) => effects.get(tool) !== "read" && !wanted.has(tool));
}

describe.each(["tuned.yaml", "held-out.yaml"])("the planner's reading of %s", { timeout: 60_000 }, (file) => {
  it("chooses the right tools with the right arguments, and never one with a wrong effect", async () => {
    const cases = readCases(file);
    const misses: string[] = [];
    const wrongEffects: string[] = [];
    for (const one of cases) {
      const messages = typeof one.say === "string" ? [one.say] : one.say;
      const outcome = await converse(messages, tools);
      const fault = findFault(one, outcome);
      if (fault !== null) misses.push(`${messages.join(" / ").slice(0, 100)}\n    ${fault}`);
      if (hasWrongEffect(one, outcome)) wrongEffects.push(messages.join(" / "));
    }
    const share = 1 - misses.length / cases.length;
    if (misses.length > 0)
      console.warn(`${file}: ${misses.length} of ${cases.length} missed\n- ${misses.join("\n- ")}`);
    expect(wrongEffects).toEqual([]);
    expect(share).toBeGreaterThanOrEqual(minimum);
  });
});
