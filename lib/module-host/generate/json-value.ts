import { isUnsafeName } from "./names";

export type JsonObject = Record<string, unknown>;

/** Deeper documents are attacks or mistakes. */
const maxDepth = 64;
/** Values of a document of 1 MB: `[0,0,…]` has half a million. */
const maxValues = 600_000;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value under an own name of an object; undefined for anything else. */
export function getOwn(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

export function getText(value: unknown, name: string): string {
  const found = getOwn(value, name);
  return typeof found === "string" ? found : "";
}

export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A copy that holds only what JSON can, without broken characters and names that change objects; null when it is too deep or too large. */
export function copyJson(value: unknown): { value: unknown } | null {
  let left = maxValues;
  const copy = (item: unknown, depth: number): unknown => {
    left -= 1;
    if (depth > maxDepth || left < 0) throw new RangeError("too deep or too large");
    if (item === null || typeof item === "boolean") return item;
    if (typeof item === "string") return item.toWellFormed();
    if (typeof item === "number") return Number.isFinite(item) ? item : null;
    if (Array.isArray(item)) return item.map((element) => copy(element, depth + 1));
    if (typeof item !== "object") return null;
    const result: JsonObject = {};
    for (const [name, field] of Object.entries(item))
      if (!isUnsafeName(name)) result[name.toWellFormed()] = copy(field, depth + 1);
    return result;
  };
  try {
    return { value: copy(value, 0) };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
