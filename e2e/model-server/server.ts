import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { ChatRequest, ReplyStep, Script } from "./protocol";

export interface RecordedRequest {
  path: string;
  headers: Record<string, string>;
  /** As it was sent, so that a test can search it for what must not be in it. */
  text: string;
  body: ChatRequest;
  /** The client went away before the answer was complete. */
  wasAborted: boolean;
}

export interface ModelServer {
  /** For OPENAI_COMPATIBLE_BASE_URL: ends with /v1. */
  baseUrl: string;
  origin: string;
  apiKey: string;
  requests: RecordedRequest[];
  close(): Promise<void>;
}

export interface ModelServerOptions {
  script: Script;
  /** 0 takes a free one. */
  port?: number;
  /** What the Authorization header must hold; null accepts everybody. */
  apiKey?: string | null;
  /** For `GET /v1/models`. */
  models?: readonly string[];
}

const maxBodyBytes = 20 * 1024 * 1024;
export const defaultApiKey = "model-server-key-0815";

/** A model behind real HTTP: OpenAI's chat completions, streaming or not, answered by a script. */
export async function startModelServer({
  script,
  port = 0,
  apiKey = defaultApiKey,
  models = ["scripted"],
}: ModelServerOptions): Promise<ModelServer> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, failure("script_failed", String(error)));
      else response.destroy();
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const text = await readBody(request);
    if (apiKey !== null && request.headers.authorization !== `Bearer ${apiKey}`)
      return sendJson(response, 401, failure("invalid_api_key", "Incorrect API key provided"));
    if (request.method === "GET" && pathname === "/v1/models")
      return sendJson(response, 200, {
        object: "list",
        data: models.map((id) => ({ id, object: "model", created: 0, owned_by: "burgeon" })),
      });
    if (request.method !== "POST" || pathname !== "/v1/chat/completions")
      return sendJson(response, 404, failure("not_found", "No such route"));
    const body = parseRequest(text);
    if (!body)
      return sendJson(response, 400, failure("invalid_request_error", "The body is no chat completion request"));
    if (!models.includes(body.model))
      return sendJson(response, 404, failure("model_not_found", `The model ${body.model} does not exist`));
    const recorded: RecordedRequest = { path: pathname, headers: toHeaders(request), text, body, wasAborted: false };
    requests.push(recorded);
    response.once("close", () => {
      recorded.wasAborted = !response.writableFinished;
    });
    const steps = await script(body, requests.length);
    await (body.stream ? stream(response, body, steps) : complete(response, body, steps));
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    baseUrl: `${origin}/v1`,
    apiKey: apiKey ?? "",
    requests,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function stream(response: ServerResponse, request: ChatRequest, steps: readonly ReplyStep[]): Promise<void> {
  if (refuse(response, steps)) return;
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const send = (choices: unknown[], usage?: unknown) =>
    response.write(
      `data: ${JSON.stringify({ ...head(request, "chat.completion.chunk"), choices, ...(usage === undefined ? {} : { usage }) })}\n\n`,
    );
  const delta = (content: unknown, finishReason: string | null = null) =>
    send([{ index: 0, delta: content, finish_reason: finishReason }]);
  delta({ role: "assistant", content: "" });
  let calls = 0;
  let chars = 0;
  for (const step of steps) {
    if (response.destroyed) return;
    if ("say" in step) {
      chars += step.say.length;
      for (const piece of step.say.match(/\s*\S+\s*/g) ?? [step.say]) delta({ content: piece });
    } else if ("call" in step) {
      chars += sendCall(delta, step.call, calls);
      calls += 1;
    } else if ("wait" in step) await orClosed(step.wait, response);
    else if ("cut" in step) {
      // What was written has to leave before the connection ends, or nothing would have been cut.
      await new Promise<void>((resolve) => response.write(": cut\n\n", () => resolve()));
      response.destroy();
      return;
    }
  }
  if (response.destroyed) return;
  delta({}, calls > 0 ? "tool_calls" : "stop");
  if (request.stream_options?.include_usage) send([], usageOf(request, chars));
  response.end("data: [DONE]\n\n");
}

/** A call as providers stream it: its name first, then its arguments in pieces. */
function sendCall(
  delta: (content: unknown) => void,
  call: Extract<ReplyStep, { call: unknown }>["call"],
  index: number,
): number {
  const text = typeof call.arguments === "string" ? call.arguments : JSON.stringify(call.arguments);
  delta({
    tool_calls: [{ index, id: callId(call.id, index), type: "function", function: { name: call.name, arguments: "" } }],
  });
  for (let at = 0; at < text.length; at += 24)
    delta({ tool_calls: [{ index, function: { arguments: text.slice(at, at + 24) } }] });
  return text.length;
}

async function complete(response: ServerResponse, request: ChatRequest, steps: readonly ReplyStep[]): Promise<void> {
  if (refuse(response, steps)) return;
  for (const step of steps) {
    if ("wait" in step) await orClosed(step.wait, response);
    if ("cut" in step) {
      response.destroy();
      return;
    }
  }
  if (response.destroyed) return;
  const content = steps.map((step) => ("say" in step ? step.say : "")).join("");
  const calls = steps.flatMap((step) => ("call" in step ? [step.call] : []));
  const toolCalls = calls.map(({ id, name, arguments: input }, index) => ({
    id: callId(id, index),
    type: "function",
    function: { name, arguments: typeof input === "string" ? input : JSON.stringify(input) },
  }));
  const message = {
    role: "assistant",
    content: content === "" ? null : content,
    ...(toolCalls.length > 0 ? { tool_calls: toolCalls } : {}),
  };
  const choices = [{ index: 0, message, finish_reason: toolCalls.length > 0 ? "tool_calls" : "stop" }];
  sendJson(response, 200, {
    ...head(request, "chat.completion"),
    choices,
    usage: usageOf(request, content.length + JSON.stringify(toolCalls).length),
  });
}

function refuse(response: ServerResponse, steps: readonly ReplyStep[]): boolean {
  const step = steps.find((one) => "status" in one);
  if (!step || !("status" in step)) return false;
  sendJson(response, step.status, failure("server_error", step.message ?? `Status ${step.status}`), step.headers);
  return true;
}

/** Whoever waits for a client that left would wait for ever. */
async function orClosed(promise: Promise<unknown>, response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  let onClose = () => {};
  const closed = new Promise<void>((resolve) => {
    onClose = resolve;
    response.once("close", onClose);
  });
  await Promise.race([promise, closed]);
  response.off("close", onClose);
}

function head(request: ChatRequest, object: string) {
  return { id: "chatcmpl-scripted", object, created: 0, model: request.model };
}

function usageOf(request: ChatRequest, chars: number) {
  const prompt = Math.ceil(JSON.stringify(request.messages).length / 4);
  const completion = Math.ceil(chars / 4);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

let nextCall = 0;

function callId(given: string | undefined, index: number): string {
  nextCall += 1;
  return given ?? `call_${nextCall}_${index}`;
}

function parseRequest(text: string): ChatRequest | null {
  try {
    const body = JSON.parse(text) as Partial<ChatRequest> | null;
    return body && typeof body.model === "string" && Array.isArray(body.messages) && body.messages.length > 0
      ? (body as ChatRequest)
      : null;
  } catch {
    // Not JSON: the client gets a 400.
    return null;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Error("the request is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function toHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}

function failure(code: string, message: string) {
  return { error: { message, type: "invalid_request_error", param: null, code } };
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}
