import type { ApprovalRow } from "@/lib/db/approvals";

/** An approval as programs and pages see it. */
export function toApprovalReply(row: ApprovalRow) {
  const { id, runId, conversationId, callId, tool, request, status, note } = row;
  return {
    approvalId: id,
    runId,
    conversationId,
    callId,
    tool,
    ...request,
    status,
    note,
    expiresAt: row.expiresAt.toISOString(),
    createdAt: row.createdAt.toISOString(),
  };
}
