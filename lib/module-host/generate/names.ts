import { singular, splitWords } from "./words";

const maxNameChars = 40;

/** Names that mean something to JavaScript itself when they are a key or a method. */
const reservedNames = new Set(["__proto__", "constructor", "prototype", "then", "hasownproperty", "tostring", "valueof", "tojson"]);

/** Is this name one that changes an object instead of being held by it? */
export function isUnsafeName(name: string): boolean {
  return name === "__proto__" || name === "constructor" || name === "prototype";
}

/** A module's name out of a title: lower-case words joined by hyphens. */
export function makeSlug(text: string, fallback: string): string {
  return joinWords(splitWords(text), "-") || fallback;
}

/** A name such as `list_loans` for an operation, a connection or a credential. */
export function makeIdentifier(text: string, fallback: string): string {
  const name = joinWords(splitWords(text), "_") || fallback;
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

/** The thing a path is about: `/v1/users/{id}/loans` → `loan`, or null. */
export function nounOfPath(path: string): string | null {
  const segments = path.split("/").filter((segment) => segment !== "" && !segment.includes("{") && !/^(v\d+(\.\d+)*|api|rest)$/i.test(segment));
  const words = splitWords(segments.at(-1)?.replace(/\.(json|xml)$/i, "") ?? "");
  const last = words.pop();
  return last && /^[a-z]/.test(last) ? [...words, singular(last)].join(" ") : null;
}

function joinWords(words: string[], separator: string): string {
  let name = "";
  for (const word of words) {
    if (name === "" && !/^[a-z]/.test(word)) continue;
    const longer = name === "" ? word.slice(0, maxNameChars) : `${name}${separator}${word}`;
    if (longer.length > maxNameChars) break;
    name = longer;
  }
  return name;
}
