import type { LanguageModelV4FunctionTool } from "@ai-sdk/provider";
import type { Tool } from "@/lib/contracts/tool";

export type OfferableTool = Pick<Tool, "name" | "title" | "description" | "inputJsonSchema" | "questions">;

/** A tool as the model sees it. The questions it answers go along for the built-in planner; providers ignore them. */
export function toFunctionTool(tool: OfferableTool): LanguageModelV4FunctionTool {
  return {
    type: "function",
    name: tool.name,
    description: tool.description,
    inputSchema: tool.inputJsonSchema,
    ...(tool.questions && tool.questions.length > 0
      ? { providerOptions: { burgeon: { questions: [...tool.questions], title: tool.title } } }
      : {}),
  };
}
