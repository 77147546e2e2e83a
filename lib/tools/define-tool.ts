import { z } from "zod";
import type { Effect, IdempotencyClass, Tool, ToolContext, ToolOutcome } from "@/lib/contracts/tool";

interface BuiltinTool<Input extends z.ZodType, Output extends z.ZodType> {
  name: string;
  title: string;
  description: string;
  effect: Effect;
  idempotency: IdempotencyClass;
  timeoutMs: number;
  input: Input;
  output: Output;
  questions?: readonly string[];
  describe?(input: z.output<Input>): { title: string; lines: { label: string; value: string }[] };
  execute(input: z.output<Input>, context: ToolContext): Promise<ToolOutcome>;
}

/** A built-in tool: the schema that parses its input is also what the model is shown. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType>(tool: BuiltinTool<Input, Output>): Tool {
  const { describe: describeInput } = tool;
  return {
    ...tool,
    source: { kind: "builtin" },
    inputJsonSchema: z.toJSONSchema(tool.input, { io: "input", unrepresentable: "any" }),
    // `invoke` parses before it calls; parsing again here gives the types without believing anybody.
    ...(describeInput ? { describe: (input: unknown) => describeInput(tool.input.parse(input)) } : {}),
    execute: (input: unknown, context) => tool.execute(tool.input.parse(input), context),
  };
}
