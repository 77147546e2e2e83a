import ICAL from "ical.js";
import { Temporal } from "temporal-polyfill";

export interface FakeTime {
  date?: string;
  dateTime?: string;
  timeZone?: string;
}

export interface Occurrence {
  /** What Google appends to the id of the series. */
  suffix: string;
  start: FakeTime;
  end: FakeTime;
}

const maxOccurrences = 4000;

/** The occurrences of a series up to a horizon: by the wall clock of its zone, so that nine o'clock stays nine o'clock. */
export function expandSeries(
  series: { start: FakeTime; end: FakeTime; recurrence: readonly string[] },
  horizon: Date,
  outputZone: string,
): Occurrence[] {
  const { start, end, recurrence } = series;
  const rule = recurrence.find((line) => line.startsWith("RRULE:"))?.slice("RRULE:".length) ?? "FREQ=DAILY;COUNT=1";
  const excluded = new Set(recurrence.filter((line) => line.startsWith("EXDATE")).flatMap(readExcluded));
  const until = /UNTIL=([0-9TZ]+)/.exec(rule)?.[1];
  const recur = ICAL.Recur.fromString(rule.replace(/;?UNTIL=[0-9TZ]+/, ""));
  const zone = start.timeZone ?? outputZone;
  const first = start.date
    ? Temporal.PlainDate.from(start.date).toPlainDateTime()
    : Temporal.Instant.from(start.dateTime ?? "")
        .toZonedDateTimeISO(zone)
        .toPlainDateTime();
  const iterator = recur.iterator(ICAL.Time.fromString(first.toString({ smallestUnit: "second" }), undefined));
  const found: Occurrence[] = [];
  for (let next = iterator.next(); next && found.length < maxOccurrences; next = iterator.next()) {
    const wall = Temporal.PlainDateTime.from(next.toString().replace(/Z$/, ""));
    const occurrence = start.date
      ? allDayOccurrence(wall, start.date, end.date ?? start.date)
      : timedOccurrence(wall, start, end, zone, outputZone);
    const at = occurrence.suffix;
    if (until && at.slice(0, until.length) > until) break;
    if (wall.toZonedDateTime(zone).epochMilliseconds > horizon.getTime()) break;
    if (!excluded.has(at)) found.push(occurrence);
  }
  return found;
}

function allDayOccurrence(wall: Temporal.PlainDateTime, start: string, end: string): Occurrence {
  const date = wall.toPlainDate();
  const { days } = Temporal.PlainDate.from(start).until(end);
  return {
    suffix: date.toString().replaceAll("-", ""),
    start: { date: date.toString() },
    end: { date: date.add({ days }).toString() },
  };
}

function timedOccurrence(
  wall: Temporal.PlainDateTime,
  start: FakeTime,
  end: FakeTime,
  zone: string,
  outputZone: string,
): Occurrence {
  const at = wall.toZonedDateTime(zone, { disambiguation: "compatible" }).toInstant();
  const lasts = Temporal.Instant.from(start.dateTime ?? "").until(Temporal.Instant.from(end.dateTime ?? ""));
  return {
    suffix: basicInstant(at),
    start: { dateTime: withOffset(at, outputZone), timeZone: zone },
    end: { dateTime: withOffset(at.add(lasts), outputZone), timeZone: end.timeZone ?? zone },
  };
}

/** As Google writes times: the offset of the calendar, whole seconds. */
export function withOffset(at: Temporal.Instant, zone: string): string {
  const zoned = at.toZonedDateTimeISO(zone);
  return zoned.offset === "+00:00"
    ? at.toString({ smallestUnit: "second" })
    : zoned.toString({ smallestUnit: "second", timeZoneName: "never" });
}

function basicInstant(at: Temporal.Instant): string {
  return at.toString({ smallestUnit: "second" }).replace(/[-:]/g, "");
}

/** EXDATE as dates, in UTC, or with a zone. */
function readExcluded(line: string): string[] {
  const [head = "", values = ""] = line.split(":");
  const zone = /TZID=([^;]+)/.exec(head)?.[1];
  return values.split(",").map((value) => {
    if (!zone) return value;
    const text = value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/, "$1-$2-$3T$4:$5:$6");
    return basicInstant(Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant());
  });
}
