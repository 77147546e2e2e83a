import type { z } from "zod";
import type { ApprovalLine } from "./approval";
import type { Viewer } from "./viewer";

export type Effect = "read" | "write" | "destroy";

/** How often a call may be made without harm: see ARCHITECTURE.md, "Effects". */
export type IdempotencyClass = "read" | "natural" | "keyed" | "none";

export type ToolSource =
  | { kind: "builtin" }
  /** Built in as well, and acts through what the person connected: in the world, and not only in their own Burgeon. */
  | { kind: "connection" }
  | { kind: "module"; moduleId: string; category: string; name: string; digest: string; operation: string };

export interface ToolContext {
  viewer: Viewer;
  /** The person's own zone, IANA: what day it is depends on it. */
  timeZone: string;
  runId: string;
  conversationId: string;
  callId: string;
  /** Same for every attempt of this call; pass it on to providers that honour one. */
  idempotencyKey: string;
  signal: AbortSignal;
  /** Where text from outside in this run came from, or null: what is kept from it keeps its origin. */
  taintedBy: string | null;
  /** `World.target` of when the effect began, the same for every attempt; null where the tool looks at nothing. */
  target: unknown;
  /** Shown in the chat while the tool works; coalesced. */
  progress(message: string): void;
}

/** The state of the world that a right is bound to. When `state` differs at the time of the call, the person is asked again. */
export interface World {
  /** Anything that tells two states apart: an etag, a digest. */
  state: string;
  /** The same for the person: conflicts, the present value. */
  lines: ApprovalLine[];
  /** What the call means in this state, where its arguments alone do not say: "Move Dentist". */
  title?: string;
  /**
   * What the arguments mean in this state: which thing, and how it was before. Kept with the intent and given to every attempt, so
   * that a repetition after a crash does not look "the next meeting" up again and meet another one. JSON.
   */
  target?: unknown;
}

/** What looking at the other side told about an interrupted effect. */
export type Reconciled = { state: "done"; output: unknown } | { state: "undone" } | { state: "unknown" };

/** The inverse of an effect. */
export interface Undo {
  /** How long it is offered. */
  windowMs: number;
  /** What it does, for the button's help: "Deletes the note". */
  label: string;
  /**
   * Takes the effect back. Called again after a crash, so doing it twice must do it once.
   * @throws AppError conflict, with the reason, when the thing was changed since
   */
  run(input: unknown, output: unknown, context: UndoContext): Promise<void>;
}
export type UndoContext = Pick<ToolContext, "viewer" | "runId" | "callId" | "idempotencyKey" | "signal">;

/** A tool either answers or makes the run sleep until `id` is finished; it is then called again with the same call id. */
export type ToolOutcome =
  | { kind: "done"; output: unknown; tainted?: boolean; source?: string }
  | { kind: "wait"; on: "build"; id: string };

/** One thing the model can do. Input is parsed before `execute`, output after it. */
export interface Tool {
  /** `<source>_<verb>_<noun>`, unique. */
  name: string;
  /** For the person, sentence case: "Look up the weather". */
  title: string;
  /** For the model. */
  description: string;
  effect: Effect;
  idempotency: IdempotencyClass;
  timeoutMs: number;
  source: ToolSource;
  /**
   * Whose words its failures may quote, where they are not only Burgeon's own: "your calendars", for titles of events that anybody
   * can send. Such a failure is text from outside, like a result.
   */
  quotes?: string;
  /** JSON Schema of the input, for the model. */
  inputJsonSchema: Record<string, unknown>;
  input: z.ZodType;
  output: z.ZodType;
  /** Questions it answers, for the built-in planner. */
  questions?: readonly string[];
  /**
   * The address on the open web that a read goes to, where its arguments choose it: whoever answers there learns every letter of it.
   */
  address?(input: unknown): string;
  /** What the approval card says: verb and object with every value that matters. */
  describe?(input: unknown): { title: string; lines: { label: string; value: string }[] };
  execute(input: unknown, context: ToolContext): Promise<ToolOutcome>;
  /** Looks, without changing anything, at what the effect will meet. Asked before the person is, and again before it begins. */
  inspect?(input: unknown, context: ToolContext): Promise<World>;
  /** Looks whether an interrupted effect happened. */
  reconcile?(input: unknown, context: ToolContext): Promise<Reconciled>;
  undo?: Undo;
}
