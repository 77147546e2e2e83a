import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AppError, errorCodes } from "@/lib/contracts/errors";
import type { Tool, ToolContext, ToolOutcome } from "@/lib/contracts/tool";
import { toZod } from "@/lib/module-host/validate-output";
import { currentTime, describeInstant } from "@/lib/tools/builtin/current-time";
import { solveMath } from "@/lib/tools/builtin/solve-math";
import { evalsFolder } from "./evals-folder";

/** The day of the recordings, for the system text and the clock. */
export const recordedAt = new Date("2026-11-24T14:05:09Z");

const toolSchema = z
  .strictObject({
    name: z.string(),
    title: z.string(),
    description: z.string(),
    questions: z.array(z.string()),
    effect: z.enum(["read", "write", "destroy"]),
    schema: z.record(z.string(), z.unknown()),
  })
  .transform(({ schema, ...tool }) => ({ ...tool, inputJsonSchema: schema, input: toZod(schema) }));
export type RecordedTool = z.infer<typeof toolSchema>;

const failureSchema = z.strictObject({
  error: z.strictObject({ code: z.enum(errorCodes), message: z.string(), hint: z.string().optional() }),
});
const resultsSchema = z.record(z.string(), z.json());
export type RecordedResults = z.infer<typeof resultsSchema>;

/** The built-in tools and those of nine modules, as they are offered to a model. */
export function readToolset(): RecordedTool[] {
  return z.array(toolSchema).parse(readJson("toolset.json"));
}

/** What each tool answers unless a case says otherwise. `"{name}"` stands for the argument of that name. */
export function readResults(): RecordedResults {
  return resultsSchema.parse(readJson("results.json"));
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(join(evalsFolder(), "planner", name), "utf8"));
}

/**
 * A recorded tool for the product's own door: what it is asked is checked against its schema there, and nothing happens. Every
 * effect is played as a read, that is, as if the person had allowed it.
 */
export function toPlayedTool(recorded: RecordedTool, results: RecordedResults): Tool {
  const { name, title, description, questions, inputJsonSchema, input } = recorded;
  const [, category, module] = /\(module ([\w-]+)\/([\w-]+)\)$/.exec(description) ?? [];
  return {
    name,
    title,
    description,
    questions,
    inputJsonSchema,
    effect: "read",
    idempotency: "read",
    timeoutMs: 10_000,
    source:
      category && module
        ? { kind: "module", moduleId: "recorded", category, name: module, digest: "recorded", operation: name }
        : { kind: "builtin" },
    input,
    output: z.json(),
    execute: async (given, context) => play(name, given, context, results[name]),
  };
}

/** Pure tools work as they always do; the clock stands still at the day of the recordings. */
async function play(
  name: string,
  input: unknown,
  context: ToolContext,
  result: z.infer<ReturnType<typeof z.json>> | undefined,
): Promise<ToolOutcome> {
  if (result === undefined) {
    if (name === solveMath.name) return solveMath.execute(input, context);
    if (name === currentTime.name) return tellRecordedTime(input, context);
    throw new Error(`evals/planner/results.json has no result of ${name}.`);
  }
  const failed = failureSchema.safeParse(result);
  if (failed.success) {
    const { code, message, hint } = failed.data.error;
    throw new AppError(code, message, hint === undefined ? {} : { hint });
  }
  return {
    kind: "done",
    output: fillIn(result, toRecord(input)),
    ...(name === "load_web_page" ? { tainted: true, source: "example.com" } : {}),
  };
}

async function tellRecordedTime(input: unknown, context: ToolContext): Promise<ToolOutcome> {
  // The recordings are of UTC, as the system text of the cases says.
  const now = await currentTime.execute({ time_zone: "UTC", ...toRecord(input) }, context);
  if (now.kind !== "done") return now;
  const { time_zone } = z.object({ time_zone: z.string() }).parse(now.output);
  return { ...now, output: describeInstant(recordedAt, time_zone) };
}

/** Texts that are `{name}` as a whole become the argument, null when it was not given. */
export function fillIn(value: unknown, input: Record<string, unknown>): unknown {
  if (typeof value === "string") {
    const name = /^\{(\w+)\}$/.exec(value)?.[1];
    return name === undefined ? value : (input[name] ?? null);
  }
  if (Array.isArray(value)) return value.map((item) => fillIn(item, input));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, fillIn(part, input)]));
}

/** The arguments of a call by name; none when they are no object. */
export function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
