import type { ConversationListItem } from "@/lib/contracts/conversation";

export interface ConversationGroup {
  title: "Pinned" | "Today" | "Yesterday" | "Earlier";
  conversations: ConversationListItem[];
}

/**
 * The list as the sidebar shows it: pinned ones first, the others by the day they were last used, each group in the order
 * it came in. Empty groups are left out.
 * @param today the current day in that zone, as `dayIn` writes it
 */
export function groupConversations(
  conversations: ConversationListItem[],
  today: string,
  timeZone: string,
): ConversationGroup[] {
  const groups: ConversationGroup[] = [
    { title: "Pinned", conversations: [] },
    { title: "Today", conversations: [] },
    { title: "Yesterday", conversations: [] },
    { title: "Earlier", conversations: [] },
  ];
  const yesterday = dayBefore(today);
  for (const conversation of conversations) {
    const day = dayIn(timeZone, new Date(conversation.updatedAt));
    // Clocks differ a little: what was used "tomorrow" was used today.
    const title = conversation.pinned ? "Pinned" : day >= today ? "Today" : day === yesterday ? "Yesterday" : "Earlier";
    groups.find((group) => group.title === title)?.conversations.push(conversation);
  }
  return groups.filter((group) => group.conversations.length > 0);
}

/** The calendar day of an instant in a zone: `2026-11-24`. Days compare as text. */
export function dayIn(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

function dayBefore(day: string): string {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}
