import { z } from "zod";
import { approvalKinds, approvalLineSchema } from "./approval";
import { buildOutcomeSchema, buildPlanSchema } from "./build";
import { findingSchema } from "./finding";
import { moduleTestResultSchema } from "./module";
import { usageSchema } from "./run";

/** A tool call as the model asked for it. */
export const toolCallSchema = z.object({ callId: z.string(), tool: z.string(), input: z.json() });
export type ToolCall = z.infer<typeof toolCallSchema>;

const effect = z.enum(["read", "write", "destroy"]);
const stepBeginning = z.object({ model: z.string() });
const callBeginning = z.object({
  title: z.string(),
  effect,
  attempt: z.number(),
});
const failure = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });

/**
 * Version of the shapes below. Whoever changes one in any other way than by an optional field raises it and writes what turns
 * the older shape into the newer one (lib/db/upcast.ts); logs are kept as they were written. It is also raised where an older
 * Burgeon would read something else out of a log than what happened.
 */
export const logVersion = 3;

/**
 * Everything that can happen in a conversation. Names are nouns with a past verb; payloads only grow by optional
 * fields. Text of an answer is stored once, as it streams: the text of a step is the concatenation of the
 * `text-appended` events of its last attempt.
 */
export const eventPayloadSchemas = {
  /** What the person wrote. Keys pasted by mistake are masked before this is stored. */
  "message-sent": z.object({
    text: z.string(),
    via: z.enum(["browser", "api", "system"]),
    maskedSecrets: z.number().optional(),
    /**
     * The turn it follows; null: it begins the conversation. Left out: it stands beside the turn it regenerates or forks from,
     * else it follows the turn that was last on the path then.
     */
    parentRunId: z.string().nullable().optional(),
    /** The turn whose question is asked again, word for word. */
    regenerates: z.string().optional(),
    /** The run begins with the steps of another one, up to and with this step, and goes on from there. */
    forkOf: z.object({ runId: z.string(), step: z.number().int().min(1) }).optional(),
  }),
  /** The person looks at this turn of several that follow the same one; what comes next follows it. */
  "branch-chosen": z.object({ runId: z.string() }),
  /** The turns up to and with `throughRunId` are told to the model by this summary from now on. The log keeps them. */
  "context-compacted": z.object({
    throughRunId: z.string(),
    /** Within the run at work: its steps up to and with this one. */
    throughStep: z.number().int().optional(),
    summary: z.string(),
    by: z.enum(["planner", "model"]),
    usage: usageSchema.optional(),
    costMicros: z.number().optional(),
  }),
  /** A worker took the run; attempt > 1 means that another one was lost. */
  "run-claimed": z.object({ attempt: z.number(), worker: z.string() }),
  /**
   * One call of the model begins. Attempt > 1 replaces the text of earlier attempts of this step. What ends before its beginning
   * was written is told by its end alone, as is a call (`began`): half the events of quick steps.
   */
  "step-started": z.object({ step: z.number(), attempt: z.number(), ...stepBeginning.shape }),
  "text-appended": z.object({ step: z.number(), attempt: z.number(), text: z.string() }),
  "step-finished": z.object({
    step: z.number(),
    attempt: z.number(),
    finishReason: z.string(),
    toolCalls: z.array(toolCallSchema),
    usage: usageSchema,
    /** Millionths of a US dollar, where the price of the model is known. */
    costMicros: z.number().optional(),
    durationMs: z.number(),
    /** Opaque data of the provider that must be sent back with this step. */
    providerData: z.json().optional(),
    /** No `step-started` tells of it: this is what it would say. */
    began: stepBeginning.optional(),
  }),
  "tool-started": z.object({ callId: z.string(), tool: z.string(), ...callBeginning.shape }),
  "tool-progressed": z.object({ callId: z.string(), message: z.string() }),
  "tool-finished": z.object({
    callId: z.string(),
    tool: z.string(),
    ok: z.boolean(),
    /** JSON shown to the model; cut to the tool's limit. */
    output: z.json().optional(),
    error: failure.optional(),
    /** True when the output holds text from outside Burgeon. */
    tainted: z.boolean().optional(),
    /** Where the output came from, for the person: a host, a module, "calculated". */
    source: z.string().optional(),
    /** The effect can be undone until then; `label` says what that does. */
    undo: z.object({ until: z.string(), label: z.string() }).optional(),
    /** The right that it ran under: one answer, or a grant. */
    grantId: z.string().optional(),
    durationMs: z.number(),
    /** No `tool-started` tells of it: this is what it would say. */
    began: callBeginning.optional(),
  }),
  "approval-requested": z.object({
    approvalId: z.string(),
    /** `permission`: may this be done? `outcome`: it was interrupted; was it done? */
    kind: z.enum(approvalKinds),
    callId: z.string(),
    tool: z.string(),
    title: z.string(),
    lines: z.array(approvalLineSchema),
    /** What the tool sees of the world right now: conflicts, the present state. */
    world: z.array(approvalLineSchema).optional(),
    /** Above 1: the world moved after the answer before, and these lines say how it looks now. */
    round: z.number().int().optional(),
    effect,
    taintedBy: z.string().optional(),
    /** Arguments that "always" can be narrowed by; left out where nothing but "once" is offered. */
    grantable: z.array(z.object({ argument: z.string(), label: z.string(), value: z.string() })).optional(),
    expiresAt: z.string(),
  }),
  "approval-decided": z.object({
    approvalId: z.string(),
    callId: z.string(),
    /** `happened`: the person looked, and the effect was there. `superseded`: the world moved, the person is asked anew. */
    decision: z.enum(["allowed", "denied", "expired", "happened", "superseded"]),
    note: z.string().optional(),
    /** The answer was "always": the right that came of it. */
    grantId: z.string().optional(),
  }),
  /** The person took an effect back, or it could not be: then `error` says why. */
  "effect-undone": z.object({ callId: z.string(), ok: z.boolean(), error: failure.optional() }),
  "run-waited": z.object({ on: z.enum(["build", "approval"]), id: z.string(), callId: z.string() }),
  "run-finished": z.object({
    status: z.enum(["done", "failed", "stopped", "dead", "budget_exhausted"]),
    /** Name of the exhausted bound, or why it failed. */
    error: failure.optional(),
  }),
  "build-started": z.object({
    buildId: z.string(),
    wish: z.string(),
    callId: z.string().optional(),
    maxAttempts: z.number(),
  }),
  "build-progressed": z.object({ buildId: z.string(), message: z.string() }),
  "build-planned": z.object({ buildId: z.string(), plan: buildPlanSchema }),
  "build-attempt-started": z.object({ buildId: z.string(), attempt: z.number(), by: z.enum(["planner", "model"]) }),
  "build-checked": z.object({
    buildId: z.string(),
    attempt: z.number(),
    ok: z.boolean(),
    digest: z.string(),
    files: z.array(z.string()),
    findings: z.array(findingSchema),
    tests: z.array(moduleTestResultSchema),
    usage: usageSchema.optional(),
  }),
  "build-finished": z.object({
    buildId: z.string(),
    outcome: buildOutcomeSchema,
    usage: usageSchema,
    durationMs: z.number(),
  }),
  /** A person decided on a version that was built in this conversation. */
  "module-decided": z.object({
    category: z.string(),
    name: z.string(),
    digest: z.string(),
    decision: z.enum([
      "approved",
      "rejected",
      "quarantined",
      "changes_requested",
      "enabled",
      "disabled",
      "rolled_back",
      "credentials_set",
    ]),
    /** State of the module for this person after it. */
    state: z.string(),
  }),
} as const;

export type EventType = keyof typeof eventPayloadSchemas;
export type EventPayload<T extends EventType> = z.infer<(typeof eventPayloadSchemas)[T]>;

/** One event of the log, as stored and as sent to the browser. `at` is ISO 8601. */
export type ConversationEvent = {
  [T in EventType]: { seq: number; runId: string | null; type: T; payload: EventPayload<T>; at: string };
}[EventType];

/** An event before the log gives it its sequence number. */
export type NewEvent = { [T in EventType]: { type: T; payload: EventPayload<T> } }[EventType];

export interface ConversationListItem {
  conversationId: string;
  title: string;
  pinned: boolean;
  updatedAt: string;
  /** A run is unfinished here. */
  isBusy: boolean;
}
