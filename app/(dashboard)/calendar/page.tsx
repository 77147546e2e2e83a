import type { Metadata } from "next";
import { headers } from "next/headers";
import { readAddress } from "@/components/calendar/calendar-address";
import { CalendarBoard } from "@/components/calendar/calendar-board";
import { daysOf } from "@/components/calendar/calendar-days";
import { requireViewer } from "@/lib/auth/viewer";
import { spanOfDays } from "@/lib/connections/calendar/event-times";
import { addDays, dayIn } from "@/lib/contracts/day";
import { listCalendars } from "@/lib/db/calendar/calendars";
import { listEvents } from "@/lib/db/calendar/events";
import { getProfile, getTimeZone } from "@/lib/db/profile";
import { listSampleServices } from "../sample-services";
import { readReader } from "./read-reader";

export const metadata: Metadata = { title: "Calendar" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function CalendarPage({ searchParams }: Props) {
  const viewer = await requireViewer();
  const [query, head, timeZone, profile] = await Promise.all([
    searchParams,
    headers(),
    getTimeZone(viewer),
    getProfile(viewer),
  ]);
  const serverNow = Date.now();
  const address = readAddress(...([query.view, query.date].map(toText) as [string | null, string | null]));
  const { locale, firstDay, isPhone } = readReader(head);
  // A week also holds the day that a phone shows first.
  const days = daysOf(address.view ?? "week", address.day ?? dayIn(serverNow, timeZone), firstDay);
  const [from, to] = [days[0] ?? "", days.at(-1) ?? ""];
  const [calendars, events] = await Promise.all([
    listCalendars(viewer),
    listEvents(viewer, spanOfDays(from, addDays(to, 1), timeZone)),
  ]);
  return (
    <CalendarBoard
      key={timeZone}
      calendars={calendars.map(({ adapter: _adapter, sourceId: _sourceId, ...calendar }) => calendar)}
      initial={{ from, to, timeZone, events }}
      address={address}
      timeZone={timeZone}
      isZoneChosen={profile.timeZone !== null}
      locale={locale}
      firstDay={firstDay}
      serverNow={serverNow}
      isPhone={isPhone}
      isDemo={listSampleServices() !== null}
    />
  );
}

function toText(value: string | string[] | undefined): string | null {
  return typeof value === "string" ? value : null;
}
