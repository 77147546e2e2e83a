import type { JsonObject } from "./json-value";
import { toMinorUnits } from "./minor-units";
import { quote, writeAccess, writeKey } from "./quote";
import { type Leaf, readPath } from "./shape";

/** How a canonical value is made from a reply: written as code, and computed here for what the tests expect. */
export type Expression =
  | {
      kind: "field";
      from: "item" | "reply";
      leaf: Leaf;
      convert: "none" | "text" | "instant" | "condition";
      isNullable: boolean;
    }
  | { kind: "money"; amount: Expression; currency: Expression; unit: "major" | "minor"; isNegated: boolean }
  | { kind: "object"; fields: [name: string, value: Expression][] }
  | { kind: "constant"; value: string };

export const weatherConditions = [
  "clear",
  "clouds",
  "rain",
  "drizzle",
  "thunderstorm",
  "snow",
  "mist",
  "fog",
  "haze",
  "extreme",
];

/** The expression as TypeScript. */
export function writeExpression(expression: Expression, indent: string): string {
  switch (expression.kind) {
    case "constant":
      return quote(expression.value);
    case "object": {
      const inner = `${indent}  `;
      const parts = expression.fields.map(([name, value]) => `${writeKey(name)}: ${writeExpression(value, inner)}`);
      const line = `{ ${parts.join(", ")} }`;
      return line.length + indent.length <= 90 && !line.includes("\n")
        ? line
        : `{\n${parts.map((part) => `${inner}${part},\n`).join("")}${indent}}`;
    }
    case "money": {
      const currency = writeExpression(expression.currency, indent);
      const amount = writeExpression(expression.amount, indent);
      const minor = expression.unit === "minor" ? amount : `toMinor(String(${amount}), ${currency})`;
      return `{ amountMinor: ${expression.isNegated ? `0 - ${minor}` : minor}, currency: ${currency} }`;
    }
    case "field": {
      const { leaf, convert, isNullable } = expression;
      const access = writeAccess(expression.from, leaf.path, (depth) => leaf.optional[depth] === true);
      if (convert === "text") return `String(${access})`;
      if (convert === "instant") return `toInstant(${access}, ${quote(leaf.path.join("."))})`;
      if (convert === "condition") return `toCondition(${access})`;
      return isNullable ? `${access} ?? undefined` : access;
    }
  }
}

/** What the code of the expression gives for an item and its reply. */
export function evaluateExpression(expression: Expression, item: unknown, reply: unknown): unknown {
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "object": {
      const result: JsonObject = {};
      for (const [name, value] of expression.fields) {
        const given = evaluateExpression(value, item, reply);
        if (given !== undefined) result[name] = given;
      }
      return result;
    }
    case "money": {
      const currency = String(evaluateExpression(expression.currency, item, reply));
      const amount = evaluateExpression(expression.amount, item, reply);
      const minor = expression.unit === "minor" ? Number(amount) : toMinorUnits(String(amount), currency);
      return { amountMinor: minor === null ? null : expression.isNegated ? 0 - minor : minor, currency };
    }
    case "field": {
      const value = readPath(expression.from === "item" ? item : reply, expression.leaf.path);
      if (expression.convert === "text") return String(value);
      if (expression.convert === "instant") return new Date(String(value)).toISOString();
      return value ?? undefined;
    }
  }
}

/** The JSON schema of what the expression gives. */
export function schemaOfExpression(expression: Expression): JsonObject {
  switch (expression.kind) {
    case "constant":
      return { type: "string" };
    case "money":
      return {
        type: "object",
        properties: { amountMinor: { type: "integer" }, currency: { type: "string" } },
        required: ["amountMinor", "currency"],
      };
    case "object":
      return {
        type: "object",
        properties: Object.fromEntries(expression.fields.map(([name, value]) => [name, schemaOfExpression(value)])),
        required: expression.fields.filter(([, value]) => !isOptional(value)).map(([name]) => name),
      };
    case "field": {
      if (expression.convert === "condition") return { type: "string", enum: weatherConditions };
      if (expression.convert !== "none") return { type: "string" };
      const { kind } = expression.leaf.shape;
      return { type: kind === "text" ? "string" : kind === "integer" ? "number" : kind };
    }
  }
}

function isOptional(expression: Expression): boolean {
  return expression.kind === "field" && expression.convert === "none" && expression.leaf.optional.includes(true);
}

/** All fields that the expression reads. */
export function fieldsOf(expression: Expression): Extract<Expression, { kind: "field" }>[] {
  if (expression.kind === "field") return [expression];
  if (expression.kind === "money") return [expression.amount, expression.currency].flatMap(fieldsOf);
  return expression.kind === "object" ? expression.fields.flatMap(([, value]) => fieldsOf(value)) : [];
}
