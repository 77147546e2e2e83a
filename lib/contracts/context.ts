import { z } from "zod";
import { eventViewSchema } from "./calendar";
import { navigationRouteSchema } from "./canonical";
import { currencyTotalSchema, provenanceSchema, transactionViewSchema } from "./finance";
import { canonicalTypeNames } from "./module";
import { weatherReportSchema } from "./open-data";

/** `fresh`: as new as it should be. `stale`: the last try went wrong and this is older. `failed`: nothing to show. `none`: not set up. */
export const sectionStates = ["fresh", "stale", "failed", "none"] as const;
export type SectionState = (typeof sectionStates)[number];

/** What one source knows, and how far it can be believed. A source that fails says so here and nowhere else. */
const sectionSchema = <Data extends z.ZodType>(data: Data) =>
  z.object({
    state: z.enum(sectionStates),
    /** When the source was last read well. */
    asOf: z.iso.datetime().nullable(),
    /** Where it comes from, as a sentence part: "Open-Meteo, for home". */
    source: z.string(),
    /** What is wrong, or what is missing, as a sentence. */
    problem: z.string().nullable(),
    /** What the person can do about it. */
    hint: z.string().nullable(),
    data: data.nullable(),
  });
export interface Section<Data> {
  state: SectionState;
  asOf: string | null;
  source: string;
  problem: string | null;
  hint: string | null;
  data: Data | null;
}

export const calendarContextSchema = z.object({
  /** From the beginning of today, seven days, in order. */
  events: z.array(eventViewSchema),
  /** More than are listed. */
  isCut: z.boolean(),
});
export type CalendarContext = z.infer<typeof calendarContextSchema>;

export const financeContextSchema = z.object({
  /** The month under way, until today. */
  period: z.object({ from: z.iso.date(), to: z.iso.date() }),
  /** By currency, never across. */
  totals: z.array(currencyTotalSchema),
  topCategories: z.array(z.object({ category: z.string(), totals: z.array(currencyTotalSchema) })),
  pending: z.object({ count: z.int(), totals: z.array(currencyTotalSchema) }),
  /** Of today and yesterday, newest first. */
  recent: z.array(transactionViewSchema),
  provenance: provenanceSchema,
  /** The same as a sentence: what the figures stand on and what they leave out. */
  basis: z.string(),
});
export type FinanceContext = z.infer<typeof financeContextSchema>;

/** Weather in one line, in the zone of the place. */
export const weatherLineSchema = z.object({
  condition: z.string(),
  nowCelsius: z.int(),
  highCelsius: z.int().nullable(),
  lowCelsius: z.int().nullable(),
  /** "Rain likely from 15:00 (80 %)"; null when nothing is to be expected. */
  rain: z.string().nullable(),
  text: z.string(),
});
export type WeatherLine = z.infer<typeof weatherLineSchema>;

export const weatherContextSchema = z.object({
  placeName: z.string(),
  report: weatherReportSchema,
  line: weatherLineSchema,
});
export type WeatherContext = z.infer<typeof weatherContextSchema>;

/** When to go, so as to arrive five minutes early. */
export const departureSchema = z.object({
  leaveAt: z.iso.datetime(),
  arriveBy: z.iso.datetime(),
  state: z.enum(["later", "soon", "late"]),
  /** "Leave by 9:40 (18 min by car to work)". */
  text: z.string(),
});
export type Departure = z.infer<typeof departureSchema>;

export const navigationContextSchema = z.object({
  from: z.string(),
  to: z.string(),
  route: navigationRouteSchema,
  /** What the way leads to, when it is for an event. */
  event: z.object({ id: z.string(), title: z.string(), startsAt: z.iso.datetime() }).nullable(),
  departure: departureSchema.nullable(),
});
export type NavigationContext = z.infer<typeof navigationContextSchema>;

/** What a module's pull operation brought: foreign text, always. */
export const moduleContextSchema = sectionSchema(z.object({ items: z.array(z.json()), isCut: z.boolean() })).extend({
  module: z.string(),
  title: z.string(),
  operation: z.string(),
  category: z.string(),
  canonical: z.enum(canonicalTypeNames),
});
export type ModuleContext = z.infer<typeof moduleContextSchema>;

export const priorities = ["high", "medium", "low"] as const;
export type Priority = (typeof priorities)[number];

/** One thing out of the context, and how much it matters now. */
export const contextItemSchema = z.object({
  id: z.string(),
  category: z.string(),
  priority: z.enum(priorities),
  /** 0 to 100; orders what has the same priority. */
  score: z.number().min(0).max(100),
  title: z.string(),
  detail: z.string().nullable(),
  /** When it begins or happened, where it has a time. */
  at: z.string().nullable(),
});
export type ContextItem = z.infer<typeof contextItemSchema>;

export const alertSchema = z.object({
  kind: z.string(),
  text: z.string(),
  /** Where to act on it, inside Burgeon. */
  href: z.string().nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

/** `GET /api/context`. Categories that were not asked for are left out. */
export const contextSchema = z.object({
  at: z.iso.datetime(),
  timeZone: z.string(),
  today: z.iso.date(),
  calendar: sectionSchema(calendarContextSchema).optional(),
  finance: sectionSchema(financeContextSchema).optional(),
  weather: sectionSchema(weatherContextSchema).optional(),
  navigation: sectionSchema(navigationContextSchema).optional(),
  modules: z.array(moduleContextSchema),
  /** Most important first. */
  items: z.array(contextItemSchema),
  alerts: z.array(alertSchema),
});
export type Context = z.infer<typeof contextSchema>;

export const contextQuerySchema = z.object({
  /** Names separated by commas; all when left out. */
  categories: z
    .string()
    .max(300)
    .optional()
    .transform((text) =>
      text
        ?.split(",")
        .map((name) => name.trim().toLowerCase())
        .filter(Boolean),
    ),
});

/** `GET /api/briefing`: a day in words, each figure made by code. */
export const briefingSchema = z.object({
  date: z.iso.date(),
  timeZone: z.string(),
  headline: z.string(),
  needsYou: z.array(alertSchema),
  coming: z.array(z.string()),
  money: z.array(z.string()),
  weather: z.string().nullable(),
  /** What modules brought, a line each. */
  more: z.array(z.string()),
  /** Sources that could not be read or are not set up. */
  gaps: z.array(z.string()),
  /** Something could not be read just now: what is said of that may be in the words of an event or a module. */
  hasFailure: z.boolean(),
  /** All of it as Markdown. */
  text: z.string(),
});
export type Briefing = z.infer<typeof briefingSchema>;

export const planEntrySchema = z.object({
  kind: z.enum(["event", "travel", "free"]),
  title: z.string(),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  /** "10:00–10:30" in the person's zone. */
  when: z.string(),
  minutes: z.int(),
  eventId: z.string().nullable(),
  location: z.string().nullable(),
  /** Overlaps, or a way that is too short: as sentences. */
  problems: z.array(z.string()),
});
export type PlanEntry = z.infer<typeof planEntrySchema>;

export const dayPlanSchema = z.object({
  date: z.iso.date(),
  timeZone: z.string(),
  wholeDay: z.array(z.string()),
  entries: z.array(planEntrySchema),
  freeMinutes: z.int(),
  /** What the plan does not know, as sentences. */
  notes: z.array(z.string()),
});
export type DayPlan = z.infer<typeof dayPlanSchema>;
