/** The part of the OpenAI chat completions protocol that clients of Burgeon use. */
export interface ChatMessage {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content: string | { type: string; text?: string }[] | null;
  tool_calls?: { id: string; type: "function"; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  tools?: { type: "function"; function: { name: string; description?: string; parameters?: unknown } }[];
}

/** What the server does for one request, in this order. Nothing waits for a clock: `wait` ends when its promise does. */
export type ReplyStep =
  | { say: string }
  | { call: { name: string; arguments: unknown; id?: string } }
  | { wait: Promise<unknown> }
  /** Ends the connection in the middle of the answer. */
  | { cut: true }
  /** Instead of an answer, before anything was said. */
  | { status: number; headers?: Record<string, string>; message?: string };

export type Script = (
  request: ChatRequest,
  requestNumber: number,
) => readonly ReplyStep[] | Promise<readonly ReplyStep[]>;

/** The text of a message, whatever form it has. */
export function textOf(message: ChatMessage | undefined): string {
  if (!message?.content) return "";
  return typeof message.content === "string"
    ? message.content
    : message.content.map((part) => part.text ?? "").join("");
}

export function lastOf(request: ChatRequest, role: ChatMessage["role"]): ChatMessage | undefined {
  return request.messages.findLast((message) => message.role === role);
}

/** The texts that tell a model what it is. */
export function systemText(request: ChatRequest): string {
  return request.messages
    .filter(({ role }) => role === "system" || role === "developer")
    .map(textOf)
    .join("\n");
}

/** Messages since the person last spoke: what was called and what came of it. */
export function sinceLastUser({ messages }: ChatRequest): ChatMessage[] {
  return messages.slice(messages.findLastIndex(({ role }) => role === "user") + 1);
}
