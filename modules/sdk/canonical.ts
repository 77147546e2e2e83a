/**
 * The shapes every source is mapped to, so that the assistant can compare what comes from different places.
 * Names and meanings are those of the host's schemas, which check every result.
 */

/** UTC, ISO 8601, for example `2026-03-08T19:30:00Z`. */
export type Instant = string;
/** A day of the calendar without a zone, for example `2026-03-08`. */
export type CalendarDate = string;

/** Integer minor units (cents; yen have none) and an ISO 4217 code. Never a fraction: see `toMinor`. */
export interface Money {
  amountMinor: number;
  currency: string;
}

export interface GeoPoint {
  latitude: number;
  longitude: number;
  address?: string;
  name?: string;
}

export interface Contact {
  name?: string;
  email?: string;
  phone?: string;
  avatarUrl?: string;
}

/** An instant with the zone it was meant in, or a whole day (an end is exclusive). */
export type EventTime = { at: Instant; timeZone: string } | { date: CalendarDate };

export interface CalendarEvent {
  id: string;
  title: string;
  start: EventTime;
  end: EventTime;
  description?: string;
  location?: string;
  attendees?: Contact[];
  organizer?: Contact;
  status?: "confirmed" | "tentative" | "cancelled";
  calendarId?: string;
  /** The source's mark of this state of the event. */
  etag?: string;
  /** The series that this is an occurrence of. */
  seriesId?: string;
  /** RFC 5545, for a series itself. */
  recurrence?: string[];
  /** Shared by the copies of one event in several calendars. */
  iCalUid?: string;
  /** False: the time stays free, as with a birthday. */
  isBusy?: boolean;
  url?: string;
}

export interface FinancialAccount {
  id: string;
  name: string;
  type: "checking" | "savings" | "credit" | "investment" | "loan" | "crypto" | "other";
  /** null = the source does not tell; 0 is a balance. */
  balance: Money | null;
  available?: Money | null;
  limit?: Money | null;
  institution?: string;
  /** The last digits of its number. */
  mask?: string;
  /** Stays the same when the account is linked anew. */
  persistentId?: string;
}

export interface FinancialTransaction {
  /** Two equal purchases on one day are two transactions: take the source's id. */
  id: string;
  at: Instant | CalendarDate;
  /** Positive = money in, negative = money out. */
  amount: Money;
  merchant: string;
  accountId: string;
  category?: string;
  description?: string;
  pending?: boolean;
  /** The pending transaction that this is the posted form of. */
  replacesId?: string;
  /** The source's own kind, such as `GROCERIES`. */
  sourceCategory?: string;
}

export interface HealthMetric {
  id: string;
  at: Instant;
  metric: string;
  value: number;
  unit: string;
  device?: string;
}

export interface HealthSummary {
  date: CalendarDate;
  steps?: number;
  averageHeartRate?: number;
  hrv?: number;
  sleepHours?: number;
  sleepScore?: number;
  caloriesBurned?: number;
  activeMinutes?: number;
  readinessScore?: number;
}

export interface NavigationRoute {
  id: string;
  origin: GeoPoint;
  destination: GeoPoint;
  distanceMeters: number;
  durationSeconds: number;
  traffic?: "light" | "moderate" | "heavy" | "blocked" | "unknown";
  transport: "driving" | "walking" | "cycling" | "transit" | "rideshare";
}

export type WeatherCondition =
  | "clear"
  | "clouds"
  | "rain"
  | "drizzle"
  | "thunderstorm"
  | "snow"
  | "mist"
  | "fog"
  | "haze"
  | "extreme";

export interface WeatherData {
  at: Instant;
  location: GeoPoint;
  temperatureCelsius: number;
  feelsLikeCelsius?: number;
  humidityPercent?: number;
  pressureHpa?: number;
  windMetersPerSecond?: number;
  windDirectionDegrees?: number;
  condition: WeatherCondition;
  description?: string;
}

export interface WeatherForecast {
  /** An instant for an hour, a date for a whole day. */
  at: Instant | CalendarDate;
  location: GeoPoint;
  temperatureCelsius: number;
  temperatureMinCelsius?: number;
  temperatureMaxCelsius?: number;
  condition: WeatherCondition;
  /** 0 to 1. */
  precipitationProbability?: number;
  precipitationMm?: number;
  windMetersPerSecond?: number;
}

export interface GamingProfile {
  id: string;
  username: string;
  level?: number;
  trophies?: number;
  bestTrophies?: number;
  wins?: number;
  losses?: number;
  gamesPlayed?: number;
  clanName?: string;
  arena?: string;
}

export interface GamingMatch {
  id: string;
  at: Instant;
  gameType: string;
  result: "win" | "loss" | "draw";
  trophiesChange?: number;
  opponentName?: string;
}

/** A value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/** What fits no other type: an id, a title, and plain fields. */
export interface PlainRecord {
  id: string;
  title: string;
  fields: { [name: string]: JsonValue };
  url?: string;
}
