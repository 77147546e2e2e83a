import { describe, expect, it } from "vitest";
import type { ConversationListItem } from "@/lib/contracts/conversation";
import { groupConversations } from "./group-conversations";

function conversation(conversationId: string, updatedAt: string, pinned = false): ConversationListItem {
  return { conversationId, title: conversationId, pinned, updatedAt, isBusy: false };
}
const shape = (list: ConversationListItem[], today: string, zone: string) =>
  groupConversations(list, today, zone).map(({ title, conversations }) => [
    title,
    conversations.map((one) => one.conversationId),
  ]);

describe("the groups of the conversation list", () => {
  it("puts pinned ones first whatever their day, and leaves empty groups out", () => {
    const list = [
      conversation("p", "2026-01-01T00:00:00Z", true),
      conversation("t", "2026-11-24T09:00:00Z"),
      conversation("e", "2026-11-20T09:00:00Z"),
    ];
    expect(shape(list, "2026-11-24", "UTC")).toEqual([
      ["Pinned", ["p"]],
      ["Today", ["t"]],
      ["Earlier", ["e"]],
    ]);
  });

  it("counts days by the person's zone, not by UTC", () => {
    const late = [conversation("a", "2026-11-23T23:30:00Z"), conversation("b", "2026-11-23T22:30:00Z")];
    expect(shape(late, "2026-11-24", "Europe/Berlin")).toEqual([
      ["Today", ["a"]],
      ["Yesterday", ["b"]],
    ]);
  });

  it("knows yesterday over the end of a month and of a year, and takes a clock that is ahead for today", () => {
    expect(shape([conversation("a", "2026-02-28T12:00:00Z")], "2026-03-01", "UTC")).toEqual([["Yesterday", ["a"]]]);
    expect(shape([conversation("a", "2025-12-31T12:00:00Z")], "2026-01-01", "UTC")).toEqual([["Yesterday", ["a"]]]);
    expect(shape([conversation("a", "2026-01-02T00:01:00Z")], "2026-01-01", "UTC")).toEqual([["Today", ["a"]]]);
  });
});
