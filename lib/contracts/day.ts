/** Days of the calendar as `2026-11-27`: they compare as text, and no zone can shift them. */

/** Making a formatter costs more than using it a hundred times; there are some hundreds of zones. */
const dayFormats = new Map<string, Intl.DateTimeFormat>();

/** The day that it is there then. Sweden writes days as ISO does. */
export function dayIn(at: Date | string | number, timeZone: string): string {
  const known = dayFormats.get(timeZone);
  const format =
    known ?? new Intl.DateTimeFormat("sv-SE", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  if (!known) dayFormats.set(timeZone, format);
  return format.format(new Date(at));
}

export function addDays(day: string, days: number): string {
  const at = new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000);
  return at.toISOString().slice(0, -"T00:00:00.000Z".length);
}

const shortFormat = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});

/** "Fri 27 Nov" */
export function shortDay(day: string): string {
  return shortFormat.format(new Date(`${day}T00:00:00Z`)).replace(",", "");
}
