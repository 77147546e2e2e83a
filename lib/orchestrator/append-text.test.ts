import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { NewEvent } from "@/lib/contracts/conversation";
import { TextAppender } from "./append-text";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Texts as they are handed to the log, each with the moment. */
function start() {
  const written: { text: string; at: number }[] = [];
  const appender = new TextAppender(
    1,
    1,
    async (events: NewEvent[]) => {
      for (const event of events)
        if (event.type === "text-appended") written.push({ text: event.payload.text, at: Date.now() });
    },
    () => undefined,
  );
  return { written, appender };
}

/** Ten words a second for some time, on all of them alike. */
async function speak(appenders: readonly TextAppender[], words: number): Promise<number[]> {
  const said: number[] = [];
  for (let n = 0; n < words; n++) {
    said.push(Date.now());
    for (const appender of appenders) appender.push(`${n} `);
    await vi.advanceTimersByTimeAsync(10);
  }
  return said;
}

describe("the text of a step", () => {
  it.each([1, 10, 80])(
    "with %i answers at once: the first word goes at once, and none waits longer than 60 ms",
    async (count) => {
      const streams = Array.from({ length: count }, start);
      const said = await speak(
        streams.map(({ appender }) => appender),
        120,
      );
      await vi.advanceTimersByTimeAsync(200);
      for (const { written, appender } of streams) {
        expect(written[0]).toEqual({ text: "0 ", at: said[0] });
        expect(written.map(({ text }) => text).join("")).toBe(said.map((_, n) => `${n} `).join(""));
        for (const { text, at } of written)
          for (const word of text.trim().split(" ")) expect(at - (said[Number(word)] ?? 0)).toBeLessThanOrEqual(60);
        // Far fewer writes than words.
        expect(written.length).toBeLessThan(30);
        await appender.takeRest();
      }
    },
  );
});
