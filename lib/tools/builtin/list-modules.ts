import { z } from "zod";
import { listModules } from "@/lib/module-host/views";
import { defineTool } from "../define-tool";

/** What the person's Burgeon has learned. */
export const listModulesTool = defineTool({
  name: "list_modules",
  title: "List modules",
  description:
    "The person's modules with their state and tools: active, waiting for review or credentials, disabled, failing.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 5000,
  input: z.strictObject({}),
  output: z.object({
    modules: z.array(
      z.object({
        category: z.string(),
        name: z.string(),
        title: z.string(),
        state: z.string(),
        problem: z.string().nullable(),
        tools: z.array(z.string()),
      }),
    ),
  }),
  questions: ["Which modules do I have?", "List my integrations"],
  async execute(_input, { viewer }) {
    const modules = await listModules(viewer);
    const output = modules.map(({ category, name, title, state, problem, toolNames }) => ({
      category,
      name,
      title,
      state,
      problem,
      tools: toolNames,
    }));
    return { kind: "done", output: { modules: output }, source: "your modules" };
  },
});
