import type { OperationDraft, ParameterDraft } from "./draft";
import { quote, writeAccess, writeKey, writeLiteral } from "./quote";
import { pathFor } from "./try-inputs";

/** The request as an object literal. `query` replaces that of the parameters. */
export function writeRequest(operation: OperationDraft, indent: string, query: string | null = null): string {
  const part = (place: ParameterDraft["in"]) => operation.parameters.filter((one) => one.in === place);
  const inner = `${indent}  `;
  const entries = (parameters: ParameterDraft[]) => parameters.map((one) => [one.wire, writeValue(one)] as const);
  const fields: string[] = [];
  if (operation.method !== "GET") fields.push(`method: ${quote(operation.method)}`);
  fields.push(`path: ${writePath(operation)}`);
  if (query !== null) fields.push(`query: ${query}`);
  else if (part("query").length > 0) fields.push(`query: ${writeObject(entries(part("query")), inner)}`);
  if (part("header").length > 0) fields.push(`headers: given(${writeObject(entries(part("header")), inner)})`);
  const body = part("body");
  const [whole] = body;
  if (operation.bodyKind === "json")
    fields.push(`json: ${whole?.wire === "" ? writeValue(whole) : writeObject(entries(body), inner)}`);
  if (operation.bodyKind === "form") fields.push(`form: given(${writeObject(entries(body), inner)})`);
  const line = `{ ${fields.join(", ")} }`;
  return line.length + indent.length <= 80 && !line.includes("\n")
    ? line
    : `{\n${fields.map((field) => `${inner}${field},\n`).join("")}${indent}}`;
}

function writePath(operation: OperationDraft): string {
  const hasValues = /\{[^{}]+\}/.test(operation.path);
  const path = pathFor(operation, (parameter) => `\${encodeURIComponent(${writeValue(parameter)})}`);
  return hasValues ? `\`${path}\`` : quote(path);
}

/** Names and code of values as an object literal, on one line where it fits. */
export function writeObject(entries: (readonly [string, string])[], indent: string): string {
  const parts = entries.map(([name, value]) => (value === name ? name : `${writeKey(name)}: ${value}`));
  const line = parts.length > 0 ? `{ ${parts.join(", ")} }` : "{}";
  return line.length + indent.length <= 80
    ? line
    : `{\n${parts.map((part) => `${indent}  ${part},\n`).join("")}${indent}}`;
}

/** Where a parameter's value comes from: the input, a value when it is left out, or a fixed one. */
export function writeValue(parameter: ParameterDraft): string {
  if (parameter.input === null) return writeLiteral(parameter.fallback);
  const access = writeAccess("input", [parameter.input], () => false);
  if (parameter.isJoined) return `${access}${parameter.isRequired ? "" : "?"}.join(",")`;
  return parameter.fallback === null ? access : `${access} ?? ${writeLiteral(parameter.fallback)}`;
}
