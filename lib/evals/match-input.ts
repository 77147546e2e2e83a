import { z } from "zod";

/**
 * What an argument has to be: the same value; a text in which `*` stands for anything; `{ like: text }`, which has these words
 * in it in any case; null: not given.
 */
export const wantedValueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number()])),
  z.strictObject({ like: z.string().min(1) }),
  z.null(),
]);
export const wantedInputSchema = z.record(z.string(), wantedValueSchema);
export type WantedInput = z.infer<typeof wantedInputSchema>;

export interface WantedCall {
  tool: string;
  input: WantedInput;
}

export interface MadeCall {
  tool: string;
  input: Record<string, unknown>;
}

/** In formulas and code a star multiplies, and in formulas spaces mean nothing. */
const formulaName = "expression";
const codeName = "code";

/** True when every wanted value is there; what is not mentioned may be anything. */
export function fits(wanted: WantedInput, given: Record<string, unknown>): boolean {
  return Object.entries(wanted).every(([name, value]) => fitsValue(name, value, given[name]));
}

function fitsValue(name: string, wanted: WantedInput[string], given: unknown): boolean {
  if (wanted === null) return given === undefined || given === null;
  if (typeof wanted === "object" && !Array.isArray(wanted))
    return typeof given === "string" && hasWords(given, wanted.like);
  if (typeof wanted === "string" && typeof given === "string") {
    if (name === formulaName) return squeeze(given) === squeeze(wanted);
    return name === codeName ? given === wanted : matchesGlob(wanted, given);
  }
  return JSON.stringify(given) === JSON.stringify(wanted);
}

/** `*` is any number of characters, none included; everything else is itself. */
export function matchesGlob(glob: string, text: string): boolean {
  const [first = "", ...rest] = glob.split("*");
  if (rest.length === 0) return text === glob;
  const last = rest.pop() ?? "";
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

export function hasWords(text: string, words: string): boolean {
  return text.toLowerCase().includes(words.toLowerCase());
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, "");
}

/**
 * Gives each wanted call a made one of its own, as many as can be, whatever order they stand in. What is wanted in vain and
 * what was made beyond it is left.
 */
export function assignCalls<Made extends MadeCall>(
  wanted: readonly WantedCall[],
  made: readonly Made[],
): { unmet: WantedCall[]; left: Made[] } {
  const takenBy = new Map<number, number>();
  const give = (want: number, tried: Set<number>): boolean =>
    made.some((call, at) => {
      const one = wanted[want];
      if (!one || tried.has(at) || one.tool !== call.tool || !fits(one.input, call.input)) return false;
      tried.add(at);
      const holder = takenBy.get(at);
      // A call that another one holds is free when that one can do with a different call.
      if (holder !== undefined && !give(holder, tried)) return false;
      takenBy.set(at, want);
      return true;
    });
  const unmet = wanted.filter((_, want) => !give(want, new Set()));
  return { unmet, left: made.filter((_, at) => !takenBy.has(at)) };
}
