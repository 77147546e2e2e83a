import type { z } from "zod";
import type { Viewer } from "./viewer";

export type Effect = "read" | "write" | "destroy";

/** How often a call may be made without harm: see ARCHITECTURE.md, "Effects". */
export type IdempotencyClass = "read" | "natural" | "keyed" | "none";

export type ToolSource =
  | { kind: "builtin" }
  | { kind: "module"; moduleId: string; category: string; name: string; digest: string; operation: string };

export interface ToolContext {
  viewer: Viewer;
  runId: string;
  conversationId: string;
  callId: string;
  /** Same for every attempt of this call; pass it on to providers that honour one. */
  idempotencyKey: string;
  signal: AbortSignal;
  /** Shown in the chat while the tool works; coalesced. */
  progress(message: string): void;
}

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
  /** JSON Schema of the input, for the model. */
  inputJsonSchema: Record<string, unknown>;
  input: z.ZodType;
  output: z.ZodType;
  /** Questions it answers, for the built-in planner. */
  questions?: readonly string[];
  /** What the approval card says: verb and object with every value that matters. Writes only. */
  describe?(input: unknown): { title: string; lines: { label: string; value: string }[] };
  execute(input: unknown, context: ToolContext): Promise<ToolOutcome>;
}
