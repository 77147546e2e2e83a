import { CarFront } from "lucide-react";
import Link from "next/link";
import { Suspense } from "react";
import { Agenda, type AgendaRow } from "@/components/today/agenda";
import { EmptyPart } from "@/components/today/empty-part";
import { SourceNote } from "@/components/today/source-note";
import type { StartedContext } from "@/lib/context/aggregate";
import { clockSpan, spanOf } from "@/lib/context/clock";
import type { EventView } from "@/lib/contracts/calendar";
import { dayIn, shortDay } from "@/lib/contracts/day";
import { readText } from "./read-text";

const maxRows = 12;
const nearMs = 2 * 60 * 60_000;

interface Props {
  context: StartedContext;
}

/** The rest of today; when nothing is left, the next day on which something is. */
export async function Coming({ context }: Props) {
  const section = await context.calendar;
  if (!section) return null;
  const { scope } = context;
  if (section.state === "none")
    return <EmptyPart text={`${section.problem}`} href="/connections" action="Connect a calendar" />;
  const { day, events, gone } = findNextDay(section.data?.events ?? [], scope);
  const isToday = day === scope.today;
  return (
    <>
      {section.data && (
        <p className="mb-3 text-[15px]">
          {isToday ? null : gone > 0 ? "Nothing more is on today. " : "Nothing is on today. "}
          {!isToday && (day === null ? "The next seven days are free." : `Next, on ${shortDay(day)}:`)}
        </p>
      )}
      {events.length > 0 && (
        <Agenda
          label={isToday ? "Today" : shortDay(day ?? scope.today)}
          rows={events.slice(0, maxRows).map((event) => toRow(event, context))}
        />
      )}
      {section.data && (
        <p className="mt-3 text-sm">
          {events.length > maxRows && <>And {events.length - maxRows} more. </>}
          {isToday && gone > 0 && (
            <span className="text-muted-foreground">
              {gone === 1 ? "1 event is over. " : `${gone} events are over. `}
            </span>
          )}
          <Link href="/calendar" className="text-primary underline underline-offset-3">
            Open Calendar
          </Link>
        </p>
      )}
      <SourceNote {...section} read={readText(section.asOf, scope)} />
      <Suspense fallback={null}>
        <WayNote context={context} />
      </Suspense>
    </>
  );
}

type Scope = StartedContext["scope"];

function findNextDay(events: readonly EventView[], { now, timeZone, today }: Scope) {
  const left = events.filter((event) => spanOf(event, timeZone).to > now.getTime());
  // What began before today is on today.
  const dayOf = (event: EventView) => {
    const day = dayIn(new Date(spanOf(event, timeZone).from), timeZone);
    return day < today ? today : day;
  };
  const day = left.map(dayOf).sort()[0] ?? null;
  const gone = events.filter((event) => spanOf(event, timeZone).to <= now.getTime()).length;
  return { day, events: left.filter((event) => dayOf(event) === day), gone };
}

function toRow(event: EventView, context: StartedContext): AgendaRow {
  const { now, timeZone } = context.scope;
  const { from, to, isWholeDay } = spanOf(event, timeZone);
  const zone = "at" in event.start ? event.start.timeZone : timeZone;
  return {
    id: event.id,
    when: isWholeDay ? "All day" : clockSpan(new Date(from), new Date(to), timeZone),
    title: event.title,
    location: event.location,
    soon: isWholeDay ? null : soonText(from - now.getTime()),
    isTentative: event.status === "tentative",
    otherZone:
      isWholeDay || isSameOffset(new Date(from), zone, timeZone)
        ? null
        : `${clockSpan(new Date(from), new Date(to), zone)} in ${zone}`,
    below: (
      <Suspense fallback={null}>
        <LeaveLine context={context} eventId={event.id} />
      </Suspense>
    ),
  };
}

/** Zones with other names may show the same clock: `UTC` and `Etc/UTC`. */
function isSameOffset(at: Date, zone: string, own: string): boolean {
  return clockSpan(at, at, zone) === clockSpan(at, at, own) && dayIn(at, zone) === dayIn(at, own);
}

function soonText(aheadMs: number): string | null {
  if (aheadMs <= 0) return "now";
  if (aheadMs > nearMs) return null;
  const minutes = Math.ceil(aheadMs / 60_000);
  return minutes < 60 ? `in ${minutes} min` : `in ${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

async function LeaveLine({ context, eventId }: Props & { eventId: string }) {
  const section = await context.navigation;
  const data = section?.data;
  if (!data?.departure || data.event?.id !== eventId) return null;
  return (
    <p className="mt-0.5 flex items-center gap-1.5 text-sm">
      <CarFront aria-hidden className="size-4 shrink-0 text-primary" />
      {data.departure.text}
    </p>
  );
}

/** Only where the way could not be read, or is old: that is told here and nowhere else. */
async function WayNote({ context }: Props) {
  const section = await context.navigation;
  if (!section || section.state === "fresh" || section.state === "none") return null;
  return <SourceNote {...section} read={readText(section.asOf, context.scope)} />;
}
