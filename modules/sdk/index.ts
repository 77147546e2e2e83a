/** What a module may import: `import { … } from "@burgeon/sdk"`. The one place that gathers exports, because it is a package's door. */
export type {
  CalendarDate,
  CalendarEvent,
  Contact,
  EventTime,
  FinancialAccount,
  FinancialTransaction,
  GamingMatch,
  GamingProfile,
  GeoPoint,
  HealthMetric,
  HealthSummary,
  Instant,
  JsonValue,
  Money,
  NavigationRoute,
  PlainRecord,
  PlainRecord as Record,
  WeatherCondition,
  WeatherData,
  WeatherForecast,
} from "./canonical";
export type { Connection, Ctx, HttpRequest, HttpResponse, HttpResponse as Response, LogLevel } from "./context";
export { parseCsv, parseCsvRecords } from "./csv";
export { defineModule, type ModuleOperations } from "./module";
export { ModuleError, type ModuleErrorCode } from "./module-error";
export { toMinor } from "./money";
export { type CollectOptions, collectPages, type Page } from "./pages";
export { ensureOk, retryAfterMs } from "./response";
export { addDays, daysBetween, toCalendarDate, toInstant } from "./time";
