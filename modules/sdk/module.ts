import type { Ctx } from "./context";

/** One function per operation of the manifest, under the operation's name. */
export type ModuleOperations = Record<string, Operation>;

// A method, since those may ask for a narrower context: Ctx<"api"> in place of Ctx.
// biome-ignore lint/suspicious/noExplicitAny: each operation names its own input type; the host checks the input first.
type Operation = { run(ctx: Ctx, input: any): Promise<unknown> }["run"];

/** Gives a module's default export its types. Does nothing else. */
export function defineModule<Operations extends ModuleOperations>(operations: Operations): Operations {
  return operations;
}
