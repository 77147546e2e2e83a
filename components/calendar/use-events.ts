"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useRefetch } from "@/components/api/use-refetch";
import type { EventView } from "@/lib/contracts/calendar";
import type { Day } from "./calendar-days";

export interface EventSpan {
  from: Day;
  /** Included. */
  to: Day;
  timeZone: string;
  events: EventView[];
}

const lookEveryMs = 60_000;
const maxKept = 30;

/** @throws ApiFailure */
export async function fetchEvents(from: Day, to: Day, timeZone: string): Promise<EventSpan> {
  const query = new URLSearchParams({ from, to, timeZone });
  return sendJson<EventSpan>("GET", `/api/calendar/events?${query}`);
}

/**
 * The events of some days. What was read before is shown at once and read again; `null` while nothing is known of these days.
 * `forget` is for after a change: everything is read anew.
 */
export function useEvents(initial: EventSpan, days: readonly Day[], timeZone: string) {
  const [from, to] = [days[0] ?? initial.from, days.at(-1) ?? initial.to];
  const [spans, setSpans] = useState<EventSpan[]>([initial]);
  const turn = useRef(0);
  const known = spans.find((span) => span.timeZone === timeZone && span.from <= from && to <= span.to);
  const read = useCallback(async () => {
    const own = ++turn.current;
    const span = await fetchEvents(from, to, timeZone);
    // An answer that was overtaken by a later question is kept all the same: it is of other days.
    setSpans((before) => {
      const others = before.filter((other) => !isWithin(other, span));
      return own === turn.current ? [span, ...others].slice(0, maxKept) : [...others, span].slice(0, maxKept);
    });
  }, [from, to, timeZone]);
  const { hasFailed, refetch } = useRefetch(read, lookEveryMs);
  const isFirst = useRef(true);
  // Other days are read when they are turned to.
  useEffect(() => {
    if (isFirst.current && known) {
      isFirst.current = false;
      return;
    }
    isFirst.current = false;
    refetch();
  }, [from, to, timeZone, refetch]);
  const forget = () => {
    setSpans((before) => before.filter((span) => span === known));
    refetch();
  };
  return { events: known?.events ?? null, hasFailed, forget, refetch };
}

const isWithin = (span: EventSpan, outer: EventSpan) =>
  span.timeZone === outer.timeZone && outer.from <= span.from && span.to <= outer.to;
