import { isObject, type JsonObject } from "./json-value";
import { splitWords } from "./words";

const secretNames =
  /(^|_)(password|passwd|passphrase|secret|token|api_key|apikey|authorization|cookie|session|credential|private_key|access_key|signature|otp|pin|ssn|iban|card_number|cvv)s?(_|$)/;
/** Words after which a "token" only marks a place in a list. */
const cursorNames = /(^|_)(page|next|previous|prev|continuation|sync)_(page_)?token$|_type$|_url$|_count$/;
/** Keys in the forms that their vendors publish, and secrets whoever made them. Bounded, because documents may be hostile. */
const secretValues = [
  /-----BEGIN [A-Z ]{1,60}-----[\s\S]*/g,
  /\beyJ[\w-]{8,300}\.[\w-]{8,4000}\.[\w-]*/g,
  /\b(sk|pk|rk)[-_](live|test|proj|ant)?[-_]?[\w-]{16,}/g,
  /\b(ghp|gho|ghu|ghs|ghr|github_pat)_\w{20,}/g,
  /\b(AKIA|ASIA)[A-Z0-9]{12,}/g,
  /\bAIza[\w-]{30,}/g,
  /\bxox[a-z]-[\w-]{10,}/g,
  /\bbgn_[\w-]{40,}/g,
  /(?<=["'](?:authorization|x-api-key|api-key|cookie|set-cookie)["']\s{0,5}:\s{0,5}["'])[^"'\n]{12,}(?=["'])/gi,
];
const emails = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+/g;

/** A copy of a reply without what looks like a secret or a person's address. Structure and other values stay. */
export function scrub(value: unknown, name = "", depth = 0): unknown {
  if (depth > 64) return null;
  if (Array.isArray(value)) return value.map((item) => scrub(item, name, depth + 1));
  if (isObject(value)) {
    const result: JsonObject = {};
    for (const [key, item] of Object.entries(value)) result[key] = scrub(item, key, depth + 1);
    return result;
  }
  if (isSecretName(name) && (typeof value === "string" || typeof value === "number") && value !== "")
    return typeof value === "string" ? "scrubbed" : 0;
  return typeof value === "string" ? scrubText(value) : value;
}

export function isSecretName(name: string): boolean {
  const plain = splitWords(name).join("_");
  return secretNames.test(plain) && !cursorNames.test(plain);
}

/** Text without keys in their well-known forms and without mail addresses. */
export function scrubText(text: string): string {
  return removeKeys(text).replace(emails, "person@example.com");
}

/** A copy of a document whose texts hold no keys: examples in documents are sometimes real ones. */
export function removeKeysFrom(value: unknown): unknown {
  if (typeof value === "string") return removeKeys(value);
  if (Array.isArray(value)) return value.map(removeKeysFrom);
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, removeKeysFrom(item)]))
    : value;
}

function removeKeys(text: string): string {
  const withoutUsers = text.replace(/(?<=:\/\/)[^\s/:@"']{1,200}:[^\s/@"']{1,200}@/g, "");
  return secretValues.reduce((left, pattern) => left.replace(pattern, "scrubbed"), withoutUsers);
}
