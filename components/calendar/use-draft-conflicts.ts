"use client";

import { useEffect, useState } from "react";
import type { EventView } from "@/lib/contracts/calendar";
import { type EventDraft, spanOfDraft } from "./event-draft";
import { findBusy } from "./find-conflicts";
import { fetchEvents } from "./use-events";

const waitMs = 250;

/** What is on at the time of the draft, looked up while the person writes; null while it is not known. */
export function useDraftConflicts(draft: EventDraft, personZone: string, exceptId: string | null): EventView[] | null {
  const span = spanOfDraft(draft, personZone);
  const key = span ? `${span.from} ${span.to} ${span.days.join()}` : "";
  const [found, setFound] = useState<{ key: string; events: EventView[] } | null>(null);
  useEffect(() => {
    const [first, last] = [span?.days[0], span?.days.at(-1)];
    if (!span || first === undefined || last === undefined) return;
    let isOver = false;
    const timer = setTimeout(() => {
      fetchEvents(first, last, personZone).then(
        ({ events }) => !isOver && setFound({ key, events: findBusy(events, span, exceptId) }),
        // Saving says what is wrong; that nothing is shown here says that nothing is known.
        () => !isOver && setFound(null),
      );
    }, waitMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key, personZone, exceptId]);
  return found?.key === key ? found.events : null;
}
