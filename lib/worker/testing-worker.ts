import { appendFileSync } from "node:fs";
import pg from "pg";
import { z } from "zod";
import { defaultBudget } from "@/lib/contracts/run";
import type { Tool } from "@/lib/contracts/tool";
import { noUsage, type ScriptedReply, scriptedModel, stepsInPrompt } from "@/lib/orchestrator/testing";
import { defineTool } from "@/lib/tools/define-tool";
import type { WorkerPorts } from "./ports";
import { runWorkerProcess } from "./worker-process";

/** A worker of the tests: a real process with a scripted model, which kills itself with -9 at the nth write of a run. */
export interface TestWorkerOptions {
  /** Every tool call appends a line here. */
  callsFile: string;
  /** Counted from 1 over the statements that write; null: lives. */
  killAt: { statement: number; when: "before" | "after" } | null;
  script: "tools" | "endless";
}

const writes = ["append-one", "append-events", "record-intent", "record-outcome", "wait-on", "finish-run"];
const chunk = "Lorem ipsum dolor sit amet. ".repeat(150); // longer than one write takes, so each is written at once

/** Ports of the tests: a read, an effect that may not be repeated, then an answer in three writes. */
export function testPorts(options: TestWorkerOptions): WorkerPorts {
  const { model } = scriptedModel((asked) => (options.script === "endless" ? endless() : reply(stepsInPrompt(asked))));
  return {
    resolveModel: async () => ({ model, label: "Scripted", provider: "scripted" }),
    listTools: async () => [
      probe("look_up", "read", options.callsFile),
      probe("send_letter", "write", options.callsFile),
    ],
    getTimeZone: async () => "UTC",
    getBudget: async () => defaultBudget,
    executeBuild: () => Promise.reject(new Error("no builds here")),
    findBuildOutcome: async () => null,
    scan: async () => undefined,
  };
}

export const finalAnswer = ["Looking.", `${chunk}${chunk}${chunk}The end.`].join("\n\n");

function reply(step: number): ScriptedReply {
  if (step === 0) return { text: "Looking.", calls: [{ tool: "look_up", input: {} }] };
  if (step === 1) return { calls: [{ tool: "send_letter", input: {} }] };
  return { text: [chunk, chunk, chunk, "The end."] };
}

function endless(): ScriptedReply {
  return {
    parts: async function* ({ abortSignal }) {
      yield { type: "text-delta", id: "1", delta: "Once upon a time" };
      await new Promise((resolve) => abortSignal?.addEventListener("abort", resolve));
      yield { type: "finish", finishReason: { unified: "stop", raw: undefined }, usage: noUsage };
    },
  };
}

function probe(name: string, effect: Tool["effect"], callsFile: string): Tool {
  return defineTool({
    name,
    title: name,
    description: "A probe of the tests.",
    effect,
    idempotency: effect === "read" ? "read" : "none",
    timeoutMs: 5000,
    input: z.strictObject({}),
    output: z.object({ ok: z.boolean() }),
    async execute() {
      appendFileSync(callsFile, `${name}\n`);
      return { kind: "done", output: { ok: true } };
    },
  });
}

function armKill(killAt: NonNullable<TestWorkerOptions["killAt"]>): void {
  const query = pg.Pool.prototype.query;
  let count = 0;
  const die = () => {
    process.kill(process.pid, "SIGKILL");
    return new Promise<never>(() => undefined);
  };
  Object.defineProperty(pg.Pool.prototype, "query", {
    value: async function (this: pg.Pool, statement: { name?: string }, ...rest: unknown[]) {
      const isWrite = writes.includes(statement.name ?? "");
      if (isWrite) count += 1;
      const isTurn = isWrite && count === killAt.statement;
      if (isTurn && killAt.when === "before") await die();
      const result: unknown = await Reflect.apply(query, this, [statement, ...rest]);
      if (isTurn && killAt.when === "after") await die();
      return result;
    },
  });
}

if (process.argv[2]) {
  const options = JSON.parse(process.argv[2]) as TestWorkerOptions;
  if (options.killAt) armKill(options.killAt);
  await runWorkerProcess(testPorts(options), 2);
}
