import { APICallError, type LanguageModelV4CallOptions, type LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { defaultBudget } from "@/lib/contracts/run";
import { noUsage, type ScriptedReply, scriptedModel, stepsInPrompt } from "@/lib/orchestrator/testing";
import { runWorkerProcess } from "../worker-process";
import { blockThread, faultTools, Provider } from "./testing-fault-tools";
import { type Program, type ProgramStep, textOf, type Trick } from "./testing-program";

/** What a worker process of the fault tests is started with. */
export interface FaultWorkerOptions {
  providerUrl: string;
  concurrency: number;
  isWeb?: boolean;
}

const chunkChars = 3000;

/** The model reads its program in the message and where it is in the prompt, as every real one does. */
async function* answer(
  provider: Provider,
  asked: LanguageModelV4CallOptions,
): AsyncIterable<LanguageModelV4StreamPart> {
  const { id, steps } = readProgram(asked);
  const at = stepsInPrompt(asked);
  const step = steps[at] ?? {};
  const text = textOf(id, at, step);
  yield { type: "text-start", id: "1" };
  if (step.trick) yield* play(provider, step.trick, `${id}-${at}`, asked.abortSignal);
  for (let from = 0; from < text.length; from += chunkChars)
    yield { type: "text-delta", id: "1", delta: text.slice(from, from + chunkChars) };
  yield { type: "text-end", id: "1" };
  for (const [index, call] of (step.calls ?? []).entries())
    yield {
      type: "tool-call",
      toolCallId: `${id}-${at}-${index}`,
      toolName: call.tool,
      input: JSON.stringify({ thing: call.thing, ...(call.ms === undefined ? {} : { ms: call.ms }) }),
    };
  yield {
    type: "finish",
    finishReason: { unified: step.calls ? "tool-calls" : "stop", raw: undefined },
    usage: noUsage,
  };
}

async function* play(
  provider: Provider,
  { kind, ms = 0, times }: Trick,
  name: string,
  signal: AbortSignal | undefined,
): AsyncIterable<LanguageModelV4StreamPart> {
  const { count } = await provider.send("POST", "count", `attempts of ${name}`);
  if (times !== undefined && Number(count) > times) return;
  if (kind === "poison") process.kill(process.pid, "SIGKILL");
  else if (kind === "block") blockThread(ms);
  else if (kind === "pause") await pause(ms, signal);
  else if (kind === "reset") throw Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  else if (kind === "stall") {
    yield { type: "text-delta", id: "1", delta: "Half an answ" };
    await pause(ms || 120_000, signal);
  } else {
    const response = await provider.request("POST", "model", name);
    if (response.ok) return;
    throw new APICallError({
      message: "told to",
      url: "http://provider",
      requestBodyValues: {},
      statusCode: response.status,
      responseHeaders: Object.fromEntries(response.headers),
    });
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function readProgram(asked: LanguageModelV4CallOptions): { id: string; steps: ProgramStep[] } {
  const message = asked.prompt.findLast((one) => one.role === "user");
  const part = message?.content.find((one) => one.type === "text");
  if (part?.type !== "text") throw new Error("the message holds no program");
  return JSON.parse(part.text) as Program;
}

if (process.argv[2]) {
  const { providerUrl, concurrency } = JSON.parse(process.argv[2]) as FaultWorkerOptions;
  const provider = new Provider(providerUrl);
  const reply = (asked: LanguageModelV4CallOptions): ScriptedReply => ({ parts: () => answer(provider, asked) });
  const { model } = scriptedModel(reply);
  const tools = faultTools(providerUrl);
  // A soak has more runs in an hour than a person has in a day.
  const budget = { ...defaultBudget, day: { runs: 100_000, tokens: 1_000_000_000, costMicros: 1_000_000_000 } };
  await runWorkerProcess(
    {
      resolveModel: async () => ({ model, label: "Scripted", provider: "scripted" }),
      listTools: async () => tools,
      getTimeZone: async () => "UTC",
      getBudget: async () => budget,
      executeBuild: () => Promise.reject(new Error("no builds here")),
      findBuildOutcome: async () => null,
      scan: async () => undefined,
    },
    concurrency,
  );
}
