import type { ConversationListItem } from "@/lib/contracts/conversation";
import { addDays, dayIn } from "@/lib/contracts/day";

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
  const yesterday = addDays(today, -1);
  for (const conversation of conversations) {
    const day = dayIn(conversation.updatedAt, timeZone);
    // Clocks differ a little: what was used "tomorrow" was used today.
    const title = conversation.pinned ? "Pinned" : day >= today ? "Today" : day === yesterday ? "Yesterday" : "Earlier";
    groups.find((group) => group.title === title)?.conversations.push(conversation);
  }
  return groups.filter((group) => group.conversations.length > 0);
}
