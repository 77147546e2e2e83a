/** Days of the calendar as `2026-11-27`: they compare as text, and no zone can shift them. */

/**
 * One formatter for each zone, made when it is first needed: making one costs more than using it a hundred times, and there are
 * some hundreds of zones. The function throws RangeError for what is no zone.
 */
export function formatPerZone(
  locale: string,
  options: Intl.DateTimeFormatOptions,
): (timeZone: string) => Intl.DateTimeFormat {
  const made = new Map<string, Intl.DateTimeFormat>();
  return (timeZone) => {
    const format = made.get(timeZone) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone });
    made.set(timeZone, format);
    return format;
  };
}

// Sweden writes days as ISO does.
const dayFormat = formatPerZone("sv-SE", { year: "numeric", month: "2-digit", day: "2-digit" });

/** The day that it is there then. */
export function dayIn(at: Date | string | number, timeZone: string): string {
  return dayFormat(timeZone).format(new Date(at));
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
