import type { ApprovalRow } from "@/lib/db/approval-row";
import { expireApproval, findApproval, requestApproval } from "@/lib/db/approvals";
import { retryEffect } from "@/lib/db/effects";
import { type Finished, toResult } from "./attempt-call";
import { describeCall } from "./describe-call";
import { reconcileEffect } from "./execute-tool";
import type { InvokeRequest, ParsedCall } from "./call";

/** `again`: it is known, or the person said, that it has to be done (once more). */
export type Resolved = Finished | { kind: "again" } | { kind: "wait"; on: "approval"; id: string };

/**
 * Finds out about an effect whose outcome nobody here knows: what the person answered, what the other side says, else the person
 * is asked. Nothing is ever assumed.
 * @param failed how the call of this very moment failed; left out after a crash
 */
export async function resolveOutcome(request: InvokeRequest, parsed: ParsedCall, failed?: Finished): Promise<Resolved> {
  const asked = await findApproval(request.viewer, request.runId, request.call.callId, "outcome");
  if (asked && asked.status !== "superseded") return readAnswer(request, parsed, asked);
  const seen = await reconcileEffect(request, parsed);
  if (seen.state === "done") return toResult(parsed.tool, { kind: "done", output: seen.output });
  if (seen.state === "undone") return failed ? { ...failed, isUncertain: false } : { kind: "again" };
  const { id } = await ask(request, parsed, (asked?.round ?? 0) + 1);
  return { kind: "wait", on: "approval", id };
}

/**
 * The same where the tool is gone, or means something else by now: a new version, other arguments. What the person answered about
 * the outcome counts; "do it now" cannot be followed any more.
 */
export async function readLeftEffect(
  request: InvokeRequest,
  left: { tool: string },
): Promise<Exclude<Resolved, { kind: "again" }>> {
  const asked = await findApproval(request.viewer, request.runId, request.call.callId, "outcome");
  if (asked?.status === "pending") return { kind: "wait", on: "approval", id: asked.id };
  if (asked?.status === "happened") return happened;
  return leave(left.tool, asked?.note, "What would do it was changed or removed since, so it was not tried again.");
}

const happened: Finished = {
  kind: "finished",
  ok: true,
  isUncertain: false,
  recorded: { ok: true, output: { note: "It happened: the person looked on the other side." } },
};

async function readAnswer(request: InvokeRequest, parsed: ParsedCall, asked: ApprovalRow): Promise<Resolved> {
  switch (asked.status) {
    case "pending":
      return { kind: "wait", on: "approval", id: asked.id };
    case "happened":
      return happened;
    case "allowed":
      // The answer is used up in the same transaction that makes the effect an intent again.
      await retryEffect(request.viewer, parsed.idempotencyKey, asked.id);
      return { kind: "again" };
    case "expired":
      await expireApproval(request.viewer, asked.id);
      return leave(parsed.tool.title);
    default:
      return leave(parsed.tool.title, asked.note);
  }
}

function leave(title: string, note: string | null = null, why?: string): Finished {
  const error = unknownOutcome(title, note, why);
  return { kind: "finished", ok: false, isUncertain: true, recorded: { ok: false, error } };
}

/** What the model and the person are told of an effect that nobody knows about. */
export function unknownOutcome(title: string, note: string | null = null, why = "It was not tried again.") {
  const said = note ? ` The person wrote: ${note}` : "";
  return {
    code: "unknown-outcome",
    message: `Burgeon was interrupted while "${title}" was under way and cannot tell whether it happened. ${why}${said}`,
    hint: "Look at the other side whether it happened, then ask again if it did not.",
  };
}

function ask(request: InvokeRequest, { tool, input, argumentsHash }: ParsedCall, round: number): Promise<ApprovalRow> {
  const { conversationId, runId, fence, call } = request;
  const { title, lines } = describeCall(tool, input);
  return requestApproval(request.viewer, {
    conversationId,
    runId,
    fence,
    callId: call.callId,
    kind: "outcome",
    round,
    tool: tool.name,
    argumentsHash,
    request: {
      title: `Burgeon was interrupted and does not know whether this happened: ${title}`,
      lines,
      effect: tool.effect === "destroy" ? "destroy" : "write",
    },
  });
}
