/** The parts of a chunk of a streamed chat completion that decide whether it may be joined with its neighbours. */
interface Chunk {
  choices?: { index?: number; delta?: Record<string, unknown>; finish_reason?: unknown; logprobs?: unknown }[];
  usage?: unknown;
}

/**
 * Joins words that arrived together. A provider sends an event for each token, and reading an event costs far more than the
 * token is worth: what came in one piece from the network leaves as one event. Nothing waits for anything, and everything that
 * is not plain text of the answer passes unchanged.
 * Format: server-sent events with chunks of a chat completion, as OpenAI-compatible servers send them.
 */
export function coalesceText(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = "";
  // Lines may end with CR LF as well. Nobody who streams chat completions does that; whoever does is left alone.
  let isForeign = false;
  return new TransformStream({
    transform(bytes, controller) {
      const text = rest + decoder.decode(bytes, { stream: true });
      isForeign ||= text.includes("\r");
      if (isForeign) {
        rest = "";
        controller.enqueue(encoder.encode(text));
        return;
      }
      // Events end with an empty line; what follows the last one is not a whole event yet.
      const end = text.lastIndexOf("\n\n");
      if (end < 0) {
        rest = text;
        return;
      }
      rest = text.slice(end + 2);
      controller.enqueue(encoder.encode(joinEvents(text.slice(0, end))));
    },
    flush(controller) {
      const last = rest + decoder.decode();
      if (last !== "") controller.enqueue(encoder.encode(last));
    },
  });
}

function joinEvents(text: string): string {
  const events = text.split("\n\n");
  if (events.length === 1) return `${text}\n\n`;
  let joined = "";
  let open: { chunk: Chunk; content: string } | null = null;
  const close = () => {
    if (open) joined += `data: ${JSON.stringify(withContent(open.chunk, open.content))}\n\n`;
    open = null;
  };
  for (const event of events) {
    const chunk = readPlainText(event);
    if (chunk === null) {
      close();
      joined += `${event}\n\n`;
    } else if (open === null) open = { chunk, content: contentOf(chunk) };
    else open = { chunk: open.chunk, content: open.content + contentOf(chunk) };
  }
  close();
  return joined;
}

/** The event's chunk when it holds text of the first choice and nothing else; null otherwise. */
function readPlainText(event: string): Chunk | null {
  if (!event.startsWith("data: {") || event.includes("\n")) return null;
  let chunk: Chunk;
  try {
    chunk = JSON.parse(event.slice(6)) as Chunk;
  } catch {
    return null;
  }
  const [choice, other] = chunk.choices ?? [];
  if (!choice || other || (choice.index ?? 0) !== 0 || chunk.usage) return null;
  const { delta, finish_reason: reason, logprobs } = choice;
  if (!delta || reason || logprobs || typeof delta.content !== "string") return null;
  return Object.entries(delta).every(([name, value]) => name === "content" || name === "role" || value === null)
    ? chunk
    : null;
}

function contentOf(chunk: Chunk): string {
  return String(chunk.choices?.[0]?.delta?.content ?? "");
}

function withContent(chunk: Chunk, content: string): Chunk {
  const [choice] = chunk.choices ?? [];
  return { ...chunk, choices: [{ ...choice, delta: { ...choice?.delta, content } }] };
}
