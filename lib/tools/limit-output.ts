/** What one result may add to the model's prompt. */
export const maxOutputChars = 60_000;

// From gentle to harsh: how many items of a list and how many characters of a text are kept.
const levels = [
  { items: 200, chars: 20_000 },
  { items: 50, chars: 4000 },
  { items: 20, chars: 1000 },
  { items: 5, chars: 300 },
  { items: 2, chars: 100 },
] as const;

/** The value itself when it is small enough, else as much of it as fits, with a note at every cut. Always plain JSON. */
export function limitOutput(value: unknown, maxChars: number = maxOutputChars): { output: unknown; isCut: boolean } {
  const json = JSON.stringify(value ?? null);
  if (json.length <= maxChars) return { output: JSON.parse(json), isCut: false };
  const plain: unknown = JSON.parse(json);
  for (const level of levels) {
    const output = shorten(plain, level.items, level.chars);
    if (JSON.stringify(output).length <= maxChars) return { output, isCut: true };
  }
  return {
    output: {
      text: json.slice(0, maxChars / 2).toWellFormed(),
      note: `cut: ${json.length} characters in all`,
    },
    isCut: true,
  };
}

function shorten(value: unknown, items: number, chars: number): unknown {
  if (typeof value === "string")
    return value.length <= chars
      ? value
      : `${value.slice(0, chars).toWellFormed()}… (${value.length - chars} more characters)`;
  if (Array.isArray(value)) {
    const kept = value.slice(0, items).map((item) => shorten(item, items, chars));
    return value.length <= items ? kept : [...kept, `… (${value.length - items} more items)`];
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const kept = entries.slice(0, items * 2).map(([key, item]) => [key, shorten(item, items, chars)] as const);
  return Object.fromEntries(
    entries.length <= items * 2 ? kept : [...kept, ["…", `${entries.length - items * 2} more fields`]],
  );
}
