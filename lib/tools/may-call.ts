import type { ApprovalRow } from "@/lib/db/approval-row";
import { expireApproval, findApproval, type NewApproval, requestApproval } from "@/lib/db/approvals";
import { listGrantsOf, useGrant } from "@/lib/db/grants";
import type { World } from "@/lib/contracts/tool";
import { hashOf } from "./canonical-json";
import { describeCall } from "./describe-call";
import { inspectWorld } from "./execute-tool";
import { type InvokeRequest, type ParsedCall, versionOf } from "./call";
import { decideCall, isGrantable } from "./policy";

/** `go`: the right is there, maybe as a grant, for what the call means now. `refused`: a sentence for the model. */
export type Permission =
  | { kind: "go"; target: unknown; grantId?: string }
  | { kind: "refused"; message: string }
  | { kind: "wait"; on: "approval"; id: string };

/**
 * Whether a call may be made now: by the policy, by a grant, or because the person has said so for exactly these arguments and
 * this state of the world. Otherwise the person is asked; the question is stored before it is shown. Once they were asked, their
 * answer decides, whatever the policy would say by then.
 * @throws LostRunError when the claim no longer holds
 */
export async function mayCall(request: InvokeRequest, parsed: ParsedCall): Promise<Permission> {
  const { viewer, runId, call, taintedBy } = request;
  const { tool, input } = parsed;
  const asked = await findApproval(viewer, runId, call.callId);
  if (asked) return readAnswer(request, parsed, asked);
  const grants = isGrantable(tool, taintedBy) ? await listGrantsOf(viewer, tool.name, versionOf(tool)) : [];
  const decision = decideCall(tool, taintedBy, grants, input, request.isKnownAddress);
  const world = await inspectWorld(request, parsed);
  const target = targetOf(world);
  if (decision === "run") return { kind: "go", target };
  if (decision !== "ask" && (await useGrant(viewer, decision.id))) return { kind: "go", target, grantId: decision.id };
  return ask(request, parsed, world, 1);
}

async function readAnswer(request: InvokeRequest, parsed: ParsedCall, asked: ApprovalRow): Promise<Permission> {
  switch (asked.status) {
    case "pending":
      return { kind: "wait", on: "approval", id: asked.id };
    case "allowed":
      return useAnswer(request, parsed, asked);
    case "expired":
      await expireApproval(request.viewer, asked.id);
      return { kind: "refused", message: "Nobody answered the approval in time, so nothing was done." };
    default:
      return { kind: "refused", message: `The person denied this.${asked.note ? ` They wrote: ${asked.note}` : ""}` };
  }
}

/** The right was given for these arguments, this version and this state of the world, and for nothing else. */
async function useAnswer(request: InvokeRequest, parsed: ParsedCall, asked: ApprovalRow): Promise<Permission> {
  if (asked.argumentsHash !== parsed.argumentsHash)
    return { kind: "refused", message: "What was approved is not what would be done now, so nothing was done." };
  const world = await inspectWorld(request, parsed);
  if (hashWorld(world) === asked.worldHash) return { kind: "go", target: targetOf(world) };
  return ask(request, parsed, world, asked.round + 1);
}

async function ask(
  request: InvokeRequest,
  parsed: ParsedCall,
  world: World | null,
  round: number,
): Promise<Permission> {
  const { id } = await requestApproval(request.viewer, toQuestion(request, parsed, world, round));
  return { kind: "wait", on: "approval", id };
}

function toQuestion(request: InvokeRequest, parsed: ParsedCall, world: World | null, round: number): NewApproval {
  const { conversationId, runId, fence, call, taintedBy } = request;
  const { tool, input, argumentsHash } = parsed;
  const described = describeCall(tool, input);
  return {
    conversationId,
    runId,
    fence,
    callId: call.callId,
    round,
    tool: tool.name,
    argumentsHash,
    worldHash: hashWorld(world),
    request: {
      ...described,
      ...(world?.title === undefined ? {} : { title: world.title }),
      effect: tool.effect,
      ...(world && world.lines.length > 0 ? { world: world.lines } : {}),
      ...(taintedBy === null ? {} : { taintedBy }),
      ...(isGrantable(tool, taintedBy) ? grantableOf(tool, input) : {}),
    },
  };
}

/** What "always" can be narrowed by, and the values that the narrowing will mean. */
function grantableOf(tool: ParsedCall["tool"], input: unknown) {
  const given = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  return {
    grantable: Object.entries(given)
      .filter(([, value]) => value !== undefined)
      .map(([argument, value]) => ({
        argument,
        label: argument.replaceAll("_", " "),
        value: (typeof value === "string" ? value : JSON.stringify(value)).slice(0, 200),
      })),
    arguments: given,
    toolVersion: versionOf(tool),
  };
}

const targetOf = (world: World | null): unknown => world?.target ?? null;

function hashWorld(world: World | null): string | null {
  return world === null ? null : hashOf(world.state);
}
