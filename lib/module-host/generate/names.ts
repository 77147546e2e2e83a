import { singular, splitWords } from "./words";

const maxNameChars = 40;

/** Names that mean something to JavaScript itself when they are a key or a method. */
const reservedNames = new Set([
  "__proto__",
  "constructor",
  "prototype",
  "then",
  "hasownproperty",
  "tostring",
  "valueof",
  "tojson",
]);

/** Does every object have something under this name already? Then "is it there" has no honest answer. */
export function isUnsafeName(name: string): boolean {
  return name in Object.prototype || name === "prototype";
}

/** A module's name out of a title: lower-case words joined by hyphens. */
export function makeSlug(text: string, fallback: string): string {
  return joinWords(splitWords(text), "-", 30) || fallback;
}

/** A name such as `list_loans` for an operation, a connection or a credential. */
export function makeIdentifier(text: string, fallback: string, maxChars = maxNameChars): string {
  const name = joinWords(splitWords(text), "_", maxChars) || fallback;
  return reservedNames.has(name) ? `${name}_value` : name;
}

/** A name no other one has: `get_book`, `get_book_2`, … */
export function makeUnique(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let count = 2; ; count += 1) {
    const candidate = `${name.slice(0, maxNameChars - 3)}_${count}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** `list_loans` → `ListLoans`, for a type. */
export function makeTypeName(text: string, fallback: string): string {
  const words = splitWords(text).slice(0, 5);
  const name = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("");
  return /^[A-Z]/.test(name) ? name.slice(0, maxNameChars) : fallback;
}

/** `list_loans` → `listLoans`, for a function or a variable. */
export function makeVariableName(text: string, fallback: string): string {
  const name = makeTypeName(text, "");
  return name === "" ? fallback : `${name[0]?.toLowerCase()}${name.slice(1)}`;
}

/** First words of names that say what is done, not what it is done to. */
export const nameVerbs =
  /^(get|list|show|find|fetch|search|read|retrieve|query|lookup|filter|create|add|post|place|update|edit|change|patch|put|replace|set|delete|remove|cancel|by)$/;

/** The thing a path is about: `/v1/users/{id}/loans` → "loan", `/pets/findByStatus` → "pet", or null. */
export function nounOfPath(path: string): string | null {
  const segments = path
    .split("/")
    .filter((segment) => segment !== "" && !segment.includes("{") && !/^(v\d+(\.\d+)*|api|rest)$/i.test(segment));
  for (const segment of segments.reverse()) {
    const words = splitWords(segment.replace(/\.(json|xml)$/i, ""));
    const last = words.pop();
    if (last && /^[a-z]/.test(last) && !nameVerbs.test(words[0] ?? last)) return [...words, singular(last)].join(" ");
  }
  return null;
}

function joinWords(words: string[], separator: string, maxChars: number): string {
  let name = "";
  for (const word of words) {
    if (name === "" && !/^[a-z]/.test(word)) continue;
    const longer = name === "" ? word.slice(0, maxChars) : `${name}${separator}${word}`;
    if (longer.length > maxChars) break;
    name = longer;
  }
  return name;
}
