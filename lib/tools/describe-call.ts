import type { Tool } from "@/lib/contracts/tool";

/** What the approval card says of a call: the tool's own words, else its title and every argument. */
export function describeCall(tool: Tool, input: unknown): { title: string; lines: { label: string; value: string }[] } {
  const described = tool.describe?.(input);
  if (described) return described;
  const entries = typeof input === "object" && input !== null ? Object.entries(input) : [["input", input] as const];
  return {
    title: tool.title,
    lines: entries
      .filter(([, value]) => value !== undefined)
      .map(([label, value]) => ({
        label: label.replaceAll("_", " "),
        value: typeof value === "string" ? value : JSON.stringify(value, null, 1),
      })),
  };
}
