import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import { z } from "zod";
import type { Tool, ToolContext, ToolOutcome } from "@/lib/contracts/tool";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { claimRun, workerName } from "@/lib/db/claims";
import { pool } from "@/lib/db/client";
import { readAllEvents } from "@/lib/db/events";
import { getRunView } from "@/lib/db/run-view";
import { createRun } from "@/lib/db/runs";
import { testDatabase, testUser } from "@/lib/db/testing";
import { currentTime } from "@/lib/tools/builtin/current-time";
import { defineTool } from "@/lib/tools/define-tool";
import { defaultBudget, type RunBudget } from "@/lib/contracts/run";
import type { LoopPorts } from "./ports";
import { runChat } from "./run-loop";
import { type ScriptedReply, scriptedModel, stepsInPrompt } from "./testing";

/** The person of the test at work; a new one for each test. */
export const person: { viewer: Viewer } = {
  viewer: { kind: "viewer", userId: "", role: "owner", via: "session", scopes: [] },
};

/** A database of its own for a test file, and a new person for each of its tests. */
export function setUpLoop(): void {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  beforeAll(async () => {
    database = await testDatabase();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await pool().query(`UPDATE "Run" SET status = 'done', "finishedAt" = now() WHERE "finishedAt" IS NULL`);
    person.viewer = await testUser();
  });
}

/** Ports with a model that follows the script: by the number of steps it sees, or by the number of calls. */
export function ports(
  script: (step: number, call: number) => ScriptedReply,
  tools: Tool[] = [currentTime],
  budget: Partial<RunBudget> = {},
) {
  const { model, calls } = scriptedModel((options, call) => script(stepsInPrompt(options), call));
  const given: LoopPorts = {
    resolveModel: async () => ({ model, label: "Scripted", provider: "scripted" }),
    listTools: async () => tools,
    getTimeZone: async () => "UTC",
    getBudget: async () => ({ ...defaultBudget, run: { ...defaultBudget.run, ...budget } }),
  };
  return { given, calls };
}

/** A tool that notes every call and then does what the test says. */
export function probe(
  name: string,
  effect: Tool["effect"],
  act: (input: { n?: number }, context: ToolContext) => Promise<ToolOutcome> | ToolOutcome,
) {
  const seen: { n: number | undefined; key: string }[] = [];
  const tool = defineTool({
    name,
    title: `Probe ${name}`,
    description: "A probe of the tests.",
    effect,
    idempotency: effect === "read" ? "read" : "none",
    timeoutMs: 5000,
    input: z.strictObject({ n: z.number().optional() }),
    output: z.unknown(),
    execute: async (input, context) => {
      seen.push({ n: input.n, key: context.idempotencyKey });
      return act(input, context);
    },
  });
  return { tool, seen };
}
/** Where a tool of a module comes from. */
export const moduleSource = {
  kind: "module",
  moduleId: "mod_1",
  category: "a",
  name: "b",
  digest: "sha256:1",
  operation: "o",
} as const;
/** A tool's answer. */
export const done = (output: unknown): ToolOutcome => ({ kind: "done", output });

/** Sends a message. */
export async function start(message: string, conversationId?: string) {
  return createRun(person.viewer, { message, via: "api", ...(conversationId ? { conversationId } : {}) });
}

/** Claims the run and works on it as a worker does. */
export async function work(runId: string, given: LoopPorts, interrupt = new AbortController()) {
  const claimed = await claimRun(asSystem("worker"), workerName(1));
  expect(claimed?.runId).toBe(runId);
  if (claimed) await runChat(claimed, given, interrupt);
  return getRunView(person.viewer, runId);
}

/** Both, and everything there is to see afterwards. */
export async function run(message: string, given: LoopPorts, conversationId?: string) {
  const created = await start(message, conversationId);
  const view = await work(created.runId, given);
  return { ...created, view, events: await readAllEvents(person.viewer, created.conversationId) };
}

/** From now on the database refuses such events for good, as it does text that its encoding does not know. `when` is SQL about NEW. */
export async function refuseEvents(when: string): Promise<() => Promise<unknown>> {
  await pool().query(`CREATE FUNCTION refuse_events() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING ERRCODE = '22P05', MESSAGE = 'character has no equivalent'; END $$`);
  await pool().query(
    `CREATE TRIGGER refuse_events BEFORE INSERT ON "Event" FOR EACH ROW WHEN (${when}) EXECUTE FUNCTION refuse_events()`,
  );
  return () => pool().query(`DROP FUNCTION refuse_events CASCADE`);
}
