/** Shorter values would blank ordinary text; a credential this short protects nothing. */
const shortest = 4;

/**
 * A function that replaces every form in which a secret could come back: as it is, URL-encoded, form-encoded, in base64
 * (also without padding and URL-safe), in hex, and escaped in JSON or HTML.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= shortest));
  const longestFirst = [...forms].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, form) => rest.replaceAll(form, "[redacted]"), text);
}

function formsOf(secret: string): string[] {
  if (secret.length < shortest) return [];
  const bytes = Buffer.from(secret);
  const base64 = bytes.toString("base64");
  const encoded = encodeURIComponent(secret.toWellFormed());
  const inForm = new URLSearchParams({ s: secret }).toString().slice(2);
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inHtml = secret.replace(/[&<>"']/g, (character) => htmlEntities[character] ?? character);
  return [
    secret,
    ...[encoded, inForm].flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase())]),
    inJson,
    inJson.replaceAll("/", "\\/"),
    // As serializers write it that escape everything beyond ASCII.
    inJson.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    inHtml,
    inHtml.replaceAll("&#39;", "&#x27;"),
    base64,
    base64.replace(/=+$/, ""),
    bytes.toString("base64url"),
    ...(secret.length >= 8 ? [bytes.toString("hex"), bytes.toString("hex").toUpperCase()] : []),
  ];
}

const htmlEntities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
