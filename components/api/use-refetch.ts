"use client";

import { useCallback, useEffect, useRef, useState } from "react";

/**
 * Reads again when the tab is looked at again and, with `everyMs`, again and again while it is in sight; `refetch` reads now.
 * `hasFailed` says that the last reading failed: what is on the screen may then be old.
 */
export function useRefetch(
  read: () => Promise<void>,
  everyMs: number | null,
): { hasFailed: boolean; refetch: () => void } {
  const [hasFailed, setFailed] = useState(false);
  const newest = useRef(read);
  newest.current = read;
  const refetch = useCallback(() => {
    newest.current().then(
      () => setFailed(false),
      // What is on the screen stays; whoever shows it says that it may be old.
      () => setFailed(true),
    );
  }, []);
  useEffect(() => {
    const look = () => document.visibilityState === "visible" && refetch();
    document.addEventListener("visibilitychange", look);
    window.addEventListener("focus", look);
    const timer = everyMs === null ? undefined : setInterval(look, everyMs);
    return () => {
      document.removeEventListener("visibilitychange", look);
      window.removeEventListener("focus", look);
      clearInterval(timer);
    };
  }, [refetch, everyMs]);
  return { hasFailed, refetch };
}
