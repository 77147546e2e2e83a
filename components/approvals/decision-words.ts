import type { ApprovalKind, ApprovalStatus } from "@/lib/contracts/approval";

type Decision = Exclude<ApprovalStatus, "pending">;

const permission: Record<Decision, string> = {
  allowed: "You allowed this once",
  denied: "You denied this; nothing was done",
  expired: "Not answered in time; nothing was done",
  happened: "You said that it happened",
  superseded: "Asked anew, because something changed",
};

const outcome: Record<Decision, string> = {
  ...permission,
  allowed: "You had it done again",
  denied: "You left it as it is",
  expired: "Not answered in time; it was left as it is",
};

/** How a question was answered, in one line. */
export function describeDecision(kind: ApprovalKind, decision: Decision, grantId: string | null): string {
  if (kind === "outcome") return outcome[decision];
  return decision === "allowed" && grantId !== null ? "You allowed this, now and always" : permission[decision];
}
