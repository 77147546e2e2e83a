import { isKeyParameter } from "./find-auth";
import { isObject, type JsonObject } from "./json-value";
import type { OperationDraft, ParameterDraft } from "./draft";
import { isUnsafeName, makeIdentifier, makeUnique } from "./names";
import type { ApiOperation, ApiParameter } from "./open-api";
import { shapeOfSchema } from "./schema-shape";
import type { Shape } from "./shape";

/** Set by the host or by HTTP, or shaped like a credential: a module may not send them (lib/egress refuses them). */
const hostHeaders =
  /^(host|cookie|authorization|accept|accept-encoding|connection|content-.*|transfer-encoding|keep-alive|expect|upgrade|te|trailer|forwarded|via|origin|referer|user-agent|proxy-.*|x-forwarded-.*|x-real-ip|sec-.*)$|(-key|-token|-secret)$/i;

export interface ReadInput {
  parameters: ParameterDraft[];
  bodyKind: OperationDraft["bodyKind"];
  /** The header by which the API knows a repeated request. */
  idempotencyHeader: string | null;
}

const idempotencyName = /^(x-)?idempotency-key$/i;

/**
 * What an operation takes: path, query and header parameters and the fields of its body, each under a name of its own.
 * null when it needs something that a module cannot send (a cookie, a file, an object in the query).
 */
export function readInput(
  document: JsonObject,
  operation: ApiOperation,
  hidden: ReadonlySet<string>,
): ReadInput | null {
  const taken = new Set<string>();
  const parameters: ParameterDraft[] = [];
  const isKey = (one: ApiParameter) => one.in === "header" && idempotencyName.test(one.name);
  const idempotencyHeader = operation.method === "GET" ? null : (operation.parameters.find(isKey)?.name ?? null);
  for (const parameter of [...operation.parameters, ...undeclared(operation)].filter((one) => !isKey(one))) {
    // A path parameter that the path does not hold has nowhere to go.
    if (parameter.in === "path" && !operation.path.includes(`{${parameter.name}}`)) continue;
    if (
      parameter.in !== "path" &&
      (isKeyParameter(parameter) || hidden.has(`${parameter.in} ${parameter.name.toLowerCase()}`))
    )
      continue;
    const read = readParameter(document, parameter, taken);
    if (read === "skip") continue;
    if (read === "impossible") {
      if (parameter.isRequired) return null;
      continue;
    }
    parameters.push(read);
    if (read.input) taken.add(read.input);
  }
  const body = readBody(document, operation, taken);
  return body ? { parameters: [...parameters, ...body.parameters], bodyKind: body.bodyKind, idempotencyHeader } : null;
}

/** `{names}` of the path that the document forgot to describe. */
function undeclared(operation: ApiOperation): ApiParameter[] {
  const known = new Set(operation.parameters.filter((one) => one.in === "path").map((one) => one.name));
  const names = [...operation.path.matchAll(/\{([^{}]+)\}/g)]
    .map((match) => match[1] ?? "")
    .filter((name) => !known.has(name));
  return [...new Set(names)].map((name) => ({
    name,
    in: "path",
    description: "",
    isRequired: true,
    schema: { type: "string" },
    example: undefined,
    style: "",
    explode: null,
    isEncoded: false,
  }));
}

function readParameter(
  document: JsonObject,
  parameter: ApiParameter,
  taken: Set<string>,
): ParameterDraft | "skip" | "impossible" {
  const { name } = parameter;
  // The host takes no request with keys that every object has.
  if (parameter.in === "cookie" || (parameter.in !== "path" && isUnsafeName(name))) return "impossible";
  if (parameter.in === "header") {
    if (/^(accept|content-type|authorization|user-agent)$/i.test(name)) return "skip";
    if (hostHeaders.test(name) || !/^[a-z0-9!#$%&'*+.^_`|~-]+$/i.test(name)) return "impossible";
  }
  const shape = shapeOfSchema(document, parameter.schema);
  const isList = shape.kind === "list";
  const element = isList ? shape.items?.kind : shape.kind;
  const isPlain =
    element === "text" ||
    element === "number" ||
    element === "integer" ||
    element === "boolean" ||
    element === "unknown";
  if (!isPlain || parameter.isEncoded || parameter.style === "deepObject" || (isList && parameter.in !== "query"))
    return "impossible";
  const isJoined = isList && (parameter.explode === false || /Delimited$/.test(parameter.style));
  const description = parameter.description || shape.description;
  return {
    ...namedInput(name, shape, taken, parameter.isRequired),
    wire: name,
    in: parameter.in,
    shape: { ...plainShape(shape), ...(description ? { description } : {}) },
    isJoined,
    example: parameter.example ?? shape.example,
  };
}

/** Of unknown kind: sent as text. Only a body can carry null. */
function plainShape(shape: Shape): Shape {
  const items = shape.items ? plainShape(shape.items) : undefined;
  return {
    ...shape,
    kind: shape.kind === "unknown" ? "text" : shape.kind,
    isNullable: false,
    ...(items ? { items } : {}),
  };
}

/** A required parameter with one possible value is not asked for; one with a default may be left out. */
function namedInput(
  wire: string,
  shape: Shape,
  taken: Set<string>,
  isRequired: boolean,
): Pick<ParameterDraft, "input" | "isRequired" | "fallback"> {
  const [only] = shape.choices?.length === 1 ? shape.choices : [];
  if (isRequired && only !== undefined) return { input: null, isRequired: false, fallback: only };
  const usual = shape.default;
  const isUsable =
    shape.kind !== "list" && (typeof usual === "string" || typeof usual === "number" || typeof usual === "boolean");
  return {
    input: makeUnique(inputName(wire), taken),
    isRequired: isRequired && !isUsable,
    fallback: isRequired && isUsable ? usual : null,
  };
}

function inputName(wire: string): string {
  return /^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(wire) && !isUnsafeName(wire) ? wire : makeIdentifier(wire, "value");
}

function readBody(
  document: JsonObject,
  operation: ApiOperation,
  taken: Set<string>,
): Omit<ReadInput, "idempotencyHeader"> | null {
  const { body, method } = operation;
  if (!body || method === "GET") return { parameters: [], bodyKind: null };
  if (body.kind === "other") return body.isRequired ? null : { parameters: [], bodyKind: null };
  const shape = shapeOfSchema(document, body.schema);
  const example = body.example ?? shape.example;
  if (shape.kind !== "object" || !shape.fields?.size) {
    if (body.kind === "form") return body.isRequired ? null : { parameters: [], bodyKind: null };
    const input = makeUnique("body", taken);
    return {
      parameters: [
        { input, wire: "", in: "body", shape, isRequired: body.isRequired, fallback: null, isJoined: false, example },
      ],
      bodyKind: "json",
    };
  }
  const parameters: ParameterDraft[] = [];
  for (const [name, field] of shape.fields) {
    if (field.shape.isReadOnly) continue;
    if (body.kind === "form" && !isFormValue(field.shape)) {
      if (field.isRequired) return null;
      continue;
    }
    const named = namedInput(name, field.shape, taken, field.isRequired && body.isRequired);
    const own = isObject(example) && Object.hasOwn(example, name) ? example[name] : field.shape.example;
    parameters.push({ ...named, wire: name, in: "body", shape: field.shape, isJoined: false, example: own });
    if (named.input) taken.add(named.input);
  }
  return { parameters, bodyKind: body.kind };
}

function isFormValue({ kind }: Shape): boolean {
  return kind === "text" || kind === "number" || kind === "integer" || kind === "boolean";
}
