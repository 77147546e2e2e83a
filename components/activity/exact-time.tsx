"use client";

import { useSyncExternalStore } from "react";

/** Date and time in the reader's zone. The server, which does not know it, prints UTC and says so. */
export function ExactTime({ at, withDate = true }: { at: string; withDate?: boolean }) {
  const isBrowser = useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
  return <time dateTime={at}>{isBrowser ? describeMoment(at, withDate) : `${at.slice(11, 19)} UTC`}</time>;
}

function describeMoment(at: string, withDate: boolean): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  if (!withDate) return time;
  return `${date.toLocaleDateString(undefined, { day: "numeric", month: "short" })}, ${time}`;
}
