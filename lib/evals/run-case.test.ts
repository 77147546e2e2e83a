import { APICallError } from "@ai-sdk/provider";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createPlanner } from "@/lib/models/planner/planner";
import { type ScriptedReply, scriptedModel, stepsInPrompt } from "@/lib/orchestrator/testing";
import { readResults, readToolset } from "./recorded-tools";
import { runCase, type Subject } from "./run-case";
import { runEvals } from "./run-evals";
import { evalCase } from "./testing";

const toolset = readToolset();
const { signal } = new AbortController();
// Whoever asks a database here gets none.
beforeEach(() => vi.stubEnv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none"));

function scripted(reply: (step: number, call: number) => ScriptedReply) {
  const { model, calls } = scriptedModel((options, call) => reply(stepsInPrompt(options), call));
  const subject: Subject = { model, label: "Scripted", provider: "scripted" };
  return { subject, calls };
}
const play = (subject: Subject, fields: Parameters<typeof evalCase>[0]) =>
  runCase(evalCase(fields), subject, toolset, readResults(), signal);
const outputIn = (prompt: unknown) => JSON.stringify(prompt);

describe("a played case", () => {
  it("shows the model what the product would show it: the instructions, every tool, and results with a fence around foreign text", async () => {
    const { subject, calls } = scripted((step) =>
      step === 0 ? { calls: [{ tool: "library_list_loans", input: {} }] } : { text: "Two loans." },
    );
    const outcome = await play(subject, { query: "my loans" });
    expect(outcome).toMatchObject({
      calls: [{ tool: "library_list_loans", input: {} }],
      answer: "Two loans.",
      status: "done",
      usage: { inputTokens: 20, outputTokens: 10 },
    });
    expect(outputIn(calls[0]?.prompt)).toContain("Today is Tuesday, 24 November 2026");
    expect(calls[0]?.tools?.map(({ name }) => name)).toEqual(toolset.map(({ name }) => name));
    expect(calls[0]?.tools?.[0]).toMatchObject({ providerOptions: { burgeon: { title: "Calculate" } } });
    expect(outputIn(calls[1]?.prompt)).toMatch(/<untrusted source=.{0,4}books\/library.*Kindred/s);
  });

  it("calculates in earnest, tells the recorded time and gives back what was asked with", async () => {
    const { subject } = scripted((step) =>
      step === 0
        ? {
            calls: [
              { tool: "math_solver", input: { expression: "0.15 * 86.40" } },
              { tool: "current_time", input: { time_zone: "Asia/Tokyo" } },
              { tool: "disable_module", input: { category: "books", name: "library" } },
            ],
          }
        : { text: "Done." },
    );
    const { calls } = await play(subject, {});
    expect(calls.map(({ output }) => output)).toMatchObject([
      { result: "12.96" },
      { date: "2026-11-24", time: "23:05:09", weekday: "Tuesday" },
      { category: "books", name: "library", state: "disabled" },
    ]);
  });

  it("answers wrong arguments and unknown tools as the product does, and the model may go on", async () => {
    const { subject, calls } = scripted((step) => {
      if (step === 0) return { calls: [{ tool: "petstore_delete_pet", input: { petId: "seven" } }] };
      return step === 1 ? { calls: [{ tool: "fly", input: {} }] } : { text: "No." };
    });
    const outcome = await play(subject, {});
    expect(outputIn(calls[1]?.prompt)).toContain("The arguments of petstore_delete_pet are not valid");
    expect(outputIn(calls[2]?.prompt)).toContain("There is no tool named");
    expect(outcome.calls.map(({ output }) => output)).toEqual([null, null]);
  });

  it("puts the case's own results in place of the recorded ones, failures too", async () => {
    const { subject, calls } = scripted((step) =>
      step === 0
        ? {
            calls: [
              { tool: "search_knowledge", input: { query: "lena" } },
              { tool: "library_list_loans", input: {} },
            ],
          }
        : { text: "Seoul." },
    );
    const outcome = await play(subject, {
      results: {
        search_knowledge: { results: [{ excerpt: "Lena lives in Seoul." }] },
        library_list_loans: { error: { code: "auth-expired", message: "The key is no longer accepted." } },
      },
    });
    expect(outputIn(calls[1]?.prompt)).toContain("Lena lives in Seoul.");
    expect(outputIn(calls[1]?.prompt)).toContain("The key is no longer accepted.");
    expect(outcome.calls.map(({ output }) => output === null)).toEqual([false, true]);
  });

  it("judges the last message of a conversation and remembers the tools of all", async () => {
    const { subject, calls } = scripted((step, call) =>
      call === 1 ? { calls: [{ tool: "list_modules", input: {} }] } : { text: `Answer ${step}` },
    );
    const outcome = await play(subject, { query: ["first", "second"] });
    expect(outcome).toMatchObject({ calls: [], toolsOfConversation: ["list_modules"], answer: "Answer 0" });
    expect(outputIn(calls.at(-1)?.prompt)).toContain("Answer 1");
  });

  it("ends a model that never ends, at the budget of a run", async () => {
    const { subject } = scripted(() => ({ calls: [{ tool: "list_modules", input: {} }] }));
    expect(await play(subject, {})).toMatchObject({ status: "budget_exhausted" });
  });

  it("plays the built-in planner without a database", async () => {
    const planner = { model: createPlanner(), label: "Built-in planner", provider: "planner" };
    const outcome = await play(planner, { query: "Switch my library module back on" });
    expect(outcome.calls.map(({ tool }) => tool)).toEqual(["list_modules", "enable_module"]);
  });
});

describe("a model that gives no answer", () => {
  const refused = () =>
    new APICallError({ message: "no", url: "https://models.example", requestBodyValues: {}, statusCode: 401 });

  it("is not asked again when that is of no use, and the case says why", async () => {
    const { subject, calls } = scripted(() => ({ error: refused() }));
    expect(await play(subject, {})).toMatchObject({ status: "failed", error: "Scripted refused the key (401)." });
    expect(calls).toHaveLength(1);
  });

  it("is asked again after a fault that may pass", async () => {
    const busy = new APICallError({
      message: "busy",
      url: "https://models.example",
      requestBodyValues: {},
      statusCode: 429,
      responseHeaders: { "retry-after": "0" },
    });
    const { subject, calls } = scripted((_, call) => (call < 3 ? { error: busy } : { text: "Here." }));
    expect(await play(subject, {})).toMatchObject({ status: "done", answer: "Here." });
    expect(calls).toHaveLength(3);
  });

  it("ends the evaluation after three cases in a row, and nothing is met", async () => {
    const { subject, calls } = scripted(() => ({ error: refused() }));
    const cases = Array.from({ length: 9 }, (_, index) => evalCase({ id: `case-${index}` }));
    const report = await runEvals(cases, subject, toolset, { signal });
    expect(report).toMatchObject({ cases: 3, passed: 0, unanswered: 3, met: false });
    expect(report.broken).toContain("refused the key");
    expect(calls).toHaveLength(3);
  });

  it("counts as wrong when it is one case among others", async () => {
    const { subject } = scripted((_, call) => (call === 2 ? { error: refused() } : { text: "Hello." }));
    const cases = Array.from({ length: 4 }, (_, index) => evalCase({ id: `case-${index}` }));
    const report = await runEvals(cases, subject, toolset, { signal });
    expect(report).toMatchObject({ cases: 4, passed: 3, unanswered: 1, broken: null, met: false });
    expect(report.metrics.tool_selection_accuracy).toMatchObject({ value: 0.75, n: 4, threshold: 0.85 });
  });
});
