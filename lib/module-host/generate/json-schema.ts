import { schemaOfExpression } from "./canonical-expression";
import type { OperationDraft, ParameterDraft } from "./draft";
import type { JsonObject } from "./json-value";
import { plainText } from "./quote";
import type { Shape } from "./shape";

const maxDescriptionChars = 200;

/** What the host checks before the module sees an input. */
export function inputSchema(parameters: ParameterDraft[]): JsonObject {
  const asked = parameters.filter((one) => one.input !== null);
  const required = asked.filter((one) => one.isRequired).map((one) => one.input);
  return {
    type: "object",
    properties: Object.fromEntries(
      asked.map((one) => [one.input, describeDefault(schemaOf(parameterShape(one), "input"), one)]),
    ),
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
  };
}

/** Only the body can carry null. */
export function parameterShape({ shape, in: place }: ParameterDraft): Shape {
  return place === "body" ? shape : { ...shape, isNullable: false };
}

function describeDefault(schema: JsonObject, { fallback, shape }: ParameterDraft): JsonObject {
  const usual = fallback ?? (typeof shape.default === "object" ? null : shape.default);
  if (usual === null || usual === undefined) return schema;
  const note = `${plainText(JSON.stringify(usual), 60)} when left out.`;
  return { ...schema, description: [schema.description, note].filter(Boolean).join(" ") };
}

/** What an operation gives. */
export function outputSchema({ reply, canonical }: OperationDraft): JsonObject {
  if (reply.kind === "none") return objectSchema({ done: { type: "boolean" } }, ["done"]);
  if (reply.kind === "text") return objectSchema({ text: { type: "string" } }, ["text"]);
  if (canonical && !reply.list)
    return objectSchema({ items: { type: "array", items: schemaOfExpression(canonical.value) } }, ["items"]);
  if (reply.list) {
    const item = canonical
      ? schemaOfExpression(canonical.value)
      : schemaOf(itemShape(reply.shape, reply.list), "output");
    const properties: JsonObject = { items: { type: "array", items: item } };
    if (reply.total) properties.total = { type: "number", description: "How many there are in all." };
    if (reply.paging)
      properties.complete = { type: "boolean", description: "False when there are more items than were collected." };
    return objectSchema(properties, reply.paging ? ["items", "complete"] : ["items"]);
  }
  if (isWhole(reply.shape)) return schemaOf(reply.shape, "output");
  return objectSchema({ result: schemaOf(reply.shape, "output") }, ["result"]);
}

/** Is the reply an object with known fields, which is given as it is? */
export function isWhole(shape: Shape): boolean {
  return shape.kind === "object" && (shape.fields?.size ?? 0) > 0 && !shape.isNullable;
}

export function itemShape(shape: Shape, list: string[]): Shape {
  let current: Shape | undefined = shape;
  for (const name of list) current = current?.fields?.get(name)?.shape;
  return current?.items ?? { kind: "unknown" };
}

function objectSchema(properties: JsonObject, required: string[]): JsonObject {
  return { type: "object", properties, required };
}

/** Values of an answer are not narrowed to the documented choices and formats: services add new ones. */
function schemaOf(shape: Shape, mode: "input" | "output"): JsonObject {
  const description = shape.description ? plainText(shape.description, maxDescriptionChars) : "";
  const body = bodyOf(shape, mode);
  const nullable = shape.isNullable && Object.keys(body).length > 0 ? allowNull(body) : body;
  return { ...nullable, ...(description ? { description } : {}) };
}

function allowNull(schema: JsonObject): JsonObject {
  return typeof schema.type === "string" &&
    schema.enum === undefined &&
    schema.type !== "object" &&
    schema.type !== "array"
    ? { ...schema, type: [schema.type, "null"] }
    : { anyOf: [schema, { type: "null" }] };
}

function bodyOf(shape: Shape, mode: "input" | "output"): JsonObject {
  switch (shape.kind) {
    case "unknown":
      return {};
    case "boolean":
      return { type: "boolean" };
    case "text":
      return { type: "string", ...(mode === "input" ? textRules(shape) : {}) };
    case "integer":
    case "number":
      return { type: mode === "input" ? shape.kind : "number", ...(mode === "input" ? numberRules(shape) : {}) };
    case "list":
      return { type: "array", items: schemaOf(shape.items ?? { kind: "unknown" }, mode) };
    case "object":
      return objectBody(shape, mode);
  }
}

function objectBody(shape: Shape, mode: "input" | "output"): JsonObject {
  if (!shape.fields?.size) return mode === "input" ? { type: "object" } : {};
  const fields = [...shape.fields].filter(([, field]) => mode === "output" || !field.shape.isReadOnly);
  const required = fields.filter(([, field]) => field.isRequired).map(([name]) => name);
  const withoutNull = (isRequired: boolean, one: Shape) =>
    mode === "output" && !isRequired ? { ...one, isNullable: false } : one;
  return {
    type: "object",
    properties: Object.fromEntries(
      fields.map(([name, field]) => [name, schemaOf(withoutNull(field.isRequired, field.shape), mode)]),
    ),
    ...(required.length > 0 ? { required } : {}),
  };
}

function textRules({ choices, minLength, maxLength, format }: Shape): JsonObject {
  const texts = choices?.filter((choice) => typeof choice === "string") ?? [];
  if (texts.length > 0) return { enum: texts };
  return {
    ...(isLength(minLength) && minLength > 0 ? { minLength } : {}),
    ...(isLength(maxLength) && maxLength > 0 && maxLength >= (minLength ?? 0) ? { maxLength } : {}),
    ...(format === "date" ? { format } : {}),
  };
}

function numberRules({ choices, minimum, maximum }: Shape): JsonObject {
  const numbers = choices?.filter((choice) => typeof choice === "number") ?? [];
  if (numbers.length > 0) return { enum: numbers };
  const isOrdered = minimum === undefined || maximum === undefined || minimum <= maximum;
  return isOrdered
    ? { ...(minimum === undefined ? {} : { minimum }), ...(maximum === undefined ? {} : { maximum }) }
    : {};
}

function isLength(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0;
}
