import { afterEach, describe, expect, it } from "vitest";
import type { Script } from "./protocol";
import { assistantScript } from "./scripts/assistant";
import { type ModelServer, startModelServer } from "./server";

let server: ModelServer | undefined;
afterEach(() => server?.close());

async function start(script: Script): Promise<ModelServer> {
  server = await startModelServer({ script });
  return server;
}

function ask(at: ModelServer, body: object, key = at.apiKey): Promise<Response> {
  return fetch(`${at.baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
    body: JSON.stringify({ model: "scripted", messages: [{ role: "user", content: "What is 6*7" }], ...body }),
  });
}

const mathTool = { type: "function", function: { name: "math_solver" } };

describe("the scripted model server", () => {
  it("streams words, then the usage that was asked for, then the end", async () => {
    const at = await start(() => [{ say: "Hello there" }]);
    const text = await (await ask(at, { stream: true, stream_options: { include_usage: true } })).text();
    const chunks = text.split("\n\n").filter(Boolean);
    expect(chunks.at(-1)).toBe("data: [DONE]");
    expect(chunks.at(-2)).toContain('"usage"');
    expect(text).toContain('"content":"Hello "');
    expect(text).toContain('"content":"there"');
  });

  it("drives a loop: the call first, then an answer that quotes the result", async () => {
    const at = await start(assistantScript);
    const first = await (await ask(at, { tools: [mathTool] })).json();
    expect(first.choices[0].message.tool_calls[0].function).toEqual({
      name: "math_solver",
      arguments: '{"expression":"6*7"}',
    });
    const messages = [
      { role: "user", content: "What is 6*7" },
      first.choices[0].message,
      { role: "tool", tool_call_id: "1", content: "42" },
    ];
    const second = await (await ask(at, { tools: [mathTool], messages })).json();
    expect(second.choices[0].message.content).toContain("42");
    expect(at.requests).toHaveLength(2);
  });

  it("never calls a tool that is not offered", async () => {
    const at = await start(assistantScript);
    const reply = await (await ask(at, {})).json();
    expect(reply.choices[0].message.tool_calls).toBeUndefined();
  });

  it("refuses a wrong key and an unknown model, and has faults on demand", async () => {
    const at = await start((_, number) =>
      number === 1 ? [{ status: 429, headers: { "retry-after": "7" } }] : [{ status: 500 }],
    );
    expect((await ask(at, {}, "wrong")).status).toBe(401);
    expect((await ask(at, { model: "other" })).status).toBe(404);
    const limited = await ask(at, {});
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "7"]);
    expect((await ask(at, {})).status).toBe(500);
  });

  it("cuts a stream in the middle, after what was said before", async () => {
    const at = await start(() => [{ say: "Half of it" }, { cut: true }]);
    const response = await ask(at, { stream: true });
    const reader = response.body?.getReader();
    let text = "";
    const drain = async () => {
      for (;;) {
        const part = await reader?.read();
        if (!part || part.done) return;
        text += new TextDecoder().decode(part.value);
      }
    };
    await expect(drain()).rejects.toThrow();
    expect(text).toContain("Half ");
  });

  it("waits for a promise, and stops waiting when the client leaves", async () => {
    const gate = Promise.withResolvers<void>();
    const at = await start(() => [{ say: "One" }, { wait: gate.promise }, { say: "Two" }]);
    const controller = new AbortController();
    const response = await fetch(`${at.baseUrl}/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${at.apiKey}` },
      body: JSON.stringify({ model: "scripted", stream: true, messages: [{ role: "user", content: "x" }] }),
      signal: controller.signal,
    });
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).not.toContain("Two");
    controller.abort();
    await expect.poll(() => at.requests[0]?.wasAborted).toBe(true);
    gate.resolve();
  });
});
