import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LineCounter, parseDocument, YAMLSeq } from "yaml";
import type { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { type EvalCase, evalCaseSchema } from "./eval-case";
import { evalsFolder } from "./evals-folder";

/** A case with the place it stands at, for messages. */
interface PlacedCase {
  one: EvalCase;
  place: string;
}

/**
 * All cases of `evals/cases/*.yaml`, in the order of their files.
 * @param toolNames the tools there are: a case that names another one is a mistake
 * @throws AppError invalid, with every mistake as `file:line (id): what is wrong`
 */
export function readCases(toolNames: readonly string[], folder: string = join(evalsFolder(), "cases")): EvalCase[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort();
  const mistakes: string[] = [];
  const placed = files.flatMap((name) => parseCases(name, readFileSync(join(folder, name), "utf8"), mistakes));
  const places = new Map<string, string>();
  for (const { one, place } of placed) {
    const first = places.get(one.id);
    if (first !== undefined) mistakes.push(`${place} (${one.id}): this id is taken by ${first}`);
    places.set(one.id, first ?? place);
    for (const tool of namedTools(one))
      if (!toolNames.includes(tool)) mistakes.push(`${place} (${one.id}): there is no tool ${tool}`);
  }
  if (mistakes.length > 0)
    throw new AppError("invalid", `The evaluation's cases cannot be read:\n${mistakes.join("\n")}`);
  return placed.map(({ one }) => one);
}

/** The cases of one file. Mistakes are added to the list; the cases that have one are left out. */
function parseCases(file: string, text: string, mistakes: string[]): PlacedCase[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const placeOf = (offset: number | undefined) => `${file}:${offset === undefined ? 1 : lines.linePos(offset).line}`;
  for (const { pos, message } of document.errors) mistakes.push(`${placeOf(pos[0])}: ${message.split("\n")[0]}`);
  if (document.errors.length > 0) return [];
  if (!(document.contents instanceof YAMLSeq)) {
    mistakes.push(`${file}:1: a file of cases is a list`);
    return [];
  }
  const values: unknown[] = document.toJS();
  return values.flatMap((value, index) => {
    const place = placeOf(startOf(document.getIn([index], true)));
    const parsed = evalCaseSchema.safeParse(value);
    if (parsed.success) return [{ one: parsed.data, place }];
    for (const issue of parsed.error.issues) {
      const at = deepestStart(document, [index, ...issue.path.map(String)]);
      mistakes.push(`${at === undefined ? place : placeOf(at)} (${idOf(value, index)}): ${describeIssue(issue)}`);
    }
    return [];
  });
}

/** Where the named part stands, or the nearest part around it that is there. */
function deepestStart(document: ReturnType<typeof parseDocument>, path: (string | number)[]): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const start = startOf(document.getIn(path.slice(0, length), true));
    if (start !== undefined) return start;
  }
  return undefined;
}

function startOf(node: unknown): number | undefined {
  const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
  return Array.isArray(range) && typeof range[0] === "number" ? range[0] : undefined;
}

function idOf(value: unknown, index: number): string {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : undefined;
  return typeof id === "string" ? id : `case ${index + 1}`;
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.join(".")}: ${message}` : message;
}

function namedTools(one: EvalCase): string[] {
  return [...new Set([...one.expected_tools, ...one.forbidden_tools, ...Object.keys(one.results)])];
}
