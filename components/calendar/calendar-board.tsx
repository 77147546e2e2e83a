"use client";

import Link from "next/link";
import { useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { useNow } from "@/components/connections/use-now";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import type { CalendarView, EventView } from "@/lib/contracts/calendar";
import { dayIn } from "@/lib/contracts/day";
import { Agenda } from "./agenda";
import type { CalendarAddress } from "./calendar-address";
import { CalendarChips } from "./calendar-chips";
import { colorsOf } from "./calendar-color";
import { type Day, daysOf, stepFrom } from "./calendar-days";
import { CalendarToolbar } from "./calendar-toolbar";
import { makeClock } from "./clock";
import { EventDialog } from "./event-dialog";
import { draftOf, type EventDraft, newDraft } from "./event-draft";
import { EventForm } from "./event-form";
import { findConflicts } from "./find-conflicts";
import { TimeGrid } from "./time-grid";
import { useCalendarKeys } from "./use-calendar-keys";
import { useCalendarPlace } from "./use-calendar-place";
import { type EventSpan, useEvents } from "./use-events";
import { ZoneNote } from "./zone-note";

interface Props {
  calendars: CalendarView[];
  initial: EventSpan;
  address: CalendarAddress;
  /** The person's zone, and whether they chose it. */
  timeZone: string;
  isZoneChosen: boolean;
  locale: string;
  /** 1 (Monday) to 7. */
  firstDay: number;
  serverNow: number;
  isPhone: boolean;
  isDemo: boolean;
}

type Open = { kind: "event"; event: EventView } | { kind: "form"; event: EventView | null; draft: EventDraft } | null;

export function CalendarBoard(props: Props) {
  const { initial, timeZone, isZoneChosen, locale, firstDay } = props;
  const now = useNow(props.serverNow);
  const clock = makeClock(locale, timeZone);
  const today = dayIn(now, timeZone);
  const { view, day, go } = useCalendarPlace(props.address, today, props.isPhone);
  const days = daysOf(view, day, firstDay);
  const { events, hasFailed, forget, refetch } = useEvents(initial, days, timeZone);
  const { calendars, failure, toggle } = useCalendars(props.calendars, refetch);
  const [open, setOpen] = useState<Open>(null);
  const writable = calendars.find(({ isWritable }) => isWritable);
  const shown = new Set(calendars.filter(({ isShown }) => isShown).map(({ id }) => id));
  const visible = (events ?? []).filter((event) =>
    [event, ...event.alsoIn].some(({ calendarId }) => shown.has(calendarId)),
  );
  const openNew = (on: Day, minute: number | null) => {
    if (!writable) return;
    setOpen({
      kind: "form",
      event: null,
      draft: newDraft({ day: on, minute }, { timeZone, calendarId: writable.id, now }),
    });
  };
  const onStep = (direction: 1 | -1) => go({ day: stepFrom(view, day, direction) });
  const onToday = () => go({ day: null });
  const onNew = () => openNew(days.includes(today) ? today : day, null);
  useCalendarKeys({ onStep, onToday, onView: (next) => go({ view: next }), onNew });
  const closeAfterChange = () => {
    setOpen(null);
    forget();
  };
  const shared = { days, events: visible, clock, colors: colorsOf(calendars), now };
  const onOpen = (event: EventView) => setOpen({ kind: "event", event });
  return (
    <div className="flex h-full min-h-[28rem] flex-col">
      <div className="flex flex-col gap-2 px-4 pt-3 pb-2 sm:px-6">
        <CalendarToolbar
          {...{ view, days, clock, onStep, onToday, onNew }}
          isLoading={events === null}
          isDemo={props.isDemo}
          canCreate={writable !== undefined}
          onView={(next) => go({ view: next })}
        />
        <CalendarChips calendars={calendars} colors={shared.colors} onToggle={(calendar) => void toggle(calendar)} />
        <ZoneNote timeZone={timeZone} isChosen={isZoneChosen} now={now} />
        {calendars.length === 0 && <NoCalendar />}
        {calendars.length > 0 && !writable && <ReadOnlyNote />}
        {hasFailed && (
          <p role="status" className="text-sm text-warning">
            Burgeon did not answer; what stands here may be old.
          </p>
        )}
        <FailureNote text={failure} />
      </div>
      <div className={`flex min-h-0 grow flex-col transition-opacity ${events === null ? "opacity-50" : ""}`}>
        {view === "agenda" ? (
          <Agenda {...shared} onOpen={onOpen} />
        ) : (
          <TimeGrid {...shared} onOpen={onOpen} onPoint={openNew} onDay={(on) => go({ view: "day", day: on })} />
        )}
      </div>
      {open?.kind === "event" && (
        <EventDialog
          event={open.event}
          clock={clock}
          conflicts={findConflicts(visible).get(open.event.id) ?? []}
          onClose={() => setOpen(null)}
          onEdit={(event) => setOpen({ kind: "form", event, draft: draftOf(event, timeZone) })}
          onDeleted={closeAfterChange}
        />
      )}
      {open?.kind === "form" && (
        <EventForm
          event={open.event}
          initial={open.draft}
          calendars={calendars}
          clock={clock}
          onClose={() => setOpen(null)}
          onSaved={closeAfterChange}
        />
      )}
    </div>
  );
}

/** Showing and hiding is seen at once; when it cannot be kept it is taken back, and said. */
function useCalendars(initial: CalendarView[], onShown: () => void) {
  const [calendars, setCalendars] = useState(initial);
  const [failure, setFailure] = useState<string | null>(null);
  const set = (id: string, isShown: boolean) =>
    setCalendars((before) => before.map((calendar) => (calendar.id === id ? { ...calendar, isShown } : calendar)));
  const toggle = async ({ id, isShown }: CalendarView) => {
    set(id, !isShown);
    setFailure(null);
    try {
      await sendJson("PATCH", `/api/calendar/calendars/${id}`, { isShown: !isShown });
      onShown();
    } catch (cause) {
      set(id, isShown);
      setFailure(describeFailure(cause));
    }
  };
  return { calendars, failure, toggle };
}

function NoCalendar() {
  return (
    <div className="rounded-lg border border-dashed px-6 py-6 text-center">
      <h2 className="font-medium">No calendar is connected</h2>
      <p className="mx-auto mt-1 max-w-md text-muted-foreground text-sm">
        Connect Google Calendar, or any calendar that has an address, and its events stand here and in answers.
      </p>
      <Button asChild className="mt-4">
        <Link href="/connections">Connect a calendar</Link>
      </Button>
    </div>
  );
}

function ReadOnlyNote() {
  return (
    <p className="text-muted-foreground text-xs">
      Burgeon may read these calendars and change nothing.{" "}
      <Link href="/connections" className="underline underline-offset-4">
        Allow changes
      </Link>
    </p>
  );
}
