import { SourceMap } from "node:module";

/** Compiled code carries its source map behind this mark, so that one string is all a caller keeps. */
const mapMark = "\n//# burgeonMap=";

export interface SourcePosition {
  file: string;
  line: number;
}

/** One string out of compiled code and its source map. */
export function joinCode(script: string, mapJson: string): string {
  return script + mapMark + Buffer.from(mapJson).toString("base64");
}

/** The script for the machine, and the map that stays on the host's side. */
export function splitCode(code: string): { script: string; map: string | undefined } {
  const at = code.lastIndexOf(mapMark);
  if (at < 0) return { script: code, map: undefined };
  return { script: code.slice(0, at), map: code.slice(at + mapMark.length) };
}

/**
 * The position in the module's own source of the topmost frame of a guest's stack that lies in it.
 * Frames of the SDK are passed over: the line that called it is the one to look at.
 */
export function locateError(stack: string, map: string | undefined): SourcePosition | Record<string, never> {
  if (!map) return {};
  let sourceMap: SourceMap;
  try {
    sourceMap = new SourceMap(JSON.parse(Buffer.from(map, "base64").toString("utf8")));
  } catch {
    return {};
  }
  for (const match of stack.matchAll(/module\.js:(\d{1,7})(?::(\d{1,7}))?/g)) {
    const position = findPosition(sourceMap, Number(match[1]), Number(match[2] ?? 1));
    if (position) return position;
  }
  return {};
}

/** Lines and columns count from 1, as in stack traces. */
export function findPosition(sourceMap: SourceMap, line: number, column: number): SourcePosition | undefined {
  const entry = sourceMap.findEntry(line - 1, column - 1);
  if (!("originalSource" in entry)) return undefined;
  const file = /^guest:(.+)$/.exec(entry.originalSource)?.[1];
  return file === undefined ? undefined : { file, line: entry.originalLine + 1 };
}
