import { z } from "zod";
import type { CanonicalTypeName } from "./module";

/** Canonical data: one shape for every source. Instants are UTC (ISO 8601, Z) and keep their zone; all-day dates stay dates. */
const instant = z.iso.datetime({ offset: true });
const id = z.string().min(1).max(500);

/** Integer minor units (cents; yen have none) and an ISO 4217 code. Never a float, never added across currencies. */
export const moneySchema = z.object({ amountMinor: z.int(), currency: z.string().regex(/^[A-Z]{3}$/) });

export const geoPointSchema = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  address: z.string().optional(),
  name: z.string().optional(),
});

export const contactSchema = z.object({
  name: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  avatarUrl: z.string().optional(),
});

/** Either an instant with its zone or an all-day date (end exclusive, never shifted). */
const eventTimeSchema = z.union([z.object({ at: instant, timeZone: z.string() }), z.object({ date: z.iso.date() })]);

export const calendarEventSchema = z.object({
  id,
  title: z.string(),
  start: eventTimeSchema,
  end: eventTimeSchema,
  description: z.string().optional(),
  location: z.string().optional(),
  attendees: z.array(contactSchema).default([]),
  organizer: contactSchema.optional(),
  status: z.enum(["confirmed", "tentative", "cancelled"]).default("confirmed"),
  calendarId: z.string().optional(),
  /** The source's mark of this state of the event: a change names the one it is a change of. */
  etag: z.string().optional(),
  /** The series that this is an occurrence of. */
  seriesId: z.string().optional(),
  /** RFC 5545, for a series itself. */
  recurrence: z.array(z.string()).optional(),
  /** Shared by the copies of one event in several calendars. */
  iCalUid: z.string().optional(),
  /** False: the time stays free, as with a birthday. */
  isBusy: z.boolean().optional(),
  url: z.string().optional(),
});

export const financialAccountSchema = z.object({
  id,
  name: z.string(),
  type: z.enum(["checking", "savings", "credit", "investment", "loan", "crypto", "other"]),
  balance: moneySchema.nullable(),
  available: moneySchema.nullable().optional(),
  limit: moneySchema.nullable().optional(),
  institution: z.string().optional(),
  /** The last digits of its number. */
  mask: z.string().optional(),
  /** Stays the same when the account is linked anew, where the source knows such a mark. */
  persistentId: z.string().optional(),
});

/** Positive = money in, negative = money out. */
export const financialTransactionSchema = z.object({
  id,
  at: z.union([instant, z.iso.date()]),
  amount: moneySchema,
  merchant: z.string(),
  accountId: z.string(),
  category: z.string().optional(),
  description: z.string().optional(),
  pending: z.boolean().default(false),
  /** The pending transaction that this is the posted form of. */
  replacesId: z.string().optional(),
  /** The source's own kind, such as `GROCERIES`: a rule may use it. */
  sourceCategory: z.string().optional(),
});

export const healthMetricSchema = z.object({
  id,
  at: instant,
  metric: z.string(),
  value: z.number(),
  unit: z.string(),
  device: z.string().optional(),
});

export const healthSummarySchema = z.object({
  date: z.iso.date(),
  steps: z.number().optional(),
  averageHeartRate: z.number().optional(),
  hrv: z.number().optional(),
  sleepHours: z.number().optional(),
  sleepScore: z.number().optional(),
  caloriesBurned: z.number().optional(),
  activeMinutes: z.number().optional(),
  readinessScore: z.number().optional(),
});

export const navigationRouteSchema = z.object({
  id,
  origin: geoPointSchema,
  destination: geoPointSchema,
  distanceMeters: z.number().nonnegative(),
  durationSeconds: z.number().nonnegative(),
  traffic: z.enum(["light", "moderate", "heavy", "blocked", "unknown"]).default("unknown"),
  transport: z.enum(["driving", "walking", "cycling", "transit", "rideshare"]),
});

const weatherConditions = [
  "clear",
  "clouds",
  "rain",
  "drizzle",
  "thunderstorm",
  "snow",
  "mist",
  "fog",
  "haze",
  "extreme",
] as const;

export const weatherDataSchema = z.object({
  at: instant,
  location: geoPointSchema,
  temperatureCelsius: z.number(),
  feelsLikeCelsius: z.number().optional(),
  humidityPercent: z.number().optional(),
  pressureHpa: z.number().optional(),
  windMetersPerSecond: z.number().optional(),
  windDirectionDegrees: z.number().optional(),
  condition: z.enum(weatherConditions),
  description: z.string().optional(),
});

export const weatherForecastSchema = z.object({
  at: z.union([instant, z.iso.date()]),
  location: geoPointSchema,
  temperatureCelsius: z.number(),
  temperatureMinCelsius: z.number().optional(),
  temperatureMaxCelsius: z.number().optional(),
  condition: z.enum(weatherConditions),
  precipitationProbability: z.number().min(0).max(1).optional(),
  precipitationMm: z.number().optional(),
  windMetersPerSecond: z.number().optional(),
});

export const gamingProfileSchema = z.object({
  id,
  username: z.string(),
  level: z.number().optional(),
  trophies: z.number().optional(),
  bestTrophies: z.number().optional(),
  wins: z.number().optional(),
  losses: z.number().optional(),
  gamesPlayed: z.number().optional(),
  clanName: z.string().optional(),
  arena: z.string().optional(),
});

export const gamingMatchSchema = z.object({
  id,
  at: instant,
  gameType: z.string(),
  result: z.enum(["win", "loss", "draw"]),
  trophiesChange: z.number().optional(),
  opponentName: z.string().optional(),
});

/** Everything that fits no other type: an id, a title and plain fields. */
export const recordSchema = z.object({
  id,
  title: z.string(),
  fields: z.record(z.string(), z.json()),
  url: z.string().optional(),
});

export const canonicalSchemas: Record<CanonicalTypeName, z.ZodType> = {
  CalendarEvent: calendarEventSchema,
  FinancialAccount: financialAccountSchema,
  FinancialTransaction: financialTransactionSchema,
  HealthMetric: healthMetricSchema,
  HealthSummary: healthSummarySchema,
  NavigationRoute: navigationRouteSchema,
  WeatherData: weatherDataSchema,
  WeatherForecast: weatherForecastSchema,
  GamingProfile: gamingProfileSchema,
  GamingMatch: gamingMatchSchema,
  Contact: contactSchema,
  Record: recordSchema,
};
