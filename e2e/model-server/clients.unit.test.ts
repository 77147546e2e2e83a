import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { testDatabase, testUser } from "@/lib/db/testing";
import { resolveModel } from "@/lib/models/resolve";
import { setModelChoice, setProviderKey, testModel } from "@/lib/models/settings";
import type { Script } from "./protocol";
import { assistantScript } from "./scripts/assistant";
import { type ModelServer, startModelServer } from "./server";

let database: Awaited<ReturnType<typeof testDatabase>>;
let server: ModelServer | undefined;
let viewer: Viewer;

beforeAll(async () => {
  database = await testDatabase();
});
afterEach(() => server?.close());
afterAll(() => database.close());

async function connect(
  script: Script,
  options: { key?: string; role?: "owner" | "member"; path?: string } = {},
): Promise<ModelServer> {
  server = await startModelServer({ script });
  viewer = await testUser(options.role ?? "owner");
  await setModelChoice(viewer, "assistant", {
    provider: "openai-compatible",
    model: "scripted",
    baseUrl: `${server.origin}${options.path ?? "/v1"}`,
  });
  await setProviderKey(viewer, "openai-compatible", options.key ?? server.apiKey);
  return server;
}

const prompt: LanguageModelV4CallOptions["prompt"] = [
  { role: "system", content: "You are Burgeon." },
  { role: "user", content: [{ type: "text", text: "What is 6*7 and the time" }] },
];
const tools: LanguageModelV4CallOptions["tools"] = ["math_solver", "current_time"].map((name) => ({
  type: "function",
  name,
  description: name,
  inputSchema: { type: "object", properties: { expression: { type: "string" } }, additionalProperties: false },
}));

async function read(
  model: LanguageModelV4,
  options: Partial<LanguageModelV4CallOptions> = {},
  onPart: (part: LanguageModelV4StreamPart) => unknown = () => undefined,
): Promise<LanguageModelV4StreamPart[]> {
  const parts: LanguageModelV4StreamPart[] = [];
  const { stream } = await model.doStream({ prompt, ...options });
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parts;
    parts.push(value);
    onPart(value);
  }
}

function textOf(parts: readonly LanguageModelV4StreamPart[]): string {
  return parts.map((part) => (part.type === "text-delta" ? part.delta : "")).join("");
}

describe("an OpenAI-compatible model through resolveModel", () => {
  it("streams text as it comes and tells its usage", async () => {
    // The server says the rest only when the beginning has arrived here.
    const arrived = Promise.withResolvers<void>();
    await connect(() => [{ say: "Hello there, " }, { wait: arrived.promise }, { say: "Ada" }]);
    const { model, label, isPlanner } = await resolveModel(viewer, "assistant");
    const parts = await read(model, {}, (part) => part.type === "text-delta" && arrived.resolve());
    expect(textOf(parts)).toBe("Hello there, Ada");
    expect(parts.filter((part) => part.type === "text-delta").length).toBeGreaterThan(1);
    expect(parts.find((part) => part.type === "finish")?.usage.outputTokens.total).toBeGreaterThan(0);
    expect(label).toBe(`scripted (${new URL(server?.origin ?? "").host})`);
    expect(isPlanner).toBe(false);
  });

  it("gives parallel calls with their whole arguments", async () => {
    await connect(assistantScript);
    const { model } = await resolveModel(viewer, "assistant");
    const calls = (await read(model, { tools })).filter((part) => part.type === "tool-call");
    expect(calls.map(({ toolName, input }) => [toolName, JSON.parse(input)])).toEqual([
      ["math_solver", { expression: "6*7" }],
      ["current_time", {}],
    ]);
    expect(new Set(calls.map(({ toolCallId }) => toolCallId)).size).toBe(2);
  });

  it("sends the key in its header and nowhere else", async () => {
    const at = await connect(() => [{ say: "ok" }]);
    await read((await resolveModel(viewer, "assistant")).model, { tools });
    expect(at.requests[0]?.headers.authorization).toBe(`Bearer ${at.apiKey}`);
    expect(at.requests[0]?.text).not.toContain(at.apiKey);
  });

  it("says 401 for a wrong key, and 429 with its patience", async () => {
    await connect(() => [], { key: "wrong-key-123456" });
    const refused = await resolveModel(viewer, "assistant");
    await expect(read(refused.model)).rejects.toMatchObject({ statusCode: 401, isRetryable: false });
    await server?.close();
    await connect(() => [{ status: 429, headers: { "retry-after": "3" } }]);
    const limited = await resolveModel(viewer, "assistant");
    await expect(read(limited.model)).rejects.toMatchObject({
      statusCode: 429,
      isRetryable: true,
      responseHeaders: { "retry-after": "3" },
    });
  });

  it("ends with an error when the stream is cut, and never as if the answer were complete", async () => {
    await connect(() => [{ say: "Half of" }, { cut: true }]);
    const { model } = await resolveModel(viewer, "assistant");
    const parts = await read(model).catch((error: unknown) => error);
    const hasError =
      !Array.isArray(parts) ||
      parts.some((part) => part.type === "error") ||
      parts.every((part) => part.type !== "finish" || part.finishReason.unified === "error");
    expect(hasError).toBe(true);
  });

  it("lets go of the connection when the caller stops", async () => {
    const gate = Promise.withResolvers<void>();
    const at = await connect(() => [{ say: "One" }, { wait: gate.promise }]);
    const { model } = await resolveModel(viewer, "assistant");
    const controller = new AbortController();
    const { stream } = await model.doStream({ prompt, abortSignal: controller.signal });
    const reader = stream.getReader();
    await reader.read();
    controller.abort();
    await expect.poll(() => at.requests[0]?.wasAborted).toBe(true);
    gate.resolve();
  });

  it("does not follow a redirect with a key and a conversation", async () => {
    let elsewhere = 0;
    const other = await startModelServer({
      script: () => {
        elsewhere += 1;
        return [{ say: "stolen" }];
      },
      apiKey: null,
    });
    await connect(() => [{ status: 307, headers: { location: `${other.baseUrl}/chat/completions` } }]);
    const { model } = await resolveModel(viewer, "assistant");
    await expect(read(model)).rejects.toMatchObject({ code: "refused" });
    expect(elsewhere).toBe(0);
    await other.close();
  });

  it("keeps people who do not run Burgeon away from its own network", async () => {
    const at = await connect(() => [{ say: "inside" }], { role: "member" });
    const { model } = await resolveModel(viewer, "assistant");
    await expect(read(model)).rejects.toMatchObject({ code: "refused" });
    expect(at.requests).toHaveLength(0);
  });
});

describe("the Test button", () => {
  it("makes a real call and quotes the answer", async () => {
    const at = await connect(() => [{ say: "Ready when you are." }]);
    expect(await testModel(viewer, "assistant")).toMatchObject({
      ok: true,
      message: expect.stringContaining("Ready when you are."),
    });
    expect(at.requests).toHaveLength(1);
  });

  it("says what to do when the key, the model or the address is wrong, and never repeats the key", async () => {
    const at = await connect(() => [{ say: "ok" }], { key: "wrong-key-123456" });
    const wrongKey = await testModel(viewer, "assistant");
    expect(wrongKey).toMatchObject({ ok: false, message: expect.stringContaining("key") });
    expect(wrongKey.message).not.toContain("wrong-key-123456");
    await setProviderKey(viewer, "openai-compatible", at.apiKey);
    const choice = { provider: "openai-compatible", model: "unknown", baseUrl: at.baseUrl } as const;
    expect((await testModel(viewer, choice)).message).toContain("404");
    expect(
      (await testModel(viewer, { ...choice, model: "scripted", baseUrl: "http://127.0.0.1:1/v1" })).message,
    ).toContain("could not be reached");
    expect(await testModel(viewer, { ...choice, baseUrl: "http://169.254.169.254/v1" })).toMatchObject({
      ok: false,
      message: expect.stringContaining("did not send"),
    });
  });

  it("works for the planner without any network", async () => {
    expect(await testModel(await testUser(), { provider: "planner", model: "" })).toMatchObject({ ok: true });
  });
});
