import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { moduleSlugSchema } from "@/lib/contracts/module";
import type { Tool } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { rollback, setEnabled } from "@/lib/module-host/decide";
import { findModule } from "@/lib/module-host/views";
import { defineTool } from "../define-tool";

const input = z.strictObject({
  category: moduleSlugSchema.describe("as list_modules shows it"),
  name: moduleSlugSchema,
});
const output = z.object({
  category: z.string(),
  name: z.string(),
  state: z.string(),
  active_digest: z.string().nullable(),
  previous_state: z.string(),
  /** Left out by what was done before it was told. */
  previous_digest: z.string().nullish(),
});
/** How it was before the first try: after an interruption it may be switched already. */
const targetSchema = z.object({ state: z.string(), active_digest: z.string().nullable() });
type Target = z.infer<typeof targetSchema>;
const undoWindowMs = 24 * 60 * 60_000;

/** Switches a module on again. Approving is something else and only a person can do it. */
export const enableModule = switchTool({
  name: "enable_module",
  title: "Enable a module",
  description: "Switches a disabled module on again. It cannot approve a module that was never approved.",
  questions: ["Enable the weather module", "Switch my library module back on"],
  act: (viewer, category, name) => setEnabled(viewer, category, name, true),
  undoLabel: "Switches the module off again",
  undo: (viewer, category, name) => setEnabled(viewer, category, name, false),
});

/** Switches a module off; its tools are gone with the next message. */
export const disableModule = switchTool({
  name: "disable_module",
  title: "Disable a module",
  description: "Switches a module off until it is enabled again. Nothing of it is deleted.",
  questions: ["Disable the weather module", "Turn off my library module"],
  act: (viewer, category, name) => setEnabled(viewer, category, name, false),
  undoLabel: "Switches the module on again",
  undo: (viewer, category, name) => setEnabled(viewer, category, name, true),
});

/** Goes back to the version that was active before. */
export const rollbackModule = switchTool({
  name: "rollback_module",
  title: "Roll back a module",
  description:
    "Makes the version of a module active again that was active before the present one: code, manifest and rights together.",
  questions: ["Roll back the weather module", "Go back to the previous version of my library module"],
  act: rollback,
  undoLabel: "Makes the version active again that was active before",
  undo: rollback,
});

function switchTool(one: {
  name: string;
  title: string;
  description: string;
  questions: string[];
  act(viewer: Viewer, category: string, name: string): Promise<unknown>;
  undoLabel: string;
  undo(viewer: Viewer, category: string, name: string): Promise<unknown>;
}): Tool {
  return defineTool({
    name: one.name,
    title: one.title,
    description: one.description,
    questions: one.questions,
    effect: "write",
    // A roll-back done twice would go forward again: it is never repeated blindly.
    idempotency: one.name === "rollback_module" ? "none" : "natural",
    timeoutMs: 10_000,
    input,
    output,
    describe: ({ category, name }) => ({
      title: one.title,
      lines: [{ label: "Module", value: `${category}/${name}` }],
    }),
    async execute({ category, name }, { viewer, target }) {
      const before = targetSchema.parse(target);
      await one.act(viewer, category, name);
      const after = stateOf(await findModule(viewer, category, name));
      return {
        kind: "done",
        output: { category, name, ...after, previous_state: before.state, previous_digest: before.active_digest },
        source: "your modules",
      };
    },
    async inspect({ category, name }, { viewer }) {
      const module = await findModule(viewer, category, name);
      return {
        state: `${module?.state} ${module?.activeDigest} ${module?.previousDigest}`,
        target: stateOf(module) satisfies Target,
        lines: [
          { label: "Now", value: module ? module.state.replaceAll("_", " ") : "not installed" },
          ...(module?.activeDigest ? [{ label: "Active version", value: module.activeDigest.slice(0, 19) }] : []),
        ],
      };
    },
    undo: {
      windowMs: undoWindowMs,
      label: one.undoLabel,
      async run(_input, done, { viewer }) {
        const { category, name, previous_state, previous_digest = null, ...left } = output.parse(done);
        const now = stateOf(await findModule(viewer, category, name));
        // A roll-back changes the version, a switch the state.
        if (now.state === previous_state && (previous_digest ?? now.active_digest) === now.active_digest) return;
        if (now.state !== left.state || now.active_digest !== left.active_digest)
          throw new AppError("conflict", `${category}/${name} was changed since, so this was left as it is.`, {
            hint: "Its page shows its versions and switches.",
          });
        await one.undo(viewer, category, name);
      },
    },
  });
}

function stateOf(module: Awaited<ReturnType<typeof findModule>>) {
  return { state: module?.state ?? "archived", active_digest: module?.activeDigest ?? null };
}
