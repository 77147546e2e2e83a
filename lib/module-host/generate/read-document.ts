import { parse, parseDocument } from "yaml";
import { copyJson, getText, isObject, type JsonObject } from "./json-value";

/** What a text turned out to be. */
export type ReadText =
  | { kind: "openapi"; document: JsonObject }
  /** OpenAPI in a version that is not understood: its number. */
  | { kind: "old"; version: string }
  | { kind: "json"; value: unknown }
  | { kind: "html" }
  /** Meant to be JSON or YAML, but broken. */
  | { kind: "broken"; line: number | null }
  | { kind: "too_large" }
  | { kind: "other" };

const maxDocumentChars = 1_000_000;

/** Looks at a text: an OpenAPI document (JSON or YAML), other JSON, a page, or something else. Never throws. */
export function readDocument(text: string): ReadText {
  if (text.length > maxDocumentChars) return { kind: "too_large" };
  const trimmed = text.replace(/^\ufeff/, "").trim();
  if (/^[[{]/.test(trimmed)) {
    const parsed = parseJson(trimmed);
    if (parsed) return classify(parsed.value);
    return isYamlDocument(trimmed) ? readYaml(trimmed) : { kind: "broken", line: lineOfJsonError(trimmed) };
  }
  if (trimmed.startsWith("<")) return { kind: "html" };
  if (isYamlDocument(trimmed)) return readYaml(trimmed);
  const parsed = parseJson(trimmed);
  return parsed ? { kind: "json", value: parsed.value } : { kind: "other" };
}

function classify(value: unknown): ReadText {
  const copied = copyJson(value);
  if (!copied) return { kind: "too_large" };
  const document = copied.value;
  if (isObject(document)) {
    const version = getText(document, "openapi") || String(document.openapi ?? "");
    if (/^3\.\d/.test(version) && isObject(document.info)) return { kind: "openapi", document };
    if (version !== "" && isObject(document.info))
      return { kind: "old", version: /^[\d.]{1,10}/.exec(version)?.[0] ?? "" };
    const swagger = document.swagger;
    if ((typeof swagger === "string" || typeof swagger === "number") && isObject(document.info))
      return { kind: "old", version: /^[\d.]{1,10}/.exec(String(swagger))?.[0] ?? "2.0" };
  }
  return { kind: "json", value: document };
}

function isYamlDocument(text: string): boolean {
  return /^\s*["']?(openapi|swagger)["']?\s*:/m.test(text.slice(0, 20_000));
}

/** YAML 1.2 core: no dates, no merge keys, no tags that make other things; few aliases, because they multiply. */
function readYaml(text: string): ReadText {
  try {
    return classify(parse(text, { schema: "core", maxAliasCount: 100, logLevel: "silent", stringKeys: true }));
  } catch (error) {
    const place = isObject(error) && Array.isArray(error.linePos) ? error.linePos[0] : undefined;
    const line = isObject(place) && typeof place.line === "number" ? place.line : null;
    return { kind: "broken", line };
  }
}

function parseJson(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Not JSON: the caller asks what else it may be.
    return null;
  }
}

/** JSON is YAML, whose reader tells the line. */
function lineOfJsonError(text: string): number | null {
  const [error] = parseDocument(text, { logLevel: "silent", stringKeys: true }).errors;
  return error?.linePos?.[0].line ?? null;
}
