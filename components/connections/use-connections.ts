"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useRefetch } from "@/components/api/use-refetch";
import type { ConnectionsBody, ConnectionView } from "@/lib/contracts/connection";
import { nextLookMs } from "./next-look";

/**
 * What is connected, read again while something is on its way, less often the longer nothing changes, and when the tab is looked
 * at again. `expectChange` says that the person just asked for something of this connection.
 */
export function useConnections(initial: ConnectionsBody) {
  const [body, setBody] = useState(initial);
  const [looks, setLooks] = useState(0);
  /** Connections that were asked to do something, and when they had last been tried then. */
  const expected = useRef(new Map<string, string | null>());
  const read = useCallback(async () => {
    const next = await sendJson<ConnectionsBody>("GET", "/api/connections").catch((cause: unknown) => {
      setLooks((before) => before + 1);
      throw cause;
    });
    for (const [id, triedAt] of expected.current) {
      const found = next.connections.find((connection) => connection.id === id);
      if (!found || (found.lastTriedAt !== triedAt && !found.isSyncing)) expected.current.delete(id);
    }
    setBody((before) => {
      const isSame = JSON.stringify(before) === JSON.stringify(next);
      setLooks((count) => (isSame ? count + 1 : 0));
      return isSame ? before : next;
    });
  }, []);
  const { hasFailed, refetch } = useRefetch(read, null);
  useEffect(() => {
    const waitMs = nextLookMs(body.connections, { now: Date.now(), looks, isExpecting: expected.current.size > 0 });
    if (waitMs === null) return;
    const timer = setTimeout(() => {
      if (document.visibilityState === "visible") refetch();
    }, waitMs);
    return () => clearTimeout(timer);
  }, [body, looks, refetch]);
  const expectChange = (connection: ConnectionView) => {
    expected.current.set(connection.id, connection.lastTriedAt);
    setLooks(0);
    refetch();
  };
  return { ...body, hasFailed, refetch, expectChange };
}
