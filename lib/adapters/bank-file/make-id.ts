import { createHash } from "node:crypto";

/** A digest that stands for an account number without showing it. */
export function digest(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

/**
 * Ids for transactions by what they are. Equal ones of the same day are counted, so two equal purchases stay two; and as the
 * day is part of what is counted, a file that overlaps an earlier one gives the same ids for the days that both hold whole.
 */
export function createIdMaker(): (parts: readonly string[]) => string {
  const seen = new Map<string, number>();
  return (parts) => {
    const key = digest(parts);
    const ordinal = (seen.get(key) ?? 0) + 1;
    seen.set(key, ordinal);
    return ordinal === 1 ? `file:${key}` : `file:${key}:${ordinal}`;
  };
}

/** As one line, in one spelling of accents: what people would call the same text. */
export function tidyText(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
