import type { Tool } from "@/lib/contracts/tool";
import type { GrantRow } from "@/lib/db/grants";
import { canonicalJson } from "./canonical-json";

/**
 * Whether a call runs or is put to the person first. Reads run, unless text from outside is in the run and only the model wrote
 * the address they go to: that may be how the text has it carry away what it knows ("load https://…/?text=<the person's mail>").
 * Writes to the person's own Burgeon run when they are asked for directly; once text from outside is in the run nobody can say
 * who asked, so they are put to the person, whatever was granted. Everything that a module or a connection changes in the world
 * is put to the person unless they said "always"; everything that destroys always is.
 * @param isKnownAddress whether an address stands in the conversation
 * @returns `run`, `ask`, or the grant that it runs under
 */
export function decideCall(
  tool: Pick<Tool, "effect" | "source" | "address">,
  taintedBy: string | null,
  grants: readonly GrantRow[],
  input: unknown,
  isKnownAddress: (address: string) => boolean,
): "run" | "ask" | GrantRow {
  if (tool.effect === "read") return mayLeak(tool, taintedBy) && !isKnownAddress(tool.address(input)) ? "ask" : "run";
  if (tool.effect === "destroy" || taintedBy !== null) return "ask";
  if (tool.source.kind === "builtin") return "run";
  return grants.find((grant) => covers(grant, input)) ?? "ask";
}

/** Whether it matters which address a tool goes to. */
export function mayLeak<Asked extends Pick<Tool, "address">>(
  tool: Asked,
  taintedBy: string | null,
): tool is Asked & Required<Pick<Tool, "address">> {
  return taintedBy !== null && tool.address !== undefined;
}

/** Whether "always" may be offered at all: not for what destroys, and not while text from outside may be asking. */
export function isGrantable(tool: Pick<Tool, "effect" | "source">, taintedBy: string | null): boolean {
  return tool.effect === "write" && tool.source.kind !== "builtin" && taintedBy === null;
}

function covers({ rules }: Pick<GrantRow, "rules">, input: unknown): boolean {
  const given = typeof input === "object" && input !== null ? (input as Record<string, unknown>) : {};
  return rules.every(({ argument, equals }) => canonicalJson(given[argument] ?? null) === canonicalJson(equals));
}
