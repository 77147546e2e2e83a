import type { Readable } from "node:stream";

/** The parts of a chunk of a streamed chat completion that decide whether it may be joined with its neighbours. */
interface Chunk {
  choices?: { index?: number; delta?: Record<string, unknown>; finish_reason?: unknown; logprobs?: unknown }[];
  usage?: unknown;
}

export interface CoalesceOptions {
  /** How long words may wait for others, where so many answers stream through this process. The first ones never wait. */
  holdMs(streams: number): number;
  /** Bytes after which the answer is cut off. */
  maxBytes: number;
  /** What the stream ends with then. */
  onTooLarge: () => Error;
}

/**
 * Joins words that come close together. A provider sends an event for each token, and reading an event costs far more than the
 * token is worth. The first words leave at once, the following ones together; everything that is not plain text of the answer
 * passes unchanged, after what came before it.
 * Format: server-sent events with chunks of a chat completion, as OpenAI-compatible servers send them.
 */
export function coalesceText(source: Readable, options: CoalesceOptions): ReadableStream<Uint8Array> {
  let joiner: Joiner | undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      joiner = new Joiner(controller, options.holdMs);
      pump(source, joiner, options);
    },
    cancel() {
      joiner?.stop();
      source.destroy();
    },
  });
}

/** Takes what comes as it comes: what a reader may make us hold is bounded by `maxBytes`. */
function pump(source: Readable, joiner: Joiner, { maxBytes, onTooLarge }: CoalesceOptions): void {
  const decoder = new TextDecoder();
  let left = maxBytes;
  source.on("data", (bytes: Uint8Array) => {
    left -= bytes.byteLength;
    if (left >= 0) return joiner.add(decoder.decode(bytes, { stream: true }));
    joiner.fail(onTooLarge());
    source.destroy();
  });
  source.on("end", () => joiner.end(decoder.decode()));
  source.on("error", (cause) => joiner.fail(cause));
}

/** Answers that stream through this process right now. */
let streams = 0;

class Joiner {
  private readonly encoder = new TextEncoder();
  /** The beginning of an event whose end has not come yet. */
  private rest = "";
  private open: { chunk: Chunk; content: string } | null = null;
  private timer: NodeJS.Timeout | null = null;
  private isFirst = true;
  private isOver = false;
  // Lines may end with CR LF as well. Nobody who streams chat completions does that; whoever does is left alone.
  private isForeign = false;

  constructor(
    private readonly controller: ReadableStreamDefaultController<Uint8Array>,
    private readonly holdMs: CoalesceOptions["holdMs"],
  ) {
    streams += 1;
  }

  add(piece: string): void {
    const text = this.rest + piece;
    this.isForeign ||= text.includes("\r");
    const end = this.isForeign ? -1 : text.lastIndexOf("\n\n");
    this.rest = this.isForeign ? "" : text.slice(end < 0 ? 0 : end + 2);
    if (this.isForeign) this.write(text);
    else if (end >= 0) this.join(text.slice(0, end));
  }

  end(piece: string): void {
    this.flush();
    this.write(this.rest + piece);
    if (!this.isOver) this.controller.close();
    this.stop();
  }

  fail(cause: unknown): void {
    if (!this.isOver) this.controller.error(cause);
    this.stop();
  }

  /** Nobody reads any more. */
  stop(): void {
    if (!this.isOver) streams -= 1;
    this.isOver = true;
    this.stopWaiting();
  }

  private stopWaiting(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private join(text: string): void {
    for (const event of text.split("\n\n")) {
      const chunk = readPlainText(event);
      if (chunk === null) {
        this.flush();
        this.write(`${event}\n\n`);
      } else if (this.open === null) this.open = { chunk, content: contentOf(chunk) };
      else this.open.content += contentOf(chunk);
    }
    if (this.open === null) return;
    if (this.isFirst) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), untilNextBeat(this.holdMs(streams)));
  }

  private flush(): void {
    this.stopWaiting();
    const { open } = this;
    this.open = null;
    if (open === null) return;
    this.isFirst = this.isFirst && open.content.trim() === "";
    this.write(`data: ${JSON.stringify(withContent(open.chunk, open.content))}\n\n`);
  }

  private write(text: string): void {
    if (text !== "" && !this.isOver) this.controller.enqueue(this.encoder.encode(text));
  }
}

/** All answers beat together: what they write at the same moment is one statement for the database. */
function untilNextBeat(periodMs: number): number {
  return periodMs - (performance.now() % periodMs);
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
