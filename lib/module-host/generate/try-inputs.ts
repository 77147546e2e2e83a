import type { OperationDraft, ParameterDraft } from "./draft";
import { exampleOf } from "./example";
import { isObject, type JsonObject } from "./json-value";
import { parameterShape } from "./json-schema";
import type { Shape } from "./shape";

/** An input and the request it leads to. */
export interface Attempt {
  input: JsonObject;
  request: WrittenRequest;
}

/** A request as the module sends it: parts that are not there are left out. */
export interface WrittenRequest {
  method: OperationDraft["method"];
  path: string;
  query?: JsonObject;
  headers?: Record<string, string>;
  json?: unknown;
  form?: Record<string, string>;
}

/**
 * An input with values to try: the required ones, or all of them. `index` gives other values.
 * `missing`: for a thing that is not there.
 */
export function tryInput(
  operation: OperationDraft,
  options: { isFull?: boolean; index?: number; isMissing?: boolean },
): Attempt {
  const input: JsonObject = {};
  for (const parameter of operation.parameters) {
    if (parameter.input === null || (!parameter.isRequired && !options.isFull)) continue;
    if (parameter.in === "collect") continue;
    input[parameter.input] =
      options.isMissing && parameter.in === "path"
        ? missingValue(parameter)
        : valueFor(parameter, operation.noun, options.index ?? 0);
  }
  return { input, request: requestFor(operation, input) };
}

/** Can an operation be asked for a thing that is not there? */
export function canMiss({ parameters, method }: OperationDraft): boolean {
  return (
    method === "GET" &&
    parameters.some(
      (one) => one.in === "path" && one.input !== null && one.isRequired && one.shape.choices === undefined,
    )
  );
}

function missingValue({ shape }: ParameterDraft): unknown {
  if (shape.kind === "integer" || shape.kind === "number") return shape.maximum ?? 999_999;
  return shape.kind === "boolean" ? false : "missing";
}

function valueFor(parameter: ParameterDraft, noun: string, index: number): unknown {
  const shape = parameterShape(parameter);
  const about =
    parameter.in === "path" || /id$/i.test(parameter.wire) ? parameter.wire.replace(/[_-]?id$/i, "") || noun : noun;
  const value = keepWritable(exampleOf(shape, parameter.wire, index, parameter.example, about), shape);
  if (parameter.in !== "path" || typeof value !== "string")
    return parameter.in === "header" && typeof value === "string"
      ? value.replace(/[^\x20-\x7e]/g, "") || "value"
      : value;
  // The host refuses paths that two parsers could read differently.
  return /^[\w~-][\w.~@:,-]*$/.test(value)
    ? value
    : value
        .normalize("NFKD")
        .replace(/[^\w-]+/g, "-")
        .replace(/^-+|-+$/g, "") || "item-101";
}

/** Without what the service alone writes. */
function keepWritable(value: unknown, shape: Shape): unknown {
  if (shape.kind === "list" && Array.isArray(value))
    return value.map((item) => keepWritable(item, shape.items ?? { kind: "unknown" }));
  if (shape.kind !== "object" || !isObject(value) || !shape.fields?.size) return value;
  const result: JsonObject = {};
  for (const [name, field] of shape.fields)
    if (!field.shape.isReadOnly && Object.hasOwn(value, name)) result[name] = keepWritable(value[name], field.shape);
  return result;
}

/** What the written code sends for an input; see write-operation.ts, which writes that code. */
export function requestFor(operation: OperationDraft, input: JsonObject): WrittenRequest {
  const sentValue = (parameter: ParameterDraft) => {
    const given = parameter.input === null ? undefined : input[parameter.input];
    const value = given ?? parameter.fallback ?? undefined;
    return parameter.isJoined && Array.isArray(value) ? value.join(",") : value;
  };
  const part = (place: ParameterDraft["in"]) => operation.parameters.filter((one) => one.in === place);
  const collect = (parameters: ParameterDraft[]) =>
    Object.fromEntries(parameters.map((one) => [one.wire, sentValue(one)]).filter(([, value]) => value !== undefined));
  const texts = (parameters: ParameterDraft[]) =>
    Object.fromEntries(Object.entries(collect(parameters)).map(([name, value]) => [name, String(value)]));
  const body = part("body");
  const [whole] = body;
  const isWhole = whole?.wire === "";
  const json = isWhole ? sentValue(whole) : collect(body);
  return {
    method: operation.method,
    path: pathFor(operation, (parameter) => encodeURIComponent(String(sentValue(parameter)))),
    ...(part("query").length > 0 || operation.reply.paging ? { query: collect(part("query")) } : {}),
    ...(part("header").length > 0 ? { headers: texts(part("header")) } : {}),
    ...(operation.bodyKind === "json" && json !== undefined ? { json } : {}),
    ...(operation.bodyKind === "form" ? { form: texts(body) } : {}),
  };
}

/** The path with its fixed parts encoded and each parameter replaced. */
export function pathFor(
  operation: Pick<OperationDraft, "path" | "parameters">,
  write: (parameter: ParameterDraft) => string,
): string {
  return operation.path
    .split(/(\{[^{}]+\})/)
    .map((piece) => {
      const name = /^\{([^{}]+)\}$/.exec(piece)?.[1];
      const parameter =
        name === undefined ? undefined : operation.parameters.find((one) => one.in === "path" && one.wire === name);
      return parameter ? write(parameter) : encodeFixed(piece);
    })
    .join("");
}

/** Keeps what a path may hold, so that nothing of it can end a template literal. */
function encodeFixed(text: string): string {
  return text
    .toWellFormed()
    .replace(/%[0-9a-f]{2}|[^A-Za-z0-9\-._~!'()*+,;=:@/&]/giu, (part) =>
      /^%[0-9a-f]{2}$/i.test(part) ? part : encodeURIComponent(part),
    );
}
