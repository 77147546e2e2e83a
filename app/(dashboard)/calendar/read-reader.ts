/** How somebody reads dates, by what their browser says of itself. */
export interface Reader {
  /** BCP 47. */
  locale: string;
  /** Of a week: 1 (Monday) to 7 (Sunday). */
  firstDay: number;
  isPhone: boolean;
}

/** Node has it; TypeScript's library does not know it yet. */
type LocaleWithWeek = Intl.Locale & { getWeekInfo(): { firstDay: number } };

/** From the headers of a request, so that the first page is right before any script runs. */
export function readReader(headers: Pick<Headers, "get">): Reader {
  const locale = firstLocale(headers.get("accept-language") ?? "");
  const agent = headers.get("user-agent") ?? "";
  return {
    locale,
    firstDay: (new Intl.Locale(locale) as LocaleWithWeek).getWeekInfo().firstDay,
    isPhone: headers.get("sec-ch-ua-mobile") === "?1" || /iPhone|Android.+Mobile/.test(agent),
  };
}

function firstLocale(accepted: string): string {
  const [first = ""] = accepted.split(",");
  const tag = first.split(";")[0]?.trim() ?? "";
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag)[0] ?? "en-CA";
  } catch {
    // Not a tag of a language.
    return "en-CA";
  }
}
