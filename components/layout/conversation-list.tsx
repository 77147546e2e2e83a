"use client";

import { Search } from "lucide-react";
import { Input } from "@/components/ui/input";
import { ConversationRow } from "./conversation-row";
import { groupConversations } from "./group-conversations";
import { useCalendarDay } from "./use-calendar-day";
import type { useConversations } from "./use-conversations";

interface Props {
  list: ReturnType<typeof useConversations>;
  serverDay: string;
  onOpen: () => void;
}

/** Search, then the conversations by day; a search shows what was found in one list. */
export function ConversationList({ list, serverDay, onOpen }: Props) {
  const { timeZone, today } = useCalendarDay(serverDay);
  const { conversations, isSearch, query, setQuery, hasFailed } = list;
  return (
    <div className="flex min-h-0 grow flex-col">
      <div className="relative px-3 pb-2">
        <Search
          aria-hidden
          className="-translate-y-1/2 absolute top-1/2 left-5.5 size-3.5 -mt-1 text-muted-foreground"
        />
        <Input
          type="search"
          aria-label="Search conversations"
          placeholder="Search conversations"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          className="h-8 pl-8"
        />
      </div>
      <nav aria-label="Conversations" className="min-h-0 grow overflow-y-auto px-3 pb-3">
        {hasFailed && (
          <p role="status" className="px-2.5 py-2 text-warning text-xs">
            Burgeon did not answer; this list may be old.
          </p>
        )}
        {conversations.length === 0 && (
          <p className="px-2.5 py-2 text-muted-foreground text-sm">
            {isSearch ? "Nothing found." : "Your conversations will stand here."}
          </p>
        )}
        {isSearch ? (
          <ul>
            {conversations.map((conversation) => (
              <ConversationRow key={conversation.conversationId} conversation={conversation} onOpen={onOpen} />
            ))}
          </ul>
        ) : (
          groupConversations(conversations, today, timeZone).map((group) => (
            <section key={group.title} aria-label={group.title} className="mb-3">
              <h2 className="px-2.5 pt-2 pb-1 font-medium text-muted-foreground text-xs">{group.title}</h2>
              <ul>
                {group.conversations.map((conversation) => (
                  <ConversationRow key={conversation.conversationId} conversation={conversation} onOpen={onOpen} />
                ))}
              </ul>
            </section>
          ))
        )}
      </nav>
    </div>
  );
}
