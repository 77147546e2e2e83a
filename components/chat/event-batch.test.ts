import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import { applyEvents, type ConversationView, emptyConversation, foldConversation } from "@/lib/conversation/display";
import { arbitraryLog } from "@/lib/conversation/testing";
import { EventBatch } from "./event-batch";

/** A frame that comes when the test says so. */
function manualFrames() {
  let next: (() => void) | null = null;
  return {
    schedule: (work: () => void) => {
      next = work;
      return () => {
        next = null;
      };
    },
    draw() {
      const work = next;
      next = null;
      work?.();
      return work !== null;
    },
  };
}

describe("events that arrive", () => {
  it("give the same view however they are cut into frames and however often some come twice", () => {
    fc.assert(
      fc.property(arbitraryLog, fc.array(fc.nat(20)), (log, cuts) => {
        const frames = manualFrames();
        let view: ConversationView = emptyConversation;
        const batch = new EventBatch(frames.schedule, (events) => {
          view = applyEvents(view, events);
        });
        for (const [index, event] of log.entries()) {
          batch.add(event);
          // A connection that was lost repeats what was on its way.
          const again = log[index - (cuts[index] ?? 0)];
          if (again) batch.add(again);
          if (cuts.includes(index % 21)) frames.draw();
        }
        frames.draw();
        expect(view).toEqual(foldConversation(log));
      }),
    );
  });

  it("are drawn once per frame", () => {
    const frames = manualFrames();
    const drawn: number[] = [];
    const batch = new EventBatch(frames.schedule, (events) => drawn.push(events.length));
    const event = { seq: 1 } as ConversationEvent;
    for (let n = 0; n < 50; n++) batch.add(event);
    frames.draw();
    batch.add(event);
    frames.draw();
    expect(drawn).toEqual([50, 1]);
  });

  it("are not drawn after the page was left", () => {
    const frames = manualFrames();
    const drawn: number[] = [];
    const batch = new EventBatch(frames.schedule, (events) => drawn.push(events.length));
    batch.add({ seq: 1 } as ConversationEvent);
    batch.close();
    expect(frames.draw()).toBe(false);
    expect(drawn).toEqual([]);
  });
});
