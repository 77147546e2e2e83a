import { decodeEntities } from "../decode-entities";

/** Descriptions at Google may hold HTML; people and models get text. */

/** More than Google takes (8,192). */
const maxChars = 20_000;
const tagPattern = /<(\/?)([a-z][a-z0-9]*)((?:\s[^<>]*)?)\/?>/gi;
/** What is in these is never shown. */
const hidden: [open: string, close: string][] = [
  ["<!--", "-->"],
  ["<script", "</script>"],
  ["<style", "</style>"],
];

/** Tags go, line breaks stay, a link whose text says something else keeps its address. Text without markup stays as it is. */
export function toPlainText(html: string): string {
  let link: { href: string; from: number } | null = null;
  let text = "";
  let read = 0;
  const source = dropHidden(html.slice(0, maxChars));
  for (const match of source.matchAll(tagPattern)) {
    text += decodeEntities(source.slice(read, match.index));
    read = match.index + match[0].length;
    const isEnd = match[1] === "/";
    const tag = (match[2] ?? "").toLowerCase();
    if (tag === "br") text += "\n";
    else if (/^(p|div|ul|ol|tr|h[1-6]|blockquote)$/.test(tag)) text = startLine(text);
    else if (tag === "li") text = isEnd ? text : `${startLine(text)}- `;
    else if (tag === "a" && !isEnd) link = { href: readHref(match[3] ?? ""), from: text.length };
    else if (tag === "a" && link) {
      if (link.href && !text.slice(link.from).includes(link.href)) text += ` (${link.href})`;
      link = null;
    }
  }
  return tidy(text + decodeEntities(source.slice(read)));
}

/** The same text for Google: what would be read as markup there is escaped. */
export function toHtmlText(text: string): string {
  const tidied = tidy(text);
  if (toPlainText(tidied) === tidied) return tidied;
  return tidied.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** One kind of line break, nothing at the ends, and none of the characters that cannot be stored or shown. */
export function tidy(text: string): string {
  return (
    text
      .toWellFormed()
      .replace(/\r\n?/g, "\n")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "")
      .trim()
  );
}

/** Without backtracking: a text of nothing but beginnings takes no longer than any other. */
function dropHidden(html: string): string {
  let text = html;
  for (const [open, close] of hidden) {
    // Only ASCII changes its case here, so that places in both are the same.
    const lower = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    let kept = "";
    let read = 0;
    for (let start = lower.indexOf(open); start >= 0; start = lower.indexOf(open, read)) {
      const end = lower.indexOf(close, start + open.length);
      if (end < 0) break;
      kept += text.slice(read, start);
      read = end + close.length;
    }
    text = kept + text.slice(read);
  }
  return text;
}

function startLine(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function readHref(attributes: string): string {
  const match = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))/i.exec(attributes);
  const href = decodeEntities(match?.[1] ?? match?.[2] ?? match?.[3] ?? "").trim();
  return /^https?:\/\//i.test(href) ? href : "";
}
