"use client";

import { useSyncExternalStore } from "react";
import { dayIn } from "@/lib/contracts/day";

const lookEveryMs = 60_000;

/** The person's time zone and current day. While the page is being prepared by the server both are UTC's. */
export function useCalendarDay(serverDay: string): { timeZone: string; today: string } {
  const timeZone = useSyncExternalStore(
    everyMinute,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => "UTC",
  );
  const today = useSyncExternalStore(
    everyMinute,
    () => dayIn(new Date(), timeZone),
    () => serverDay,
  );
  return { timeZone, today };
}

function everyMinute(look: () => void): () => void {
  const timer = setInterval(look, lookEveryMs);
  return () => clearInterval(timer);
}
