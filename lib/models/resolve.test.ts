import { beforeEach, describe, expect, it, vi } from "vitest";
import { createEnvironmentModel } from "./resolve";

let count = 0;
/** The environment is read again when the address of the database changes; nobody listens there. */
function setEnvironment(variables: Record<string, string>): void {
  count += 1;
  const all = { BURGEON_MODEL: "", OPENAI_API_KEY: "", OPENAI_COMPATIBLE_BASE_URL: "", ...variables };
  for (const [name, value] of Object.entries(all)) vi.stubEnv(name, value);
  vi.stubEnv("DATABASE_URL", `postgresql://nobody@127.0.0.1:1/none_${count}`);
}
beforeEach(() => setEnvironment({}));

describe("the model of a command without a database", () => {
  it("is the named one, else the environment's, else the planner", async () => {
    expect(await createEnvironmentModel()).toMatchObject({ provider: "planner", label: "Built-in planner" });
    setEnvironment({ BURGEON_MODEL: "openai:gpt-x", OPENAI_API_KEY: "sk-test-0123456789" });
    expect(await createEnvironmentModel()).toMatchObject({ provider: "openai", label: "gpt-x (OpenAI)" });
    expect(await createEnvironmentModel("planner")).toMatchObject({ provider: "planner" });
    expect(await createEnvironmentModel("openai:gpt-y")).toMatchObject({ label: "gpt-y (OpenAI)" });
  });

  it("takes its key and address from the environment, and says there what is missing", async () => {
    await expect(createEnvironmentModel("openai:gpt-x")).rejects.toMatchObject({
      code: "auth-required",
      hint: "Set it in the environment.",
    });
    await expect(createEnvironmentModel("openai-compatible:small")).rejects.toThrow(
      "--model names an OpenAI-compatible",
    );
    await expect(createEnvironmentModel("gpt-x")).rejects.toThrow("--model does not name a model.");
    setEnvironment({ OPENAI_COMPATIBLE_BASE_URL: "http://127.0.0.1:9/v1" });
    expect(await createEnvironmentModel("openai-compatible:small:1b")).toMatchObject({
      label: "small:1b (127.0.0.1:9)",
    });
  });
});
