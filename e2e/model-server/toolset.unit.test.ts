import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { builtinTools } from "@/lib/tools/registry";

interface RecordedTool {
  name: string;
  title: string;
  description: string;
  questions: string[];
  effect: string;
  schema: Record<string, unknown>;
}

it("the toolset of the planner's evals offers the built-in tools as they are today", () => {
  const path = new URL("../../evals/planner/toolset.json", import.meta.url);
  const recorded = new Map((JSON.parse(readFileSync(path, "utf8")) as RecordedTool[]).map((tool) => [tool.name, tool]));
  for (const { name, title, description, questions, effect, inputJsonSchema } of builtinTools) {
    const { $schema: _version, ...schema } = inputJsonSchema;
    expect(recorded.get(name), name).toEqual({
      name,
      title,
      description,
      questions: [...(questions ?? [])],
      effect,
      schema,
    });
  }
});
