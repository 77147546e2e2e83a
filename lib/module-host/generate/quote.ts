/** Writing foreign text into code so that it stays text. Every title, name and value of a document passes through here. */

/** Controls, and marks that turn the reading direction: a reviewer must see what the compiler sees. */
const hiddenCharacters =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is looked for.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** A string literal. */
export function quote(text: string): string {
  return escapeHidden(JSON.stringify(text.toWellFormed())).replace(/<(?=[/!])/g, "\\u003c");
}

/** A value as a literal, on one line when short. `__proto__` in an object literal would set the prototype: it is computed. */
export function writeLiteral(value: unknown, indent = ""): string {
  if (typeof value === "string") return quote(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "undefined";
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => writeLiteral(item, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([name, item]) => `${writeKey(name)}: ${writeLiteral(item, inner)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{ ", " }"];
  if (parts.length === 0) return open.trim() + close.trim();
  const line = `${open}${parts.join(", ")}${close}`;
  if (line.length + indent.length <= 100 && !line.includes("\n")) return line;
  return `${open.trim()}\n${parts.map((part) => `${inner}${part},\n`).join("")}${indent}${close.trim()}`;
}

/** A key of an object literal or a type. */
export function writeKey(name: string): string {
  if (name === "__proto__") return '["__proto__"]';
  return isPlainName(name) ? name : quote(name);
}

/** `loan.title` or `loan["odd title"]`, with `?.` where something before may be missing. */
export function writeAccess(base: string, path: readonly string[], isOptional: (depth: number) => boolean): string {
  let code = base;
  path.forEach((name, depth) => {
    const dot = depth > 0 && isOptional(depth - 1) ? "?." : "";
    code += isPlainName(name) ? `${dot || "."}${name}` : `${dot}[${quote(name)}]`;
  });
  return code;
}

/** Text for a comment or a page: one line, nothing hidden, nothing that ends the comment. */
export function writeComment(text: string, maxChars = 200): string {
  return plainText(text, maxChars).replaceAll("*/", "* /").replaceAll("/*", "/ *");
}

/** Text as one line without hidden characters, cut at a word. */
export function plainText(text: string, maxChars: number): string {
  const line = text
    .toWellFormed()
    .slice(0, maxChars * 4)
    .replace(hiddenCharacters, " ")
    .replace(/\s+/g, " ")
    .trim();
  if (line.length <= maxChars) return line;
  const cut = line
    .slice(0, maxChars - 1)
    .toWellFormed()
    .replaceAll("\ufffd", "");
  return `${cut.replace(/\s+\S{0,20}$/, "")}…`;
}

/** JSON for a file, readable and without hidden characters. */
export function writeJson(value: unknown): string {
  return `${escapeHidden(JSON.stringify(value, null, 2), true)}\n`;
}

function escapeHidden(json: string, keepLines = false): string {
  return json.replace(hiddenCharacters, (character) =>
    keepLines && character === "\n" ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function isPlainName(name: string): boolean {
  return /^[A-Za-z_$][A-Za-z0-9_$]{0,80}$/.test(name) && name !== "__proto__";
}
