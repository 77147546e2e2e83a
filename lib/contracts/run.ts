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

/** Bounds of one run; each ends in `budget_exhausted` with the bound's name. */
export interface RunBudget {
  steps: number;
  toolCalls: number;
  tokens: number;
  wallMs: number;
}
export const defaultRunBudget: RunBudget = { steps: 24, toolCalls: 60, tokens: 400_000, wallMs: 20 * 60_000 };

export const usageSchema = z.object({ inputTokens: z.number(), outputTokens: z.number() });
export type Usage = z.infer<typeof usageSchema>;

export const startRunSchema = z.strictObject({
  message: z.string().trim().min(1, "write a message first").max(200_000),
  conversationId: z.string().optional(),
});

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
  error: { code: string; message: string; hint?: string } | null;
  waitingOn: string | null;
  createdAt: string;
  finishedAt: string | null;
}
