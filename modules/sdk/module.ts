import type { Ctx } from "./context";

/** One function per operation of the manifest, under the operation's name. */
// biome-ignore lint/suspicious/noExplicitAny: each operation names its own input type; the host checks the input first.
export type ModuleOperations = Record<string, (ctx: Ctx, input: any) => Promise<unknown>>;

/** Gives a module's default export its types. Does nothing else. */
export function defineModule<Operations extends ModuleOperations>(operations: Operations): Operations {
  return operations;
}
