import type { GrantRule } from "@/lib/contracts/approval";

interface Narrowing {
  label: string;
  value: string;
}

const maxValue = 80;

/** What a right is narrowed to: `only when calendar is “Work” and guests is “[]”`, or `whatever its values are`. */
export function describeNarrowing(rules: readonly Narrowing[]): string {
  if (rules.length === 0) return "whatever its values are";
  return `only when ${rules.map(({ label, value }) => `${label} is “${shorten(value)}”`).join(" and ")}`;
}

/** The same for the rules as they are stored. */
export function toNarrowing(rules: readonly GrantRule[]): Narrowing[] {
  return rules.map(({ argument, equals }) => ({
    label: argument.replaceAll("_", " "),
    value: typeof equals === "string" ? equals : JSON.stringify(equals),
  }));
}

/** `library_place_hold` as a person reads it: `Library place hold`. */
export function nameTool(tool: string): string {
  const words = tool.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function shorten(value: string): string {
  return value.length > maxValue ? `${value.slice(0, maxValue).toWellFormed()}…` : value;
}
