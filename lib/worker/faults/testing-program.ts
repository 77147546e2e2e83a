import { createHash, randomBytes } from "node:crypto";

export type FaultTool =
  | "read_page"
  | "charge_card"
  | "add_event"
  | "send_letter"
  | "send_parcel"
  | "send_telegram"
  | "erase_file"
  | "block_loop";

export interface ProgramCall {
  tool: FaultTool;
  /** What it is about; the provider counts by this name. */
  thing: string;
  ms?: number;
}

/** What the model does before it answers a step: its first `times` attempts, or every time. */
export interface Trick {
  kind: "stall" | "poison" | "block" | "pause" | "ask-provider" | "reset";
  ms?: number;
  times?: number;
}

export interface ProgramStep {
  calls?: ProgramCall[];
  trick?: Trick;
  /** Length of the step's text, in characters; short when left out. */
  chars?: number;
}

/** What a run of the tests does. It stands in the message, so that any worker can go on with it at any step. */
export interface Program {
  id: string;
  steps: ProgramStep[];
}

/** A program with a name of its own; its last step answers. */
export function program(...steps: ProgramStep[]): Program {
  const last = steps.at(-1);
  return { id: newThing("run"), steps: last?.calls || !last ? [...steps, {}] : steps };
}

/** A name nobody else uses. */
export function newThing(kind: string): string {
  return `${kind}-${randomBytes(5).toString("hex")}`;
}

/** What the run's last step says in the end. */
export function answerOf({ id, steps }: Program): string {
  return textOf(id, steps.length - 1, steps.at(-1) ?? {});
}

export function textOf(id: string, step: number, { calls, chars = 0 }: ProgramStep): string {
  const words = calls ? `Step ${step + 1} of ${id}.` : `Finished ${id}.`;
  const blocks = Array.from({ length: Math.ceil(chars / noiseChars) }, (_, n) => noise(`${id} ${step} ${n}`));
  return [...blocks, words].join(" ");
}

const noiseChars = 44;

/** The same text for the same seed, which no compression makes smaller. */
function noise(seed: string): string {
  return createHash("sha256").update(seed).digest("base64");
}
