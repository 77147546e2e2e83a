import type {
  CalendarContext,
  Context,
  FinanceContext,
  ModuleContext,
  NavigationContext,
  Section,
  WeatherContext,
} from "@/lib/contracts/context";
import { dayIn } from "@/lib/contracts/day";
import type { Viewer } from "@/lib/contracts/viewer";
import { getTimeZone } from "@/lib/db/profile";
import { listAlerts } from "./alerts";
import { rankContext } from "./rank-context";
import { calendarTitle, readCalendar } from "./sources/calendar";
import { commuteTitle, readCommute } from "./sources/commute";
import { financeTitle, readFinance } from "./sources/finance";
import { failedModules, readModules } from "./sources/modules";
import { guardSection, type Scope } from "./sources/section";
import { untilAborted } from "./sources/source-cache";
import { readHomeWeather, weatherTitle } from "./sources/weather";

/** What is asked, one function each; tests put others in their place. */
export interface Sources {
  calendar(scope: Scope): Promise<Section<CalendarContext>>;
  finance(scope: Scope): Promise<Section<FinanceContext>>;
  weather(scope: Scope): Promise<Section<WeatherContext>>;
  navigation(scope: Scope): Promise<Section<NavigationContext>>;
  modules(scope: Scope, wanted: readonly string[] | null): Promise<ModuleContext[]>;
}
const builtinSources: Sources = {
  calendar: readCalendar,
  finance: readFinance,
  weather: readHomeWeather,
  navigation: readCommute,
  modules: readModules,
};

const databaseMs = 6_000;
const outsideMs = 10_000;

export interface ContextRequest {
  /** Which categories; all when left out. One that nobody knows is empty and no failure. */
  categories?: readonly string[];
  signal: AbortSignal;
  now?: Date;
}

export interface StartedContext {
  scope: Scope;
  calendar?: Promise<Section<CalendarContext>>;
  finance?: Promise<Section<FinanceContext>>;
  weather?: Promise<Section<WeatherContext>>;
  navigation?: Promise<Section<NavigationContext>>;
  modules: Promise<ModuleContext[]>;
}

/**
 * Begins to read all sources at the same time. Each part comes when it is ready and waits for no other; none of them rejects
 * unless `signal` aborts.
 */
export async function startContext(
  viewer: Viewer,
  { categories, signal, now = new Date() }: ContextRequest,
  sources: Sources = builtinSources,
): Promise<StartedContext> {
  const timeZone = await getTimeZone(viewer);
  const scope: Scope = { viewer, timeZone, today: dayIn(now, timeZone), now, signal };
  const isWanted = (category: string) => categories === undefined || categories.includes(category);
  const begin = <Data>(
    category: keyof Sources,
    title: string,
    timeoutMs: number,
    read: (scope: Scope) => Promise<Section<Data>>,
  ) => (isWanted(category) ? { [category]: quietly(guardSection(scope, { title, timeoutMs }, read)) } : {});
  return {
    scope,
    ...begin("calendar", calendarTitle, databaseMs, sources.calendar),
    ...begin("finance", financeTitle, databaseMs, sources.finance),
    ...begin("weather", weatherTitle, outsideMs, sources.weather),
    ...begin("navigation", commuteTitle, outsideMs, sources.navigation),
    // Modules bring every category, those that are built in as well.
    modules: quietly(guardModules(scope, sources, categories ?? null)),
  };
}

/**
 * What is known of the viewer's day right now, each part with its state and its age, and what of it matters most.
 * @throws what `signal` was aborted with; nothing that a source failed with
 */
export async function getContext(
  viewer: Viewer,
  request: ContextRequest,
  sources: Sources = builtinSources,
): Promise<Context> {
  const { scope, ...parts } = await startContext(viewer, request, sources);
  const [calendar, finance, weather, navigation, modules] = await Promise.all([
    parts.calendar,
    parts.finance,
    parts.weather,
    parts.navigation,
    parts.modules,
  ]);
  const known = {
    ...(calendar ? { calendar } : {}),
    ...(finance ? { finance } : {}),
    ...(weather ? { weather } : {}),
    ...(navigation ? { navigation } : {}),
    modules,
  };
  return {
    ...{ at: scope.now.toISOString(), timeZone: scope.timeZone, today: scope.today },
    ...known,
    items: rankContext(known, scope),
    alerts: listAlerts(known, scope),
  };
}

async function guardModules(
  scope: Scope,
  sources: Sources,
  wanted: readonly string[] | null,
): Promise<ModuleContext[]> {
  try {
    return await untilAborted(sources.modules(scope, wanted), scope.signal);
  } catch (cause) {
    scope.signal.throwIfAborted();
    return [failedModules(cause)];
  }
}

/** Whoever began may leave before they look at a part: its end is then nobody's business and no crash. */
function quietly<Value>(work: Promise<Value>): Promise<Value> {
  work.then(undefined, () => undefined);
  return work;
}
