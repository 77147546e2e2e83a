import { z } from "zod";
import type { EventPayload } from "./conversation";

export const approvalKinds = ["permission", "outcome"] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

export const approvalStatuses = ["pending", "allowed", "denied", "expired", "happened", "superseded"] as const;
export type ApprovalStatus = (typeof approvalStatuses)[number];

/** One value that matters, in a person's words. */
export const approvalLineSchema = z.object({ label: z.string(), value: z.string() });
export type ApprovalLine = z.infer<typeof approvalLineSchema>;

/**
 * `POST /api/approvals/:id`. `always` gives a grant along with "allow"; the arguments named in `only` must then have the same
 * values as in this call. `happened` answers a question of the kind `outcome`; "allow" then means "do it now", "deny" "leave it".
 */
export const approvalAnswerSchema = z
  .strictObject({
    decision: z.enum(["allow", "deny", "happened"]),
    note: z.string().trim().max(2000).optional(),
    always: z.strictObject({ only: z.array(z.string().max(200)).max(20).default([]) }).optional(),
  })
  .refine(({ decision, always }) => always === undefined || decision === "allow", {
    path: ["always"],
    message: 'goes with "allow" only',
  });
export type ApprovalAnswer = z.infer<typeof approvalAnswerSchema>;

/** An approval as programs and pages see it. */
export interface ApprovalItem {
  approvalId: string;
  kind: ApprovalKind;
  runId: string;
  conversationId: string;
  callId: string;
  tool: string;
  title: string;
  lines: ApprovalLine[];
  world?: ApprovalLine[];
  round: number;
  /** `read`: it changes nothing, and tells a site on the open web what its address says. */
  effect: EventPayload<"approval-requested">["effect"];
  taintedBy?: string;
  grantable?: { argument: string; label: string; value: string }[];
  status: ApprovalStatus;
  note: string | null;
  expiresAt: string;
  createdAt: string;
  decidedAt: string | null;
}

/** A question as the log tells it. */
export function toRequested(item: ApprovalItem): EventPayload<"approval-requested"> {
  const { approvalId, kind, callId, tool, title, lines, world, round, effect, taintedBy, grantable, expiresAt } = item;
  return {
    ...{ approvalId, kind, callId, tool, title, lines, effect },
    ...(world ? { world } : {}),
    ...(round > 1 ? { round } : {}),
    ...(taintedBy === undefined ? {} : { taintedBy }),
    ...(grantable ? { grantable } : {}),
    expiresAt,
  };
}

/** A rule narrows a grant: the argument must have this value. */
export const grantRuleSchema = z.object({ argument: z.string(), equals: z.json() });
export type GrantRule = z.infer<typeof grantRuleSchema>;

/** "Always for this tool", as listed. */
export interface GrantItem {
  grantId: string;
  tool: string;
  title: string;
  /** In words: "only when calendar is Work". */
  rules: GrantRule[];
  uses: number;
  lastUsedAt: string | null;
  createdAt: string;
}
