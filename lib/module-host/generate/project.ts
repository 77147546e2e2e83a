import { isObject, type JsonObject } from "./json-value";
import type { Shape } from "./shape";

/** What the module's readers make of a value: known fields only, optional ones left out when null. */
export function project(value: unknown, shape: Shape): unknown {
  if (value === null) return null;
  if (shape.kind === "list")
    return Array.isArray(value) ? value.map((item) => project(item, shape.items ?? { kind: "unknown" })) : value;
  if (shape.kind !== "object" || !shape.fields?.size || !isObject(value)) return value;
  const result: JsonObject = {};
  for (const [name, field] of shape.fields) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given === undefined || (given === null && !field.isRequired)) continue;
    result[name] = project(given, field.shape);
  }
  return result;
}
