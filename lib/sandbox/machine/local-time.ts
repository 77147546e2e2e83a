/** `2026-03-08T02:30`, with or without seconds, fractions of a second, or a blank instead of the T. */
const localPattern = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?)?$/;

/** Zones repeat within a call; a formatter is expensive to make. Bounded, since the zone is the guest's text. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const maxFormatters = 32;

/**
 * The UTC instant of a local date and time in an IANA zone. A time that a clock change skips moves forward by the gap;
 * one that occurs twice means the first.
 */
export function parseLocalTime(text: string, zone: string): string {
  const match = localPattern.exec(text);
  if (!match) throw new RangeError(`"${text}" is not a local date and time such as 2026-03-08T14:30.`);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const millisecond = Number((match[7] ?? "0").padEnd(3, "0"));
  const wall = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second, millisecond);
  if (
    new Date(wall).toISOString().slice(0, 16) !==
    `${match[1]}-${match[2]}-${match[3]}T${match[4] ?? "00"}:${match[5] ?? "00"}`
  )
    throw new RangeError(`"${text}" is not a date and time of the calendar.`);
  // The offsets half a day before and after are the only two candidates around a change of clocks.
  const halfDay = 43_200_000;
  const offsets = [wall - halfDay, wall + halfDay].map((at) => offsetMsAt(at, zone));
  const fits = offsets.filter((offset) => offsetMsAt(wall - offset, zone) === offset).map((offset) => wall - offset);
  const instant = fits.length > 0 ? Math.min(...fits) : wall - (offsets[0] ?? 0);
  return new Date(instant).toISOString();
}

/** An instant as local time with its offset: `2026-03-08T14:30:00-04:00`. */
export function formatInZone(instant: string, zone: string): string {
  const at = Date.parse(instant);
  if (Number.isNaN(at)) throw new RangeError(`"${instant}" is not an instant such as 2026-03-08T14:30:00Z.`);
  const offset = offsetMsAt(at, zone);
  const minutes = Math.abs(Math.round(offset / 60_000));
  const sign = offset < 0 ? "-" : "+";
  const two = (value: number) => String(value).padStart(2, "0");
  const local = new Date(at + offset).toISOString().slice(0, 19);
  return `${local}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function offsetMsAt(at: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const part of formatterFor(zone).formatToParts(at)) parts[part.type] = Number(part.value);
  const wall = Date.UTC(
    parts.year ?? 0,
    (parts.month ?? 1) - 1,
    parts.day,
    parts.hour,
    parts.minute,
    parts.second,
    ((at % 1000) + 1000) % 1000,
  );
  return wall - at;
}

function formatterFor(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  let formatter: Intl.DateTimeFormat;
  try {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  } catch {
    throw new RangeError(`"${zone}" is not a time zone such as Europe/Berlin.`);
  }
  if (formatters.size >= maxFormatters) formatters.clear();
  formatters.set(zone, formatter);
  return formatter;
}
