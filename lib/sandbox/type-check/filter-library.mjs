import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Members that the engine does not have or that quietly ignore locale and zone. */
const missingMembers = /^(toLocale\w*|localeCompare)$/;

/** Global declarations that the engine does not have. */
const missingGlobals =
  /^(Intl|SharedArrayBuffer\w*|Atomics|ActiveXObject|VBArray|VBArrayConstructor|Enumerator|EnumeratorConstructor|WScript|ITextWriter|TextStreamBase|TextStreamReader|TextStreamWriter|SafeArray|importScripts)$/;

/**
 * TypeScript's ES2023 library as one file without what the sandbox lacks, so that using it is a plain type error.
 * @returns {string}
 */
export function filterLibrary() {
  const ts = require("typescript");
  const libraryDirectory = dirname(require.resolve("typescript"));
  const seen = new Set();
  const parts = [];
  const visit = (name) => {
    if (seen.has(name) || /intl|sharedmemory|scripthost/.test(name)) return;
    seen.add(name);
    const text = readFileSync(join(libraryDirectory, `lib.${name}.d.ts`), "utf8");
    const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true);
    for (const reference of source.libReferenceDirectives) visit(reference.fileName);
    parts.push(removeMissing(ts, source, text));
  };
  visit("es2023");
  return parts.join("\n");
}

function removeMissing(ts, source, text) {
  const cuts = [];
  for (const statement of source.statements) {
    const names = ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.map((declaration) => declaration.name.getText(source))
      : [statement.name?.getText(source) ?? ""];
    if (names.some((name) => missingGlobals.test(name))) {
      cuts.push([statement.getFullStart(), statement.getEnd()]);
      continue;
    }
    for (const member of statement.members ?? [])
      if (missingMembers.test(member.name?.getText(source) ?? "")) cuts.push([member.getFullStart(), member.getEnd()]);
  }
  let result = text;
  for (const [start, end] of cuts.reverse()) result = result.slice(0, start) + result.slice(end);
  return result.replace(/^\/\/\/ <reference .*$/gm, "");
}
