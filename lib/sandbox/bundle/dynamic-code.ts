import { SourceMap } from "node:module";
import type { Finding } from "@/lib/contracts/finding";
import { findPosition } from "./source-position";

/** Stands for a global in bundled code, only where the name is not a variable of the module's own. */
const marks: Record<string, string> = {
  eval: "__burgeon_mark_eval",
  Function: "__burgeon_mark_Function",
  require: "__burgeon_mark_require",
};

/** For esbuild's `define`: marks the globals that make code out of text, wherever a module really means the global. */
export const guardedGlobals: Record<string, string> = Object.fromEntries(
  Object.entries(marks).flatMap(([name, mark]) => [
    [name, mark],
    [`globalThis.${name}`, mark],
  ]),
);

/** Uses that make no code. */
const harmless = /(instanceof|typeof)\s+$/;

/**
 * The places where a module makes code out of text. A courtesy to the author and the reviewer, not a wall: text that
 * becomes code by a detour still runs only inside the sandbox.
 */
export function findDynamicCode(script: string, mapJson: string): Finding[] {
  const pattern = /__burgeon_mark_(\w+)|\.constructor\s*\(|\.constructor\.constructor\b|\[\s*"constructor"\s*\]\s*\(/g;
  const places: { name: string; at: number }[] = [];
  for (const match of script.matchAll(pattern)) {
    const before = script.slice(Math.max(0, match.index - 20), match.index);
    if (match[1] && harmless.test(before)) continue;
    if (!match[1] && /\b(this|super)$/.test(before)) continue;
    places.push({ name: match[1] ?? "constructor", at: match.index });
  }
  if (places.length === 0) return [];
  const sourceMap = new SourceMap(JSON.parse(mapJson));
  return places.map(({ name, at }) => {
    const lines = script.slice(0, at).split("\n");
    const position = findPosition(sourceMap, lines.length, (lines.at(-1)?.length ?? 0) + 1);
    return {
      code: "dynamic_code",
      file: position?.file ?? "",
      ...(position ? { line: position.line } : {}),
      message: `${name} makes code out of text, which is not allowed: all code is in the files that are reviewed.`,
      hint: "Write the code itself, or put the variants into an object and choose by name.",
    };
  });
}

/** Puts the names back after the look. */
export function restoreGuarded(script: string): string {
  return script.replace(/__burgeon_mark_(\w+)/g, "$1");
}
