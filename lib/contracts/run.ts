import { z } from "zod";

export const runStatuses = [
  "queued",
  "running",
  "waiting",
  "done",
  "failed",
  "stopped",
  "dead",
  "budget_exhausted",
] as const;
export type RunStatus = (typeof runStatuses)[number];
export const finishedRunStatuses = ["done", "failed", "stopped", "dead", "budget_exhausted"] as const;

export function isFinished(status: RunStatus): boolean {
  return (finishedRunStatuses as readonly string[]).includes(status);
}

const bound = z.number().int().min(1);

/** Bounds of one run; each ends in `budget_exhausted` with the bound's name. */
export const runBudgetSchema = z.strictObject({
  steps: bound.max(200),
  toolCalls: bound.max(1000),
  tokens: bound.max(100_000_000),
  /** Millionths of a US dollar; counted where the model's price is known. */
  costMicros: bound.max(1_000_000_000),
  wallMs: bound.max(24 * 60 * 60_000),
});
export type RunBudget = z.infer<typeof runBudgetSchema>;

/** Bounds of one person's day (UTC), over all their runs. */
export const dayBudgetSchema = z.strictObject({
  runs: bound.max(100_000),
  tokens: bound.max(1_000_000_000),
  costMicros: bound.max(10_000_000_000),
});
export type DayBudget = z.infer<typeof dayBudgetSchema>;

/** `GET` and `PUT /api/settings/budget`. */
export const budgetSchema = z.strictObject({ run: runBudgetSchema, day: dayBudgetSchema });
export type Budget = z.infer<typeof budgetSchema>;

export const defaultBudget: Budget = {
  run: { steps: 24, toolCalls: 60, tokens: 400_000, costMicros: 2_000_000, wallMs: 20 * 60_000 },
  day: { runs: 2000, tokens: 5_000_000, costMicros: 20_000_000 },
};

/** Names of bounds as they stand in `run-finished`: those of a day begin with `day`. */
export type BoundName = keyof RunBudget | "dayRuns" | "dayTokens" | "dayCostMicros";

/** What one person used on one day (UTC). */
export interface DayUsage {
  /** `YYYY-MM-DD`. */
  day: string;
  runs: number;
  steps: number;
  toolCalls: number;
  inputTokens: number;
  outputTokens: number;
  costMicros: number;
}

export const usageSchema = z.object({ inputTokens: z.number(), outputTokens: z.number() });
export type Usage = z.infer<typeof usageSchema>;

/**
 * `POST /api/runs`. A message goes to the end of the conversation's path; with `parentRunId` it follows that turn and is a
 * sibling of what followed it before (an edited question). `regenerate` asks a turn's question again; `fork` begins with the
 * steps of a run up to one of them. Exactly one of `message`, `regenerate` and `fork` says what is to be done.
 */
export const startRunSchema = z
  .strictObject({
    message: z.string().trim().min(1, "write a message first").max(200_000).optional(),
    conversationId: z.string().optional(),
    parentRunId: z.string().nullable().optional(),
    regenerate: z.string().optional(),
    fork: z.strictObject({ runId: z.string(), step: z.int().min(1) }).optional(),
  })
  .refine(
    ({ message, regenerate, fork }) => [message, regenerate, fork].filter((one) => one !== undefined).length === 1,
    { message: "give a message, or the run to regenerate, or the step to fork from" },
  );
export type StartRun = z.infer<typeof startRunSchema>;

/** `GET /api/runs/:id`. */
export interface RunView {
  runId: string;
  conversationId: string;
  status: RunStatus;
  /** The assistant's text so far; final once the run is finished. */
  answer: string;
  steps: { step: number; attempts: number; finishReason: string | null; toolCalls: string[] }[];
  toolCalls: { callId: string; tool: string; input: unknown; status: string; output?: unknown; error?: string }[];
  usage: Usage;
  /** Millionths of a US dollar, as far as prices are known. */
  costMicros: number;
  error: { code: string; message: string; hint?: string } | null;
  waitingOn: string | null;
  createdAt: string;
  finishedAt: string | null;
}

/** One run in the list of Activity. */
export interface RunListItem {
  runId: string;
  conversationId: string;
  conversationTitle: string;
  kind: "chat" | "build";
  status: RunStatus;
  /** The question, cut to a line. */
  question: string;
  model: string | null;
  steps: number;
  toolCalls: number;
  usage: Usage;
  costMicros: number;
  /** Workers it took; above 1 when one was lost. */
  attempts: number;
  createdAt: string;
  finishedAt: string | null;
  /** Time at work, without waiting for people and builds. */
  workedMs: number;
  error: { code: string; message: string; hint?: string } | null;
}
