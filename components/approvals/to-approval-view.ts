import { type ApprovalItem, toRequested } from "@/lib/contracts/approval";
import type { ApprovalView } from "@/lib/conversation/run-view";

/** A question as listed, in the shape in which the chat has it from the log. */
export function toApprovalView(item: ApprovalItem): ApprovalView {
  return { request: toRequested(item), decision: item.status, note: item.note, grantId: null };
}
