// Matches one escape sequence of JSON text; the group is set for those PostgreSQL refuses or cannot pair:
// NUL and halves of surrogate pairs (JSON.stringify writes only lone halves as escapes).
const escapePattern = /\\(?:u(0000|d[89a-f][0-9a-f]{2})|.)/gi;

/** JSON text that a jsonb column accepts: NUL and lone surrogates, which may come from a web page or a model, become U+FFFD. */
export function toStorableJson(value: unknown): string {
  const text = JSON.stringify(value) ?? "null";
  return text.includes("\\u") ? text.replace(escapePattern, (all, refused) => (refused ? "\\ufffd" : all)) : text;
}

/** The same for a text column. */
export function toStorableText(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\ufffd");
}
