import type { ApprovalItem } from "@/lib/contracts/approval";
import type { ApprovalView } from "@/lib/conversation/run-view";

/** A question as listed, in the shape in which the chat has it from the log. */
export function toApprovalView(item: ApprovalItem): ApprovalView {
  const { approvalId, kind, callId, tool, title, lines, world, round, effect, taintedBy, grantable, expiresAt } = item;
  return {
    request: {
      approvalId,
      kind,
      callId,
      tool,
      title,
      lines,
      round,
      effect,
      expiresAt,
      ...(world ? { world } : {}),
      ...(taintedBy === undefined ? {} : { taintedBy }),
      ...(grantable ? { grantable } : {}),
    },
    decision: item.status,
    note: item.note,
    grantId: null,
  };
}
