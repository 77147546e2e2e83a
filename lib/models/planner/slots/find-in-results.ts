import { isRecord, type Turn } from "../read-prompt";
import type { Property } from "./read-schema";
import { splitName } from "./read-schema";
import { stemOf } from "../language/words";

const maxNodes = 20_000;

/**
 * The id of something that an earlier answer of this conversation showed under this name: "Kindred" → `b-102`. Only looks
 * values up; what results say is never taken as a request. Null when nothing or more than one thing has the name.
 */
export function findIdInResults(name: string, property: Property, past: readonly Turn[]): string | number | null {
  const wanted = name.trim().toLowerCase();
  if (wanted.length < 2) return null;
  const found = new Map<string, string | number>();
  for (const turn of past)
    for (const { result } of turn.calls)
      if (result?.kind === "ok")
        visit(result.output, (node) => {
          const isNamed = Object.entries(node).some(
            ([key, value]) =>
              /title|name|label|subject|summary|merchant/i.test(key) &&
              typeof value === "string" &&
              value.toLowerCase() === wanted,
          );
          const id = isNamed ? idOf(node, property) : null;
          if (id !== null) found.set(String(id), id);
        });
  const [only] = found.values();
  return found.size === 1 && only !== undefined ? only : null;
}

/** `book_id` wants the field of that name, else the thing's own `id`. */
function idOf(node: Record<string, unknown>, { name, stems }: Property): string | number | null {
  const wanted = splitName(name).map(stemOf).join(" ");
  const own =
    Object.entries(node).find(([key]) => splitName(key).map(stemOf).join(" ") === wanted) ??
    Object.entries(node).find(
      ([key]) =>
        key.toLowerCase() === "id" || (/id$/i.test(key) && splitName(key).some((word) => stems.includes(stemOf(word)))),
    );
  return own && (typeof own[1] === "string" || typeof own[1] === "number") ? own[1] : null;
}

function visit(value: unknown, look: (node: Record<string, unknown>) => void): void {
  const open: unknown[] = [value];
  for (let count = 0; open.length > 0 && count < maxNodes; count++) {
    const next = open.pop();
    if (Array.isArray(next)) open.push(...next);
    else if (isRecord(next)) {
      look(next);
      open.push(...Object.values(next));
    }
  }
}
