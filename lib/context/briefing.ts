import { spanOfDays } from "@/lib/connections/calendar/event-times";
import type { EventView } from "@/lib/contracts/calendar";
import type { Alert, Briefing, Context, FinanceContext } from "@/lib/contracts/context";
import { addDays, shortDay } from "@/lib/contracts/day";
import { formatMinor } from "@/lib/contracts/money";
import type { Viewer } from "@/lib/contracts/viewer";
import { listEvents } from "@/lib/db/calendar/events";
import { type ContextRequest, getContext } from "./aggregate";
import { clockSpan, longDay, spanOf } from "./clock";
import { listNeeds } from "./needs";
import { describeForecast } from "./weather-line";

const maxListed = 12;

/**
 * A day in words: what needs the person, what is coming, money at a glance, weather in one line. Every sentence and figure is
 * made by code from the context; no model has a hand in it.
 */
export async function getBriefing(
  viewer: Viewer,
  request: Omit<ContextRequest, "categories"> & { date?: string },
): Promise<Briefing> {
  const { date, ...rest } = request;
  const [context, needs] = await Promise.all([getContext(viewer, rest), listNeeds(viewer)]);
  if (date === undefined || date === context.today) return writeBriefing(context, needs, context.today, null);
  const events = await listEvents(viewer, spanOfDays(date, addDays(date, 1), context.timeZone));
  return writeBriefing(context, needs, date, events);
}

/**
 * The same from what was read before.
 * @param events of another day than today; null for today, whose events are in the context
 */
export function writeBriefing(
  context: Context,
  needs: readonly Alert[],
  date: string,
  events: readonly EventView[] | null,
): Briefing {
  const isToday = date === context.today;
  const when = { now: new Date(context.at), timeZone: context.timeZone };
  const dayEvents =
    events ?? (context.calendar?.data?.events ?? []).filter((event) => isOn(event, date, context.timeZone));
  const briefing = {
    date,
    timeZone: context.timeZone,
    headline: headline(
      dayEvents,
      date,
      isToday,
      when,
      context.calendar?.data !== null && context.calendar !== undefined,
    ),
    needsYou: isToday ? [...needs, ...context.alerts] : [],
    coming: describeComing(context, dayEvents, isToday, when),
    money: context.finance?.data ? describeMoney(context.finance.data) : [],
    weather: describeDayWeather(context, date, isToday),
    more: context.modules.flatMap(({ data, title, operation }) =>
      data && data.items.length > 0
        ? [
            `${title}: ${data.items.length === 1 ? "1 entry" : `${data.items.length} entries`} from ${operation.replaceAll("_", " ")}.`,
          ]
        : [],
    ),
    gaps: describeGaps(context),
    hasFailure: sectionsOf(context).some(({ state }) => state === "failed" || state === "stale"),
  };
  return { ...briefing, text: toMarkdown(briefing) };
}

type When = { now: Date; timeZone: string };

function headline(
  events: readonly EventView[],
  date: string,
  isToday: boolean,
  { now, timeZone }: When,
  isKnown: boolean,
): string {
  const day = isToday ? `Today is ${longDay(date)}` : longDay(date);
  if (!isKnown) return `${day}.`;
  const left = events.filter((event) => !isToday || spanOf(event, timeZone).to > now.getTime());
  const gone = events.length - left.length;
  if (left.length === 0) return `${day}; ${gone > 0 ? "nothing more is on" : "nothing is on"}.`;
  return `${day}; ${left.length === 1 ? "1 event" : `${left.length} events`}${gone > 0 ? " still to come" : ""}.`;
}

function describeComing(
  { navigation, calendar }: Context,
  events: readonly EventView[],
  isToday: boolean,
  { now, timeZone }: When,
): string[] {
  const left = events.filter((event) => !isToday || spanOf(event, timeZone).to > now.getTime());
  const lines = left.slice(0, maxListed).map((event) => describeEvent(event, timeZone));
  const more =
    left.length > maxListed || (isToday && calendar?.data?.isCut && left.length > 0)
      ? [`and more: see the calendar.`]
      : [];
  const departure = isToday ? navigation?.data?.departure : null;
  const leave = departure && navigation?.data?.event ? [`${departure.text} for ${navigation.data.event.title}.`] : [];
  return [...leave, ...lines, ...more];
}

export function describeEvent(event: EventView, timeZone: string): string {
  const { from, to, isWholeDay } = spanOf(event, timeZone);
  const when = isWholeDay ? "All day" : clockSpan(new Date(from), new Date(to), timeZone);
  return `${when} ${event.title}${event.location ? ` (${event.location})` : ""}${event.status === "tentative" ? ", tentative" : ""}`;
}

/** Each currency on its own, and what the figures stand on. */
export function describeMoney({ totals, pending, topCategories, basis, period }: FinanceContext): string[] {
  if (totals.length === 0) return [`Nothing came in or went out since ${shortDay(period.from)}.`, `${basis}.`];
  const lines = totals.map(({ currency, inMinor, outMinor, netMinor }) => {
    const net =
      netMinor < 0
        ? `${formatMinor(-netMinor, currency)} more out than in`
        : `${formatMinor(netMinor, currency)} left over`;
    return `This month in ${currency}: ${formatMinor(inMinor, currency)} in, ${formatMinor(outMinor, currency)} out; ${net}.`;
  });
  const [top] = topCategories;
  const most = top?.totals.find(({ outMinor }) => outMinor > 0);
  return [
    ...lines,
    ...(top && most ? [`Most was spent on ${top.category}: ${formatMinor(most.outMinor, most.currency)}.`] : []),
    ...(pending.count > 0
      ? [`${pending.count === 1 ? "1 transaction is" : `${pending.count} transactions are`} pending.`]
      : []),
    `${basis}.`,
  ];
}

function describeDayWeather({ weather }: Context, date: string, isToday: boolean): string | null {
  if (!weather?.data) return null;
  const { line, report, placeName } = weather.data;
  return isToday ? line.text : describeForecast(report, `at ${placeName}`, date);
}

/** What is missing from the picture, so that nobody takes it for whole. */
function describeGaps(context: Context): string[] {
  return sectionsOf(context)
    .flatMap((section) => {
      if (section.problem === null || section.state === "fresh") return [];
      return [`${section.problem}${section.hint ? ` ${section.hint}` : ""}`];
    })
    .filter((text, index, all) => all.indexOf(text) === index);
}

function sectionsOf({ calendar, finance, weather, navigation, modules }: Context) {
  return [calendar, finance, weather, navigation, ...modules].filter((section) => section !== undefined);
}

function toMarkdown({ headline: head, needsYou, coming, money, weather, more, gaps }: Omit<Briefing, "text">): string {
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`**${title}**\n\n${lines.map((line) => `- ${inline(line)}`).join("\n")}`];
  return [
    inline(head),
    ...section(
      "Needs you now",
      needsYou.map(({ text }) => text),
    ),
    ...section("What is coming", coming),
    ...section("Money", money),
    ...section("Weather", weather === null ? [] : [weather]),
    ...section("From your modules", more),
    ...section("Not in the picture", gaps),
  ].join("\n\n");
}

/** Titles are other people's words: they may not become links, pictures or headings. */
function inline(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\`*_[\]<>|#]/g, "\\$&");
}

function isOn(event: EventView, date: string, timeZone: string): boolean {
  const { from, to } = spanOf(event, timeZone);
  const day = spanOfDays(date, addDays(date, 1), timeZone);
  return from < day.to.getTime() && (to > day.from.getTime() || (from === to && from >= day.from.getTime()));
}
