import { AppError } from "@/lib/contracts/errors";
import { getOwn, getText, isObject, type JsonObject, listOf } from "./json-value";

/** One operation of a document, with references at its top resolved. */
export interface ApiOperation {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** With `{parameters}`. */
  path: string;
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  isDeprecated: boolean;
  parameters: ApiParameter[];
  body: ApiBody | null;
  reply: ApiReply;
  /** Alternatives, each a set of scheme names. null = what the document says for all. */
  security: unknown;
  /** Servers of this operation or path alone. */
  servers: unknown[];
}

export interface ApiParameter {
  name: string;
  in: "path" | "query" | "header" | "cookie";
  description: string;
  isRequired: boolean;
  schema: unknown;
  example: unknown;
  style: string;
  explode: boolean | null;
  /** Described by a media type instead of a schema. */
  isEncoded: boolean;
}

export interface ApiBody {
  kind: "json" | "form" | "other";
  schema: unknown;
  example: unknown;
  isRequired: boolean;
}

export interface ApiReply {
  kind: "json" | "text" | "none" | "other";
  status: number;
  schema: unknown;
  example: unknown;
  /** Documented headers, in lower case. */
  headers: string[];
  description: string;
}

const methods = ["get", "post", "put", "patch", "delete"] as const;
const maxOperations = 400;
const maxHops = 20;

/** Follows references inside the document. `name` is the last one's: the schema is called so. */
export function resolveReference(
  document: JsonObject,
  value: unknown,
): { value: JsonObject | null; name: string; references: string[] } {
  let current = value;
  let name = "";
  const references: string[] = [];
  for (let hop = 0; hop < maxHops && isObject(current); hop += 1) {
    const reference = getOwn(current, "$ref");
    if (typeof reference !== "string") return { value: current, name, references };
    references.push(reference);
    const steps = readPointer(reference);
    name = steps?.at(-1) ?? "";
    current = steps?.reduce<unknown>((at, step) => (Array.isArray(at) ? at[Number(step)] : getOwn(at, step)), document);
  }
  return { value: null, name: "", references };
}

function readPointer(reference: string): string[] | null {
  if (!reference.startsWith("#/")) return null;
  try {
    return decodeURIComponent(reference.slice(2))
      .split("/")
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** @throws AppError when there are none or too many */
export function listOperations(document: JsonObject): ApiOperation[] {
  const operations: ApiOperation[] = [];
  for (const [path, entry] of Object.entries(isObject(document.paths) ? document.paths : {})) {
    const item = resolveReference(document, entry).value;
    if (!item || !path.startsWith("/")) continue;
    for (const method of methods) {
      const operation = getOwn(item, method);
      if (isObject(operation)) operations.push(readOperation(document, path, method, item, operation));
    }
  }
  if (operations.length > maxOperations)
    throw new AppError(
      "invalid",
      `The document has ${operations.length} operations; Burgeon reads at most ${maxOperations}.`,
      {
        hint: "Paste a document with only the paths you need.",
      },
    );
  if (operations.length === 0)
    throw new AppError("invalid", "The OpenAPI document describes no operations.", {
      hint: "Check that its paths are filled in, or paste a sample reply instead.",
    });
  return operations;
}

function readOperation(
  document: JsonObject,
  path: string,
  method: (typeof methods)[number],
  item: JsonObject,
  operation: JsonObject,
): ApiOperation {
  return {
    method: method.toUpperCase() as ApiOperation["method"],
    path,
    operationId: getText(operation, "operationId"),
    summary: getText(operation, "summary") || getText(item, "summary"),
    description: getText(operation, "description") || getText(item, "description"),
    tags: listOf(operation.tags).filter((tag) => typeof tag === "string"),
    isDeprecated: operation.deprecated === true,
    parameters: readParameters(document, listOf(item.parameters), listOf(operation.parameters)),
    body: readBody(document, operation.requestBody),
    reply: readReply(document, operation.responses),
    security: operation.security ?? null,
    servers: listOf(operation.servers ?? item.servers),
  };
}

/** Those of the operation replace those of the path with the same name and place. */
function readParameters(document: JsonObject, ofPath: unknown[], ofOperation: unknown[]): ApiParameter[] {
  const parameters = new Map<string, ApiParameter>();
  for (const entry of [...ofPath, ...ofOperation].slice(0, 200)) {
    const parameter = resolveReference(document, entry).value;
    const name = getText(parameter, "name");
    const place = getText(parameter, "in");
    if (
      !parameter ||
      name === "" ||
      !(place === "path" || place === "query" || place === "header" || place === "cookie")
    )
      continue;
    const [media] = mediaTypes(document, parameter.content);
    parameters.set(`${place} ${name}`, {
      name,
      in: place,
      description: getText(parameter, "description"),
      isRequired: place === "path" || parameter.required === true,
      schema: parameter.schema ?? media?.schema,
      example: exampleIn(document, parameter),
      style: getText(parameter, "style"),
      explode: typeof parameter.explode === "boolean" ? parameter.explode : null,
      isEncoded: media !== undefined,
    });
  }
  return [...parameters.values()];
}

function readBody(document: JsonObject, entry: unknown): ApiBody | null {
  const body = resolveReference(document, entry).value;
  if (!body) return null;
  const types = mediaTypes(document, body.content);
  const isRequired = body.required === true;
  const json = types.find(({ type }) => isJsonType(type));
  if (json) return { kind: "json", schema: json.schema, example: json.example, isRequired };
  const form = types.find(({ type }) => type === "application/x-www-form-urlencoded");
  if (form) return { kind: "form", schema: form.schema, example: form.example, isRequired };
  return { kind: "other", schema: undefined, example: undefined, isRequired };
}

function readReply(document: JsonObject, responses: unknown): ApiReply {
  const entries = Object.entries(isObject(responses) ? responses : {});
  const good = entries
    .filter(([status]) => /^2(\d\d|xx)$/i.test(status))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const [status, entry] = good[0] ?? entries.find(([name]) => name === "default") ?? ["200", undefined];
  const response = resolveReference(document, entry).value;
  const types = mediaTypes(document, response?.content);
  const json = types.find(({ type }) => isJsonType(type)) ?? types.find(({ type }) => type === "*/*");
  const text = types.find(({ type }) => type.startsWith("text/"));
  const kind = json ? "json" : text ? "text" : types.length > 0 ? "other" : "none";
  return {
    kind,
    status: /^\d{3}$/.test(status) ? Number(status) : 200,
    schema: json?.schema,
    example: json?.example ?? text?.example,
    headers: Object.keys(isObject(response?.headers) ? response.headers : {}).map((name) => name.toLowerCase()),
    description: getText(response, "description"),
  };
}

function mediaTypes(document: JsonObject, content: unknown): { type: string; schema: unknown; example: unknown }[] {
  return Object.entries(isObject(content) ? content : {}).map(([type, entry]) => {
    const media = resolveReference(document, entry).value;
    return {
      type: type.split(";")[0]?.trim().toLowerCase() ?? "",
      schema: media?.schema,
      example: exampleIn(document, media),
    };
  });
}

function isJsonType(type: string): boolean {
  return /^application\/([\w.-]+\+)?json$|^text\/json$/.test(type);
}

/** `example`, or the first of `examples`. */
function exampleIn(document: JsonObject, holder: JsonObject | null | undefined): unknown {
  if (!holder) return undefined;
  if (holder.example !== undefined) return holder.example;
  const [first] = Object.values(isObject(holder.examples) ? holder.examples : {});
  return resolveReference(document, first).value?.value;
}
