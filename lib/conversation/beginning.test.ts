import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import { foldConversation } from "./display";
import { toModelPrompt } from "./prompt";
import { arbitraryLog, tellBeginnings } from "./testing";

/** Everything but where in the log it stood, and when it was written. */
function withoutPlaces(value: unknown): unknown {
  const isPlace = (key: string) => key === "seq" || key === "lastSeq" || key === "at" || key.endsWith("At");
  return JSON.parse(JSON.stringify(value, (key, inner) => (isPlace(key) ? undefined : inner)));
}
const shown = (log: ConversationEvent[]) => withoutPlaces(foldConversation(log));
const told = (log: ConversationEvent[]) => toModelPrompt(log, { system: "", markUntrusted: true, model: "Scripted" });

describe("a beginning that its end tells", () => {
  it("is the same to a person and to the model as one that stands for itself", () => {
    fc.assert(
      fc.property(arbitraryLog, (log) => {
        const short = tellBeginnings(log);
        expect(shown(short)).toEqual(shown(log));
        expect(told(short)).toEqual(told(log));
      }),
    );
  });

  it("leaves out events in such logs at all", () => {
    const saved = fc.sample(arbitraryLog, 100).map((log) => log.length - tellBeginnings(log).length);
    expect(Math.max(...saved)).toBeGreaterThan(0);
  });
});
