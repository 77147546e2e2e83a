import { z } from "zod";
import type {
  Effect,
  IdempotencyClass,
  Reconciled,
  Tool,
  ToolContext,
  ToolOutcome,
  Undo,
  World,
} from "@/lib/contracts/tool";

interface BuiltinTool<Input extends z.ZodType, Output extends z.ZodType> {
  name: string;
  title: string;
  description: string;
  effect: Effect;
  idempotency: IdempotencyClass;
  timeoutMs: number;
  input: Input;
  output: Output;
  quotes?: string;
  questions?: readonly string[];
  address?(input: z.output<Input>): string;
  describe?(input: z.output<Input>): { title: string; lines: { label: string; value: string }[] };
  execute(input: z.output<Input>, context: ToolContext): Promise<ToolOutcome>;
  inspect?(input: z.output<Input>, context: ToolContext): Promise<World>;
  reconcile?(input: z.output<Input>, context: ToolContext): Promise<Reconciled>;
  undo?: Undo;
  /** True when it acts through a connection: then its writes are put to the person. */
  actsOutside?: boolean;
}

/** A built-in tool: the schema that parses its input is also what the model is shown. */
export function defineTool<Input extends z.ZodType, Output extends z.ZodType>(tool: BuiltinTool<Input, Output>): Tool {
  const { describe: describeInput, address, inspect, reconcile, actsOutside = false, ...rest } = tool;
  return {
    ...rest,
    source: { kind: actsOutside ? "connection" : "builtin" },
    inputJsonSchema: z.toJSONSchema(tool.input, { io: "input", unrepresentable: "any" }),
    // `invoke` parses before it calls; parsing again here gives the types without believing anybody.
    ...(describeInput ? { describe: (input: unknown) => describeInput(tool.input.parse(input)) } : {}),
    ...(address ? { address: (input: unknown) => address(tool.input.parse(input)) } : {}),
    ...(inspect ? { inspect: (input: unknown, context) => inspect(tool.input.parse(input), context) } : {}),
    ...(reconcile ? { reconcile: (input: unknown, context) => reconcile(tool.input.parse(input), context) } : {}),
    execute: (input: unknown, context) => tool.execute(tool.input.parse(input), context),
  };
}
