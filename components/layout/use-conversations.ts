"use client";

import { usePathname } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import type { ConversationListItem } from "@/lib/contracts/conversation";
import { onConversationsChanged } from "./conversations-changed";

const limit = 100;
const waitMs = 150;
const lookWhileBusyMs = 5_000;

/**
 * The person's conversations: those of the page at first, read again when something here changed them, when another page
 * opens, when the tab is looked at again, and every few seconds while one is being answered.
 */
export function useConversations(initial: ConversationListItem[]) {
  const [all, setAll] = useState(initial);
  const [found, setFound] = useState<ConversationListItem[] | null>(null);
  const [query, setQuery] = useState("");
  const [hasFailed, setFailed] = useState(false);
  const pathname = usePathname();
  const newest = useRef(0);
  const words = query.trim();

  const read = useCallback(async () => {
    const turn = ++newest.current;
    try {
      const search = new URLSearchParams({ limit: String(limit), ...(words ? { query: words } : {}) });
      const { conversations } = await sendJson<{ conversations: ConversationListItem[] }>(
        "GET",
        `/api/conversations?${search}`,
      );
      // An answer that was overtaken by a later question is old news.
      if (turn !== newest.current) return;
      setFailed(false);
      if (words) return setFound(conversations);
      setFound(null);
      setAll(conversations);
    } catch {
      // The list that is on the screen stays; the page says that it may be old.
      if (turn === newest.current) setFailed(true);
    }
  }, [words]);

  useEffect(() => {
    const timer = setTimeout(() => void read(), waitMs);
    return () => clearTimeout(timer);
  }, [read, pathname]);

  useEffect(() => {
    const look = () => document.visibilityState === "visible" && void read();
    document.addEventListener("visibilitychange", look);
    const stop = onConversationsChanged(() => void read());
    return () => {
      document.removeEventListener("visibilitychange", look);
      stop();
    };
  }, [read]);

  const isBusy = all.some((conversation) => conversation.isBusy);
  useEffect(() => {
    if (!isBusy) return;
    const timer = setInterval(() => document.visibilityState === "visible" && void read(), lookWhileBusyMs);
    return () => clearInterval(timer);
  }, [isBusy, read]);

  return { conversations: words && found ? found : all, isSearch: words !== "", query, setQuery, hasFailed };
}
