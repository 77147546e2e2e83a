import { canonicalSchemas } from "@/lib/contracts/canonical";
import { evaluateExpression } from "./canonical-expression";
import type { CanonicalMapping } from "./canonical-map";
import { exampleOf } from "./example";
import { project } from "./project";
import { readPath, type Shape, shapeAt } from "./shape";

/** Items of a real reply that are looked at. */
const maxItems = 200;

interface Known {
  shape: Shape;
  example: unknown;
  isReal: boolean;
}

/** Does the mapping hold for what is known: for a real reply all of it, else for examples of the document? */
export function isSoundMapping(mapping: CanonicalMapping, list: string[] | null, reply: Known, noun: string): boolean {
  const schema = canonicalSchemas[mapping.type];
  const value = project(reply.isReal ? reply.example : exampleOf(reply.shape, "", 0, reply.example, noun), reply.shape);
  if (list === null) return schema.safeParse(evaluateSafely(mapping, undefined, value)).success;
  const found = list.length === 0 ? value : readPath(value, list);
  const items = Array.isArray(found) ? found.slice(0, maxItems) : [];
  const shape = shapeAt(reply.shape, list)?.items ?? { kind: "unknown" };
  if (!reply.isReal)
    items.push(...[0, 1, 2].map((index) => project(exampleOf(shape, noun, index, items[0], noun), shape)));
  return items.length > 0 && items.every((item) => schema.safeParse(evaluateSafely(mapping, item, value)).success);
}

/** Not a date, not an amount: then it is not sound. */
function evaluateSafely(mapping: CanonicalMapping, item: unknown, reply: unknown): unknown {
  try {
    return evaluateExpression(mapping.value, item, reply);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
