/** No bank writes more; what is longer is cut, so that time is bounded by the number of texts. */
const maxChars = 500;

/**
 * The words of a text as rules see them: small letters and digits without accents. Everything else parts words, but an
 * apostrophe does not: "McDonald’s #12" is `mcdonalds`, `12`.
 */
export function splitWords(text: string): string[] {
  const plain = fold(text.slice(0, maxChars));
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Small letters without accents, apostrophes taken out. */
export function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\p{M}'’`]/gu, "")
    .toLowerCase()
    .replaceAll("ß", "ss");
}
