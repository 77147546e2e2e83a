import { z } from "zod";
import { canonicalSchemas } from "@/lib/contracts/canonical";
import type { ModuleManifest, ModuleOperation } from "@/lib/contracts/module";

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

/** @throws Error when the JSON Schema is not one that can be enforced */
export function toZod(schema: Record<string, unknown>): z.ZodType {
  return z.fromJSONSchema(schema as JsonSchema);
}

/** What is wrong with an operation's input; null when it fits its schema. */
export function describeInputFault(operation: ModuleOperation, input: unknown): string | null {
  return describeIssue(toZod(operation.input).safeParse(input));
}

/** What is wrong with what an operation returned: its own schema first, then the canonical type it declares. Null when all fits. */
export function describeOutputFault(manifest: ModuleManifest, name: string, value: unknown): string | null {
  const operation = manifest.operations[name];
  if (!operation) return `the manifest has no operation "${name}"`;
  const own = describeIssue(toZod(operation.output).safeParse(value));
  if (own !== null || !operation.canonical) return own;
  const elements = elementsOf(value);
  const schema = canonicalSchemas[operation.canonical];
  for (const [index, element] of elements.entries()) {
    const fault = describeIssue(schema.safeParse(element));
    if (fault !== null) return `element ${index} is no ${operation.canonical}: ${fault}`;
  }
  return null;
}

function elementsOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "object" && value !== null && "items" in value && Array.isArray(value.items)) return value.items;
  return [value];
}

function describeIssue(result: z.ZodSafeParseResult<unknown>): string | null {
  if (result.success) return null;
  const issue = result.error.issues[0];
  const path = issue?.path.join(".");
  return `${path ? `${path}: ` : ""}${issue?.message ?? "not valid"}`;
}
