import type { Tool } from "@/lib/contracts/tool";

/**
 * Whether a call runs or is put to the person first. Reads run. Writes to the person's own Burgeon run when they are asked
 * for directly; once text from outside is in the run nobody can say who asked, so they are put to the person. Everything a
 * module changes in the world, and everything that destroys, always is.
 */
export function decideCall(tool: Pick<Tool, "effect" | "source">, taintedBy: string | null): "run" | "ask" {
  if (tool.effect === "read") return "run";
  if (tool.effect === "destroy") return "ask";
  return tool.source.kind === "builtin" && taintedBy === null ? "run" : "ask";
}
