import type { AdapterFake } from "../../contracts/adapter";
import { createFaults, type Faults } from "../testing-faults";

const dayMs = 86_400_000;
const zones = `BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
DTSTART:19810329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VTIMEZONE
TZID:Eastern Standard Time
BEGIN:DAYLIGHT
DTSTART:20070311T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE`;

export interface IcsFake {
  serve: AdapterFake;
  faults: Faults;
  /** Puts an event, as lines of iCalendar without BEGIN and END, in the place of the one with the same UID. */
  put(uid: string, lines: string): void;
  remove(uid: string): void;
}

/**
 * A sample calendar at `/calendar.ics`: a team in Berlin with friends in Toronto, around the given day. It has an ETag and answers
 * 304, as long as nobody changes it. Without `?token=sample-feed-token` it answers 401, as a feed with a secret address does.
 */
export function createIcsFake(now: () => Date = () => new Date()): IcsFake {
  const faults = createFaults();
  const events = new Map(Object.entries(sampleEvents(now())));
  let version = 1;
  const changedAt = () => new Date(now().getTime() - dayMs).toUTCString();
  return {
    faults,
    put(uid, lines) {
      events.set(uid, lines);
      version += 1;
    },
    remove(uid) {
      if (events.delete(uid)) version += 1;
    },
    async serve(request) {
      const fault = await faults.meet(request);
      if (fault) return fault;
      const { pathname, searchParams } = new URL(request.url);
      if (pathname !== "/calendar.ics") return new Response("Not found", { status: 404 });
      if (searchParams.get("token") !== sampleFeedToken) return new Response("Unauthorized", { status: 401 });
      const etag = `"v${version}"`;
      const headers = { etag, "last-modified": changedAt(), "content-type": "text/calendar; charset=utf-8" };
      if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
      return new Response(writeCalendar(events), { headers });
    },
  };
}

/** Opens nothing but the sample calendar. */
export const sampleFeedToken = "sample-feed-token";

function writeCalendar(events: Map<string, string>): string {
  const head = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Burgeon//Sample calendar//EN
X-WR-CALNAME:Team Berlin
X-WR-TIMEZONE:Europe/Berlin
X-APPLE-CALENDAR-COLOR:#2E7D32FF
${zones}`;
  const entries = [...events].map(([uid, lines]) => {
    // A series and its exceptions share a UID.
    const parts = lines.trim().split(/\n\s*\n/);
    return parts.map((part) => `BEGIN:VEVENT\nUID:${uid}\nDTSTAMP:20260101T000000Z\n${part}\nEND:VEVENT`).join("\n");
  });
  return `${[head, ...entries, "END:VCALENDAR"].join("\n").split("\n").map(fold).join("\r\n")}\r\n`;
}

/** Lines of at most 75 octets, as RFC 5545 wants them. */
function fold(line: string): string {
  return line.replace(/[\s\S]{60}(?=[\s\S])/gu, "$&\r\n ");
}

function sampleEvents(now: Date): Record<string, string> {
  const day = (offset: number) =>
    new Date(now.getTime() + offset * dayMs).toISOString().slice(0, 10).replaceAll("-", "");
  /** The given weekday (0 is Sunday) of the week that began `weeks` weeks from now. */
  const weekday = (weekday: number, weeks: number) => day(weekday - now.getUTCDay() + 7 * weeks);
  return {
    "standup@sample": `SUMMARY:Stand-up
DTSTART;TZID=Europe/Berlin:${weekday(1, -8)}T093000
DTEND;TZID=Europe/Berlin:${weekday(1, -8)}T094500
RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
EXDATE;TZID=Europe/Berlin:${weekday(3, 1)}T093000
LOCATION:Room 2.14
ORGANIZER;CN="Mia Schneider":mailto:mia@example.com
ATTENDEE;CN=Jonas Weber;PARTSTAT=ACCEPTED:mailto:jonas@example.com

SUMMARY:Stand-up (later today)
RECURRENCE-ID;TZID=Europe/Berlin:${weekday(4, 1)}T093000
DTSTART;TZID=Europe/Berlin:${weekday(4, 1)}T110000
DTEND;TZID=Europe/Berlin:${weekday(4, 1)}T111500`,
    "planning@sample": `SUMMARY:Planning with Toronto
DESCRIPTION:Agenda:\\n1. Roadmap\\n2. Hiring\\, if time allows
DTSTART;TZID=Eastern Standard Time:${weekday(2, -6)}T100000
DURATION:PT1H
RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU
URL:https://meet.example/planning`,
    "review@sample": `SUMMARY:Monthly review
DTSTART;TZID=Europe/Berlin:${weekday(5, -9)}T150000
DTEND;TZID=Europe/Berlin:${weekday(5, -9)}T163000
RRULE:FREQ=MONTHLY;BYDAY=-1FR`,
    "dentist@sample": `SUMMARY:Dentist
DTSTART;TZID=Europe/Berlin:${day(3)}T081500
DTEND;TZID=Europe/Berlin:${day(3)}T090000
LOCATION:Kastanienallee 7\\, Berlin`,
    "trip@sample": `SUMMARY:Trip to the Baltic Sea
DTSTART;VALUE=DATE:${day(9)}
DTEND;VALUE=DATE:${day(12)}
TRANSP:TRANSPARENT`,
    "birthday@sample": `SUMMARY:Jonas' birthday
DTSTART;VALUE=DATE:1990${day(5).slice(4) === "0229" ? "0228" : day(5).slice(4)}
RRULE:FREQ=YEARLY
TRANSP:TRANSPARENT`,
    "party@sample": `SUMMARY:Rooftop party
STATUS:CANCELLED
DTSTART;TZID=Europe/Berlin:${day(6)}T190000
DTEND;TZID=Europe/Berlin:${day(6)}T230000`,
  };
}
