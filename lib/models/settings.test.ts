import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { listAudit } from "@/lib/db/audit";
import { pool } from "@/lib/db/client";
import { testDatabase, testUser } from "@/lib/db/testing";
import { parseEnv } from "@/lib/env";
import { findKey, parseModelVariable } from "./choice";
import { describeModel, resolveModel } from "./resolve";
import { getModelSettings, removeProviderKey, setModelChoice, setProviderKey } from "./settings";

const key = "sk-test-settings-0123456789abcdef";
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
afterEach(() => vi.unstubAllEnvs());

describe("model settings", () => {
  it("begin with the built-in planner, which needs nothing", async () => {
    const viewer = await testUser();
    const { roles, providers } = await getModelSettings(viewer);
    expect(roles).toEqual({
      assistant: { provider: "planner", model: "", source: "default" },
      builder: { provider: "planner", model: "", source: "default" },
    });
    expect(providers.every(({ hasKey }) => !hasKey)).toBe(true);
    expect(await resolveModel(viewer, "assistant")).toMatchObject({
      label: "Built-in planner",
      provider: "planner",
      isPlanner: true,
    });
  });

  it("keep a choice for the person who made it, and for nobody else", async () => {
    const [viewer, other] = [await testUser(), await testUser("member")];
    await setModelChoice(viewer, "builder", { provider: "anthropic", model: " claude-x " });
    expect((await getModelSettings(viewer)).roles.builder).toEqual({
      provider: "anthropic",
      model: "claude-x",
      source: "settings",
    });
    expect((await getModelSettings(viewer)).roles.assistant.provider).toBe("planner");
    expect((await getModelSettings(other)).roles.builder.provider).toBe("planner");
    await setModelChoice(viewer, "builder", null);
    expect((await getModelSettings(viewer)).roles.builder.source).toBe("default");
  });

  it("seal a key and never give it back: not in the view, the audit log or a row", async () => {
    const viewer = await testUser();
    await setProviderKey(viewer, "openai", `  ${key}  `);
    const view = await getModelSettings(viewer);
    expect(view.providers.find(({ provider }) => provider === "openai")).toMatchObject({
      hasKey: true,
      keySource: "settings",
    });
    expect(await findKey(viewer, { provider: "openai", model: "x" })).toBe(key);
    const rows = await pool().query(`select encode(sealed, 'escape') as sealed from "Secret" where "userId" = $1`, [
      viewer.userId,
    ]);
    const settings = await pool().query(`select value from "Setting" where "userId" = $1`, [viewer.userId]);
    for (const text of [
      JSON.stringify(view),
      JSON.stringify(await listAudit(viewer)),
      JSON.stringify(rows.rows),
      JSON.stringify(settings.rows),
    ])
      expect(text).not.toContain(key);
    await removeProviderKey(viewer, "openai");
    expect((await getModelSettings(viewer)).providers.find(({ provider }) => provider === "openai")).toMatchObject({
      hasKey: false,
      keySource: null,
    });
    expect((await listAudit(viewer)).map(({ action }) => action)).toEqual(["model-key-removed", "model-key-set"]);
  });

  it("refuse what cannot work, with a sentence", async () => {
    const viewer = await testUser();
    await expect(setModelChoice(viewer, "assistant", { provider: "openai", model: "" })).rejects.toMatchObject({
      code: "invalid",
    });
    await expect(
      setModelChoice(viewer, "assistant", { provider: "openai-compatible", model: "m" }),
    ).rejects.toMatchObject({
      code: "invalid",
    });
    await expect(
      setModelChoice(viewer, "assistant", {
        provider: "openai-compatible",
        model: "m",
        baseUrl: "http://user:pw@host/v1",
      }),
    ).rejects.toMatchObject({ code: "invalid" });
    await expect(setProviderKey(viewer, "planner", "x")).rejects.toMatchObject({ code: "invalid" });
    await expect(setProviderKey(viewer, "openai", "two words")).rejects.toMatchObject({ code: "invalid" });
    await setModelChoice(viewer, "assistant", { provider: "openai", model: "gpt-x" });
    await expect(resolveModel(viewer, "assistant")).rejects.toMatchObject({ code: "auth-required" });
    expect(await describeModel(viewer)).toBe("gpt-x (OpenAI)");
  });

  it("make a client for every provider without asking the network", async () => {
    const viewer = await testUser();
    for (const provider of ["openai", "anthropic", "google"] as const) {
      await setProviderKey(viewer, provider, key);
      await setModelChoice(viewer, "assistant", { provider, model: "m" });
      const { model } = await resolveModel(viewer, "assistant");
      expect([model.specificationVersion, model.modelId]).toEqual(["v4", "m"]);
    }
  });
});

describe("the environment", () => {
  it("names provider and model together, and says what is wrong with it", () => {
    const base = { OPENAI_COMPATIBLE_BASE_URL: "http://127.0.0.1:11434/v1" };
    expect(parseModelVariable(parseEnv({}))).toBeNull();
    expect(parseModelVariable(parseEnv({ ...base, BURGEON_MODEL: "openai-compatible:qwen3:8b" }))).toEqual({
      provider: "openai-compatible",
      model: "qwen3:8b",
      baseUrl: base.OPENAI_COMPATIBLE_BASE_URL,
    });
    expect(parseModelVariable(parseEnv({ BURGEON_MODEL: "planner" }))).toEqual({ provider: "planner", model: "" });
    for (const wrong of ["gpt-5", "openai:", "other:x", "openai-compatible:x"])
      expect(() => parseModelVariable(parseEnv({ BURGEON_MODEL: wrong }))).toThrow(/BURGEON_MODEL/);
  });
});
