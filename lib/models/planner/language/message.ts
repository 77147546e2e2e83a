import { expandContractions, toWords, type Word } from "./words";

export interface Message {
  /** As it was sent. */
  raw: string;
  /** With contractions written out, and pasted things replaced by placeholders such as `§url0`. */
  text: string;
  words: Word[];
  urls: string[];
  /** Fenced or quoted code that is no data. */
  code: { language: string; text: string }[];
  /** JSON objects, or lists of objects. */
  samples: string[];
  /** OpenAPI documents, as JSON or YAML. */
  documents: string[];
  /** Something that begins like JSON and does not end like it. */
  hasBrokenJson: boolean;
}

type Blobs = Pick<Message, "urls" | "code" | "samples" | "documents">;

const maxJsonStarts = 30;
/** Top-level domains for which an address without http:// is still an address. */
const bareAddress =
  /(?<![\w@./-])(?:www\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|io|dev|app|edu|gov|info|co|ai|me|de|uk|eu|ca|fr|ch|at|nl|it|es|jp|wiki)(?::\d{2,5})?(?:\/[^\s<>"'`]*)?(?![\w@-])/gi;

/** Reads a message: what is pasted into it is taken out and set aside, so that its words are never taken for the person's. */
export function readMessage(raw: string): Message {
  const blobs: Blobs = { urls: [], code: [], samples: [], documents: [] };
  let text = raw.replaceAll("§", " ");
  text = text.replace(/```([\w+-]*)[^\S\n]*\n?([\s\S]*?)(?:```|$)/g, (_, language: string, body: string) =>
    keepBlock(blobs, language.toLowerCase(), body),
  );
  text = text.replace(/(?:^|\n)[^\S\n]*(?:openapi|swagger)\s*:\s*["']?\d[\s\S]*$/i, (document) => {
    blobs.documents.push(document.trim());
    return ` §doc${blobs.documents.length - 1} `;
  });
  text = takeJson(blobs, text);
  const hasBrokenJson = /\{\s*"[^"\n]{1,80}"\s*:/.test(text);
  text = text.replace(/`([^`\n]+)`/g, (_, body: string) => keepBlock(blobs, "", body));
  text = text.replace(/\bhttps?:\/\/[^\s<>"'`§]+/gi, (url) => keepUrl(blobs, url));
  text = text.replace(bareAddress, (address) => keepUrl(blobs, address, "https://"));
  text = expandContractions(text);
  return { raw, text, words: toWords(text), ...blobs, hasBrokenJson };
}

/** Puts the pasted things back into a piece of the text. */
export function restore(message: Message, piece: string): string {
  return piece
    .replace(/§(url|code|json|doc)(\d+)/g, (placeholder, kind: string, index: string) => {
      const at = Number(index);
      if (kind === "url") return message.urls[at] ?? placeholder;
      if (kind === "code") return message.code[at]?.text ?? placeholder;
      return (kind === "json" ? message.samples[at] : message.documents[at]) ?? placeholder;
    })
    .trim();
}

/** The person's words without what was pasted. */
export function withoutBlobs(message: Message): string {
  return restore(message, message.text.replace(/§(?:json|doc|code)\d+/g, " "))
    .replace(/[^\S\n]+/g, " ")
    .trim();
}

function keepBlock(blobs: Blobs, language: string, body: string): string {
  const text = body.trim();
  if (text === "") return " ";
  if (isOpenApi(text)) {
    blobs.documents.push(text);
    return ` §doc${blobs.documents.length - 1} `;
  }
  if (isSample(parseJson(text))) {
    blobs.samples.push(text);
    return ` §json${blobs.samples.length - 1} `;
  }
  blobs.code.push({ language, text });
  return ` §code${blobs.code.length - 1} `;
}

function keepUrl(blobs: Blobs, written: string, prefix = ""): string {
  const trimmed = trimAddress(written);
  if (!URL.canParse(prefix + trimmed)) return written;
  blobs.urls.push(prefix + trimmed);
  return ` §url${blobs.urls.length - 1} ${written.slice(trimmed.length)}`;
}

/** Without the sentence's own signs at the end. A closing bracket belongs to the address when it opened in it. */
function trimAddress(url: string): string {
  let end = url.length;
  for (; end > 0; end--) {
    const sign = url[end - 1] ?? "";
    if (sign === ")" && url.slice(0, end - 1).includes("(")) break;
    if (!/[.,;:!?)\]}>*_…]/.test(sign)) break;
  }
  return url.slice(0, end);
}

function takeJson(blobs: Blobs, text: string): string {
  let result = "";
  let rest = text;
  for (let tries = 0; tries < maxJsonStarts; tries++) {
    const start = rest.search(/(?<=^|[\s:,(>`])[{[](?=\s*(?:["{]|\[))/);
    if (start < 0) break;
    const end = findEnd(rest, start);
    const piece = end === null ? "" : rest.slice(start, end);
    if (end !== null && isSample(parseJson(piece))) {
      const isDocument = isOpenApi(piece);
      const list = isDocument ? blobs.documents : blobs.samples;
      list.push(piece);
      result += `${rest.slice(0, start)} §${isDocument ? "doc" : "json"}${list.length - 1} `;
      rest = rest.slice(end);
    } else {
      result += rest.slice(0, start + 1);
      rest = rest.slice(start + 1);
    }
  }
  return result + rest;
}

/** Where the bracket that opens at `start` is closed again. */
function findEnd(text: string, start: number): number | null {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (isInString) {
      if (sign === "\\") at++;
      else if (sign === '"') isInString = false;
    } else if (sign === '"') isInString = true;
    else if (sign === "{" || sign === "[") depth++;
    else if (sign === "}" || sign === "]") {
      depth--;
      if (depth === 0) return at + 1;
    }
  }
  return null;
}

function parseJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: whoever asked treats it as text.
    return undefined;
  }
}

function isSample(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((item) => typeof item === "object" && item !== null);
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function isOpenApi(text: string): boolean {
  return (
    /^\s*["']?(?:openapi|swagger)["']?\s*:\s*["']?\d/m.test(text) ||
    /[{,]\s*"(?:openapi|swagger)"\s*:\s*"\d/.test(text.slice(0, 2000))
  );
}
