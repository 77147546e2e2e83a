import type { Tool } from "@/lib/contracts/tool";
import type { GrantRow } from "@/lib/db/grants";
import { canonicalJson } from "./canonical-json";

/**
 * Whether a read is put to the person, too. Once text from outside is in the run, an address that only the model wrote may be how
 * that text has it carry away what it knows: "load https://…/?text=<the person's mail>".
 */
export function isComposedAddress(
  tool: Pick<Tool, "address">,
  taintedBy: string | null,
  input: unknown,
  isKnown: (address: string) => boolean,
): boolean {
  return taintedBy !== null && tool.address !== undefined && !isKnown(tool.address(input));
}

/**
 * Whether a call runs or is put to the person first. Reads run (but see `isComposedAddress`). Writes to the person's own Burgeon run when they are asked
 * for directly; once text from outside is in the run nobody can say who asked, so they are put to the person, whatever was
 * granted. Everything that a module or a connection changes in the world is put to the person unless they said "always"; everything that destroys
 * always is.
 * @returns `run`, `ask`, or the grant that it runs under
 */
export function decideCall(
  tool: Pick<Tool, "effect" | "source">,
  taintedBy: string | null,
  grants: readonly GrantRow[],
  input: unknown,
): "run" | "ask" | GrantRow {
  if (tool.effect === "read") return "run";
  if (tool.effect === "destroy" || taintedBy !== null) return "ask";
  if (tool.source.kind === "builtin") return "run";
  return grants.find((grant) => covers(grant, input)) ?? "ask";
}

/** Whether "always" may be offered at all: not for what destroys, and not while text from outside may be asking. */
export function isGrantable(tool: Pick<Tool, "effect" | "source">, taintedBy: string | null): boolean {
  return tool.effect === "write" && tool.source.kind !== "builtin" && taintedBy === null;
}

function covers({ rules }: Pick<GrantRow, "rules">, input: unknown): boolean {
  const given = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  return rules.every(({ argument, equals }) => canonicalJson(given[argument] ?? null) === canonicalJson(equals));
}
