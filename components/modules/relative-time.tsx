"use client";

import { useSyncExternalStore } from "react";

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** "3 hours ago", with the exact local time on hover. The server prints the date; the browser, which knows now, the rest. */
export function RelativeTime({ at }: { at: string }) {
  const isBrowser = useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
  return (
    <time dateTime={at} title={isBrowser ? new Date(at).toLocaleString() : undefined}>
      {isBrowser ? describeAge(at, Date.now()) : at.slice(0, 10)}
    </time>
  );
}

export function describeAge(at: string, now: number): string {
  const age = new Date(at).getTime() - now;
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  for (const [unit, unitMs] of units) if (Math.abs(age) >= unitMs) return format.format(Math.round(age / unitMs), unit);
  return "just now";
}
