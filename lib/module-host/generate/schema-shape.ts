import { mergeShapes } from "./infer-shape";
import { getText, isObject, type JsonObject, listOf } from "./json-value";
import { isUnsafeName } from "./names";
import { resolveReference } from "./open-api";
import type { Field, Shape } from "./shape";

/** Deeper values are handed through as plain JSON. */
const maxDepth = 7;
/** Fields of one object: required ones first, the rest is left out. */
const maxFields = 60;
/** Schemas looked at for one value: references that fan out would otherwise multiply without end. */
const maxSchemas = 600;
const maxChoices = 100;

interface Walk {
  document: JsonObject;
  left: number;
}

/** What a JSON schema of the document says about a value. Cycles and what goes beyond the limits become unknown. */
export function shapeOfSchema(document: JsonObject, schema: unknown): Shape {
  return walk({ document, left: maxSchemas }, schema, 0, []);
}

function walk(state: Walk, schema: unknown, depth: number, inside: string[]): Shape {
  state.left -= 1;
  if (!isObject(schema) || state.left < 0 || depth > maxDepth) return { kind: "unknown" };
  const { value: resolved, name, references } = resolveReference(state.document, schema);
  if (!resolved || references.some((reference) => inside.includes(reference))) return { kind: "unknown" };
  const path = [...inside, ...references];
  const description = getText(schema, "description") || getText(resolved, "description") || undefined;
  const shape = combine(state, resolved, depth, path);
  return {
    ...shape,
    ...(description ? { description } : {}),
    ...(shape.kind === "object" && (name || getText(resolved, "title"))
      ? { name: name || getText(resolved, "title") }
      : {}),
    ...(resolved.nullable === true ? { isNullable: true } : {}),
    ...(resolved.readOnly === true ? { isReadOnly: true } : {}),
    ...exampleOf(resolved),
  };
}

function exampleOf(schema: JsonObject): Pick<Shape, "example" | "default"> {
  const example = schema.example ?? listOf(schema.examples)[0];
  return {
    ...(example === undefined ? {} : { example }),
    ...(schema.default === undefined ? {} : { default: schema.default }),
  };
}

/** The schema itself together with its allOf, oneOf and anyOf. */
function combine(state: Walk, schema: JsonObject, depth: number, inside: string[]): Shape {
  const parts: Shape[] = [];
  const own = readOwn(state, schema, depth, inside);
  if (own.kind !== "unknown" || own.choices) parts.push(own);
  for (const part of listOf(schema.allOf).slice(0, 20)) parts.push(walk(state, part, depth, inside));
  for (const alternatives of [schema.oneOf, schema.anyOf])
    if (Array.isArray(alternatives) && alternatives.length > 0)
      parts.push(unite(state, alternatives.slice(0, 20), depth, inside));
  const [first, ...rest] = parts;
  if (!first) return own;
  const all = rest.reduce(intersect, first);
  return all.isNullable || own.isNullable ? { ...all, isNullable: true } : all;
}

/** One of several: fields that only some have are optional. */
function unite(state: Walk, alternatives: unknown[], depth: number, inside: string[]): Shape {
  const isNull = (part: unknown) =>
    isObject(part) && (part.type === "null" || (Array.isArray(part.enum) && part.enum.every((one) => one === null)));
  const shapes = alternatives.filter((part) => !isNull(part)).map((part) => walk(state, part, depth, inside));
  const isNullable = alternatives.some(isNull);
  const [first] = shapes;
  if (!first) return { kind: "unknown", isNullable };
  if (shapes.some(({ kind }) => kind === "unknown")) return { kind: "unknown" };
  const shape = shapes.reduce((left, right) => withoutName(mergeShapes(left, right)), first);
  return isNullable ? { ...shape, isNullable: true } : shape;
}

function withoutName({ name: _, example: __, ...shape }: Shape): Shape {
  return shape;
}

/** Both at once (allOf). */
function intersect(left: Shape, right: Shape): Shape {
  if (left.kind === "unknown") return { ...left, ...right };
  if (right.kind === "unknown") return { ...right, ...left };
  if (left.kind !== "object" || right.kind !== "object") return { ...right, ...left };
  const fields = new Map(left.fields);
  for (const [name, field] of right.fields ?? []) {
    const known = fields.get(name);
    fields.set(
      name,
      known ? { shape: intersect(known.shape, field.shape), isRequired: known.isRequired || field.isRequired } : field,
    );
  }
  for (const required of [...(left.requiredNames ?? []), ...(right.requiredNames ?? [])]) {
    const field = fields.get(required);
    if (field) fields.set(required, { ...field, isRequired: true });
  }
  return { ...right, ...left, fields: boundFields(fields), isOpen: left.isOpen || right.isOpen };
}

function readOwn(state: Walk, schema: JsonObject, depth: number, inside: string[]): Shape {
  const types = Array.isArray(schema.type) ? schema.type.filter((type) => type !== "null") : [schema.type];
  const isNullable = (Array.isArray(schema.type) && schema.type.includes("null")) || listOf(schema.enum).includes(null);
  const nullable = isNullable ? { isNullable: true } : {};
  const choices = readChoices(schema);
  const type =
    types.length === 1 ? types[0] : types.every((one) => one === "integer" || one === "number") ? "number" : undefined;
  if (type === "boolean") return { kind: "boolean", ...nullable };
  if (type === "string" || (type === undefined && choices?.every((choice) => typeof choice === "string")))
    return { kind: "text", ...nullable, ...(choices ? { choices } : {}), ...textLimits(schema) };
  if (type === "integer" || type === "number")
    return { kind: type, ...nullable, ...(choices ? { choices } : {}), ...numberLimits(schema) };
  if (type === "array" || (type === undefined && schema.items !== undefined && types.length < 2))
    return { kind: "list", ...nullable, items: walk(state, schema.items, depth + 1, inside) };
  if (type === "object" || (type === undefined && isObject(schema.properties) && types.length < 2))
    return { ...readObject(state, schema, depth, inside), ...nullable };
  if (type === undefined && types.length < 2 && Array.isArray(schema.required))
    return { kind: "object", fields: new Map(), isOpen: true, requiredNames: namesOf(schema.required), ...nullable };
  return { kind: "unknown", ...nullable };
}

function readObject(state: Walk, schema: JsonObject, depth: number, inside: string[]): Shape {
  const required = namesOf(schema.required);
  const fields = new Map<string, Field>();
  const entries = Object.entries(isObject(schema.properties) ? schema.properties : {}).filter(
    ([name]) => !isUnsafeName(name),
  );
  const ranked = [
    ...entries.filter(([name]) => required.includes(name)),
    ...entries.filter(([name]) => !required.includes(name)),
  ];
  const kept = new Set(ranked.slice(0, maxFields).map(([name]) => name));
  for (const [name, property] of entries)
    if (kept.has(name))
      fields.set(name, { shape: walk(state, property, depth + 1, inside), isRequired: required.includes(name) });
  return { kind: "object", fields, isOpen: schema.additionalProperties !== false, requiredNames: required };
}

function boundFields(fields: Map<string, Field>): Map<string, Field> {
  if (fields.size <= maxFields) return fields;
  const required = [...fields].filter(([, field]) => field.isRequired);
  const rest = [...fields].filter(([, field]) => !field.isRequired);
  return new Map([...required, ...rest].slice(0, maxFields));
}

function readChoices(schema: JsonObject): (string | number)[] | undefined {
  const listed = Array.isArray(schema.enum) ? schema.enum : schema.const !== undefined ? [schema.const] : [];
  const choices = listed.filter((choice) => typeof choice === "string" || typeof choice === "number");
  return choices.length > 0 && choices.length <= maxChoices ? choices : undefined;
}

function textLimits(schema: JsonObject): Partial<Shape> {
  const format = getText(schema, "format").slice(0, 40);
  return { ...(format ? { format } : {}), ...numberField(schema, "minLength"), ...numberField(schema, "maxLength") };
}

function numberLimits(schema: JsonObject): Partial<Shape> {
  const format = getText(schema, "format").slice(0, 40);
  return { ...(format ? { format } : {}), ...numberField(schema, "minimum"), ...numberField(schema, "maximum") };
}

function numberField(schema: JsonObject, name: "minLength" | "maxLength" | "minimum" | "maximum"): Partial<Shape> {
  const value = schema[name];
  return typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? { [name]: value } : {};
}

function namesOf(value: unknown): string[] {
  return listOf(value)
    .filter((name) => typeof name === "string")
    .slice(0, 500);
}
