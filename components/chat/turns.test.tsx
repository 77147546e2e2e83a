import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";
import type { NewEvent } from "@/lib/contracts/conversation";
import { foldConversation } from "@/lib/conversation/display";
import { toLog } from "@/lib/conversation/testing";
import { MessageList } from "./message-list";
import type { TurnActions } from "./turn-actions";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined, refresh: () => undefined }) }));

const nothing = () => undefined;
const actions: TurnActions = {
  choose: nothing,
  startEdit: nothing,
  cancelEdit: nothing,
  sendEdit: nothing,
  regenerate: nothing,
  fork: nothing,
};

const usage = { inputTokens: 0, outputTokens: 0 };
type Placed = { runId: string; event: NewEvent };
const sent = (runId: string, place: Partial<Extract<NewEvent, { type: "message-sent" }>["payload"]> = {}): Placed => ({
  runId,
  event: { type: "message-sent", payload: { text: `Question ${runId}`, via: "browser", ...place } },
});
const answered = (runId: string, text: string, step = 1, calls: string[] = []): Placed[] => {
  const toolCalls = calls.map((callId) => ({ callId, tool: "look_up", input: {} }));
  const events: NewEvent[] = [
    { type: "step-started", payload: { step, attempt: 1, model: "m" } },
    { type: "text-appended", payload: { step, attempt: 1, text } },
    { type: "step-finished", payload: { step, attempt: 1, finishReason: "stop", toolCalls, usage, durationMs: 1 } },
    ...calls.map((callId): NewEvent => {
      return { type: "tool-finished", payload: { callId, tool: "look_up", ok: true, durationMs: 1 } };
    }),
  ];
  return events.map((event) => ({ runId, event }));
};
const ended = (runId: string): Placed => ({ runId, event: { type: "run-finished", payload: { status: "done" } } });

function draw(events: Placed[], more: Partial<Parameters<typeof MessageList>[0]> = {}): string {
  const view = foldConversation(toLog(events));
  const props = { view, conversationId: "conv_1", endsBefore: null, editing: null, actions };
  return renderToStaticMarkup(<MessageList {...props} {...more} />);
}

describe("a conversation with branches, on the page", () => {
  const events = [
    sent("a"),
    ...answered("a", "Answer of a"),
    ended("a"),
    sent("b"),
    ...answered("b", "Answer of b"),
    ended("b"),
    sent("b2", { parentRunId: "a" }),
    ...answered("b2", "Answer of b2"),
    ended("b2"),
  ];

  it("shows the branch that is looked at, and says which version of how many it is", () => {
    const html = draw(events);
    expect(html).toContain("Answer of b2");
    expect(html).not.toContain("Answer of b<");
    expect(html.match(/role="group" aria-label="Versions of this message"/g)).toHaveLength(1);
    expect(html).toContain("Version 2 of 2");
  });

  it("leads to the other versions by named buttons, which stay reachable at the ends", () => {
    const html = draw(events);
    expect(html).toMatch(/<button[^>]*aria-label="Previous version"[^>]*aria-disabled="false"/);
    expect(html).toMatch(/<button[^>]*aria-label="Next version"[^>]*aria-disabled="true"/);
    expect(html).not.toMatch(/aria-label="(Previous|Next) version"[^>]*disabled=""/);
  });

  it("offers to edit every question and to make every finished answer again", () => {
    const running = [...events, sent("c")];
    expect(draw(running).match(/aria-label="Edit"/g)).toHaveLength(3);
    expect(draw(running).match(/aria-label="Regenerate"/g)).toHaveLength(2);
    expect(draw(running).match(/aria-label="More for this answer"/g)).toHaveLength(2);
  });

  it("puts the editor in the place of the message, with what stood there", () => {
    const html = draw(events, { editing: { runId: "a", text: "Question a" } });
    expect(html).toMatch(/<textarea[^>]*aria-label="Edit your question"[^>]*>Question a<\/textarea>/);
    expect(html.match(/aria-label="Edit"/g)).toHaveLength(1);
  });

  it("makes room for a question on its way, in the place of the one it replaces", () => {
    expect(draw(events, { endsBefore: "b2" })).not.toContain("Question b2");
    expect(draw(events, { endsBefore: "b2" })).toContain("Answer of a");
    expect(draw(events, { endsBefore: "gone" })).toContain("Question b2");
  });

  it("says of a fork where it comes from, and which of its steps it took over", () => {
    const html = draw([
      sent("a"),
      ...answered("a", "Looking", 1, ["c1"]),
      ...answered("a", "First way", 2),
      ended("a"),
      sent("f", { forkOf: { runId: "a", step: 1 } }),
      ...answered("f", "Second way", 2),
      ended("f"),
    ]);
    expect(html).toContain("Forked from step 1 of an earlier answer");
    const [before, group = ""] = html.split('aria-label="Taken over from the earlier answer"');
    expect(before).not.toContain("Looking");
    expect(group).toMatch(/Looking[\s\S]*look up[\s\S]*Second way/);
    expect(html).not.toContain("First way");
  });
});
