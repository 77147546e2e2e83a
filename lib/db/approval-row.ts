import type { Effect } from "@/lib/contracts/tool";
import type { ApprovalItem, ApprovalKind, ApprovalLine, ApprovalStatus } from "@/lib/contracts/approval";

export interface ApprovalRequest {
  title: string;
  lines: ApprovalLine[];
  world?: ApprovalLine[];
  effect: Effect;
  taintedBy?: string;
  /** What "always" can be narrowed by; left out where only "once" is offered. */
  grantable?: { argument: string; label: string; value: string }[];
  /** The arguments themselves, for the grant that may come of it. */
  arguments?: Record<string, unknown>;
  toolVersion?: string;
}

export interface ApprovalRow {
  id: string;
  kind: ApprovalKind;
  round: number;
  runId: string;
  conversationId: string;
  callId: string;
  tool: string;
  argumentsHash: string;
  worldHash: string | null;
  request: ApprovalRequest;
  status: ApprovalStatus;
  note: string | null;
  expiresAt: Date;
  createdAt: Date;
  decidedAt: Date | null;
}

/** As programs and pages see it. */
export function toItem(row: ApprovalRow): ApprovalItem {
  const { id, kind, runId, conversationId, callId, tool, round, status, note } = row;
  const { title, lines, world, effect, taintedBy, grantable } = row.request;
  return {
    approvalId: id,
    kind,
    runId,
    conversationId,
    callId,
    tool,
    title,
    lines,
    round,
    effect,
    status,
    note,
    ...(world ? { world } : {}),
    ...(taintedBy === undefined ? {} : { taintedBy }),
    ...(grantable ? { grantable } : {}),
    expiresAt: row.expiresAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
    decidedAt: row.decidedAt?.toISOString() ?? null,
  };
}
