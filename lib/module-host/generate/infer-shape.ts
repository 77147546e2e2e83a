import { isUnsafeName } from "./names";
import type { Field, Shape } from "./shape";

const maxDepth = 12;
/** Enough elements of a list to see which fields may be missing. */
const maxElements = 200;

/** Anything at all. An unknown shape without this mark is only one that nothing has been seen of yet. */
const mixed: Shape = { kind: "unknown", isMixed: true };

/** What a sample value says about all values like it: fields missing in some elements are optional. */
export function inferShape(value: unknown, depth = 0): Shape {
  if (value === null || value === undefined) return { kind: "unknown", isNullable: value === null };
  if (depth > maxDepth) return mixed;
  if (typeof value === "boolean") return { kind: "boolean" };
  if (typeof value === "number") return { kind: Number.isInteger(value) ? "integer" : "number" };
  if (typeof value === "string") return { kind: "text", ...formatOf(value) };
  if (Array.isArray(value)) {
    const elements = value.slice(0, maxElements).map((element) => inferShape(element, depth + 1));
    return { kind: "list", items: elements.reduce(mergeShapes, { kind: "unknown" }) };
  }
  const fields = new Map<string, Field>();
  for (const [name, item] of Object.entries(value as object))
    if (!isUnsafeName(name)) fields.set(name, { shape: inferShape(item, depth + 1), isRequired: true });
  return { kind: "object", fields, isOpen: true };
}

/** What two values have in common. Different kinds give an unknown one. */
export function mergeShapes(left: Shape, right: Shape): Shape {
  const isNullable = left.isNullable || right.isNullable || undefined;
  if (left.isMixed || right.isMixed) return mixed;
  if (left.kind === "unknown") return { ...right, isNullable };
  if (right.kind === "unknown") return { ...left, isNullable };
  const kinds = new Set([left.kind, right.kind]);
  if (kinds.size === 2 && kinds.has("integer") && kinds.has("number")) return { kind: "number", isNullable };
  if (kinds.size === 2) return mixed;
  if (left.kind === "object")
    return { ...left, isNullable, fields: mergeFields(left, right), isOpen: left.isOpen || right.isOpen };
  if (left.kind === "list")
    return {
      ...left,
      isNullable,
      items: mergeShapes(left.items ?? { kind: "unknown" }, right.items ?? { kind: "unknown" }),
    };
  return {
    ...left,
    isNullable,
    format: left.format === right.format ? left.format : undefined,
    choices: mergeChoices(left, right),
  };
}

/**
 * One reply does not show which fields may be missing elsewhere: below the top, only ids, names and containers are taken
 * for granted.
 */
export function relaxShape(shape: Shape, depth = 0): Shape {
  if (shape.kind === "list") return { ...shape, items: relaxShape(shape.items ?? { kind: "unknown" }, depth + 1) };
  if (shape.kind !== "object") return shape;
  const fields = new Map<string, Field>();
  for (const [name, field] of shape.fields ?? []) {
    const isSure = depth === 0 || field.shape.kind === "list" || /^(id|name|title)$/i.test(name);
    fields.set(name, {
      shape: relaxShape(field.shape, depth + 1),
      isRequired: field.isRequired && isSure && !field.shape.isNullable,
    });
  }
  return { ...shape, fields };
}

function mergeFields(left: Shape, right: Shape): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const name of new Set([...(left.fields?.keys() ?? []), ...(right.fields?.keys() ?? [])])) {
    const one = left.fields?.get(name);
    const other = right.fields?.get(name);
    if (one && other)
      fields.set(name, { shape: mergeShapes(one.shape, other.shape), isRequired: one.isRequired && other.isRequired });
    else fields.set(name, { shape: (one ?? other)?.shape ?? { kind: "unknown" }, isRequired: false });
  }
  return fields;
}

function mergeChoices(left: Shape, right: Shape): Shape["choices"] {
  return left.choices && right.choices ? [...new Set([...left.choices, ...right.choices])] : undefined;
}

function formatOf(text: string): { format?: string } {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return { format: "date" };
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return { format: "date-time" };
  if (/^https?:\/\/\S+$/.test(text)) return { format: "uri" };
  if (/^[^\s@]+@[^\s@]+\.[a-z]+$/i.test(text)) return { format: "email" };
  return {};
}
