import type { ApprovalKind, ApprovalStatus } from "@/lib/contracts/approval";

type Decision = Exclude<ApprovalStatus, "pending">;

const permission: Record<Decision, string> = {
  allowed: "You allowed this",
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

/** How a question was answered, in one line. `reach` is how far an "allow" goes, where that is known. */
export function describeDecision(kind: ApprovalKind, decision: Decision, reach: "once" | "always" | null): string {
  if (kind === "outcome") return outcome[decision];
  if (decision !== "allowed" || reach === null) return permission[decision];
  return reach === "always" ? "You allowed this, now and always" : "You allowed this once";
}
