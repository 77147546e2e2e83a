import { PassThrough, Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coalesceText } from "./coalesce-stream";

const encoder = new TextEncoder();

/** What comes out of these pieces of a stream, piece by piece. */
async function pass(pieces: readonly Uint8Array[]): Promise<string[]> {
  const source = Readable.from(pieces, { objectMode: false });
  const out: string[] = [];
  const decoder = new TextDecoder();
  const joined = coalesceText(source, {
    holdMs: () => 5,
    maxBytes: 1_000_000,
    onTooLarge: () => new Error("too large"),
  });
  for await (const piece of joined) out.push(decoder.decode(piece, { stream: true }));
  return out;
}

interface Event {
  choices?: { delta?: { content?: string | null; tool_calls?: unknown[] }; finish_reason?: string | null }[];
  usage?: unknown;
}
const frame = (event: Event | string) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`;
const word = (content: string): Event => ({ choices: [{ delta: { content }, finish_reason: null }] });
const read = (text: string) =>
  text
    .split("\n\n")
    .filter((event) => event.startsWith("data: {"))
    .map((event) => JSON.parse(event.slice(6)) as Event);
const textOf = (events: Event[]) => events.map((event) => event.choices?.[0]?.delta?.content ?? "").join("");
const others = (events: Event[]) => events.filter((event) => typeof event.choices?.[0]?.delta?.content !== "string");

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: "grapheme" }).map(word) },
  fc.string().map((name) => ({ choices: [{ delta: { tool_calls: [{ function: { name } }] } }] })),
  fc.constant<Event>({ choices: [{ delta: {}, finish_reason: "stop" }] }),
  fc.constant<Event>({ choices: [], usage: { prompt_tokens: 1 } }),
);

describe("joining words that arrived together", () => {
  it("keeps every word, and everything else as it was and where it was, however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyEvent), fc.array(fc.integer({ min: 1, max: 80 })), async (events, cuts) => {
        const bytes = encoder.encode(events.map(frame).join("") + frame("[DONE]"));
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          pieces.push(bytes.slice(at, at + cut));
          at += cut;
        }
        const out = (await pass([...pieces, bytes.slice(at)])).join("");
        expect(textOf(read(out))).toBe(textOf(events));
        expect(others(read(out))).toEqual(others(events));
        expect(out.endsWith(frame("[DONE]"))).toBe(true);
        const order = (list: Event[]) => list.map((event) => (others([event]).length > 0 ? "o" : "w")).join("");
        expect(order(read(out)).replace(/w+/g, "w")).toBe(order(events).replace(/w+/g, "w"));
      }),
    );
  });

  it("lets the first words go at once and joins the following ones", async () => {
    const words = Array.from({ length: 200 }, (_, n) => encoder.encode(frame(word(`${n} `))));
    const events = read((await pass(words)).join(""));
    expect(textOf(events.slice(0, 1))).toBe("0 ");
    expect(events.length).toBeLessThan(20);
  });

  it("keeps nobody waiting for a word that does not come", async () => {
    const source = new Readable({ read: () => undefined });
    const push = (text: string) => source.push(encoder.encode(text));
    const options = { holdMs: () => 1, maxBytes: 1_000_000, onTooLarge: () => new Error("too large") };
    const reader = coalesceText(source, options).getReader();
    const decoder = new TextDecoder();
    for (const said of ["first", "second", "third"]) {
      push(frame(word(said)));
      expect(decoder.decode((await reader.read()).value)).toBe(frame(word(said)));
    }
    // What waits when the reader leaves is dropped, and nothing is thrown at anybody.
    push(frame(word("fourth")));
    await reader.cancel();
    expect(source.destroyed).toBe(true);
  });

  it("ends an answer that is too large, and stops reading it", async () => {
    const source = new Readable({
      read() {
        this.push(encoder.encode(frame(word("x".repeat(1000)))));
      },
    });
    const onTooLarge = () => new Error("too large");
    const reader = coalesceText(source, { holdMs: () => 1, maxBytes: 50_000, onTooLarge }).getReader();
    await expect(
      (async () => {
        while (!(await reader.read()).done);
      })(),
    ).rejects.toThrow("too large");
    expect(source.destroyed).toBe(true);
  });

  it("leaves alone what it does not know", async () => {
    const odd = "event: ping\ndata: {}\n\n: comment\n\ndata: not json\n\n";
    expect((await pass([encoder.encode(odd)])).join("")).toBe(odd);
    const windows = (frame(word("a")) + frame(word("b"))).replaceAll("\n", "\r\n");
    const [first] = await pass([encoder.encode(windows), encoder.encode(windows)]);
    expect(first).toBe(windows);
  });

  it("holds them for as long as the number of answers at once says, and forgets those that are over, however they ended", async () => {
    const counts: number[] = [];
    const options = {
      holdMs: (streams: number) => counts.push(streams) * 0 + 1,
      maxBytes: 1000,
      onTooLarge: () => new Error("too large"),
    };
    /** An answer whose second word has just waited for others. */
    const answer = async () => {
      const source = new PassThrough();
      const reader = coalesceText(source, options).getReader();
      for (const text of ["one ", "two "]) {
        source.write(frame(word(text)));
        await reader.read();
      }
      return { source, reader };
    };
    const ended = await answer();
    const broken = await answer();
    const left = await answer();
    const tooLarge = await answer();
    expect(counts).toEqual([1, 2, 3, 4]);
    ended.source.end();
    expect((await ended.reader.read()).done).toBe(true);
    broken.source.destroy(new Error("lost"));
    await expect(broken.reader.read()).rejects.toThrow("lost");
    await left.reader.cancel();
    tooLarge.source.write("x".repeat(2000));
    await expect(tooLarge.reader.read()).rejects.toThrow("too large");
    await answer().then(({ reader }) => reader.cancel());
    expect(counts.at(-1)).toBe(1);
  });
});
