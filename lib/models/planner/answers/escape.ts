/**
 * Text from anywhere as plain text inside Markdown: no link, picture, heading, list or HTML comes out of it, however it was
 * written. Parentheses and dots stay, so that numbers and sentences read as they are.
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_[\]<>|#~!]/g, (sign, at: number, all: string) =>
    needsEscape(sign, at, all) ? `\\${sign}` : sign,
  );
}

/** Text for one line: a heading, a cell, an item of a list. */
export function inline(text: string, maxChars = 300): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .replace(/\s+/g, " ")
    .trim();
  const cut = line.length <= maxChars ? line : `${line.slice(0, maxChars - 1).toWellFormed()}…`;
  return escapeMarkdown(cut);
}

/** A short piece of code or a name, to be read as it is. */
export function inlineCode(text: string): string {
  return `\`${text.replaceAll("`", "'").replace(/\s+/g, " ").trim()}\``;
}

/** Several lines as a quotation. */
export function quoteBlock(text: string, maxChars = 4000): string {
  const lines = text.toWellFormed().slice(0, maxChars).split(/\r?\n/);
  return lines.map((line) => `> ${inline(line, 2000)}`.trimEnd()).join("\n");
}

/** Code as code, whatever it holds. */
export function codeBlock(text: string, language = ""): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function needsEscape(sign: string, at: number, all: string): boolean {
  // A sign of a calculation or a name such as snake_case is left readable where Markdown leaves it alone as well.
  if (sign === "!") return all[at + 1] === "[";
  if (sign === "#") return at === 0 || /\s/.test(all[at - 1] ?? "");
  if (sign === "_") return !(/\w/.test(all[at - 1] ?? "") && /\w/.test(all[at + 1] ?? ""));
  if (sign === "*") return !(/\s/.test(all[at - 1] ?? " ") && /\s/.test(all[at + 1] ?? " "));
  if (sign === ">") return at === 0;
  if (sign === "<") return /[a-z/!?]/i.test(all[at + 1] ?? "");
  return true;
}
