import { z } from "zod";

/** As stored. Everything finer (expires soon, trouble, locked) is derived by whoever looks. */
export const connectionStates = ["active", "needs_reauth", "disconnecting"] as const;
export type ConnectionState = (typeof connectionStates)[number];

/** How a connection is, in the order of how much it needs a person. */
export const connectionHealths = [
  "locked", // its tokens cannot be opened: the vault is locked
  "sign-in-again", // the provider takes its tokens no more
  "disconnecting", // ended here, and still to be ended at the provider
  "trouble", // the last try went wrong, Burgeon goes on trying
  "expires-soon", // works, and will not without the person
  "waiting", // connected, and the first full synchronisation has not ended
  "good",
] as const;
export type ConnectionHealth = (typeof connectionHealths)[number];

/** What went wrong, for a person: who failed and what to do. Never foreign text. */
export const warningSchema = z.object({ code: z.string(), message: z.string(), hint: z.string().optional() });
export type Warning = z.infer<typeof warningSchema>;

/** What was there and could not be taken over, at the last try that read anything. Never foreign text. */
export const skippedSchema = z.object({ count: z.int(), reasons: z.array(z.string()) });
export type Skipped = z.infer<typeof skippedSchema>;

export const connectionViewSchema = z.object({
  id: z.string(),
  adapter: z.string(),
  category: z.enum(["calendar", "finance", "weather", "navigation", "search"]),
  /** Of the adapter: "Google Calendar". */
  adapterTitle: z.string(),
  /** Of the account: "ann@example.com". */
  title: z.string(),
  health: z.enum(connectionHealths),
  warning: warningSchema.nullable(),
  /** What the provider told and only the person can settle, such as new accounts; it stays when a synchronisation was good. */
  notice: warningSchema.nullable(),
  skipped: skippedSchema.nullable(),
  /** While it is being ended: whether its accounts and transactions stay. */
  keepsHistory: z.boolean(),
  isSyncing: z.boolean(),
  isWriteAllowed: z.boolean(),
  connect: z.enum(["oauth", "link", "file", "url", "none"]),
  rights: z.array(z.string()),
  consentExpiresAt: z.iso.datetime().nullable(),
  lastGoodAt: z.iso.datetime().nullable(),
  lastTriedAt: z.iso.datetime().nullable(),
  nextAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  /** What it brought. */
  holds: z.object({ calendars: z.int(), events: z.int(), accounts: z.int(), transactions: z.int() }),
});
export type ConnectionView = z.infer<typeof connectionViewSchema>;

/** What could be connected. */
export const adapterViewSchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  category: connectionViewSchema.shape.category,
  connect: connectionViewSchema.shape.connect,
  rights: z.array(z.string()),
  /** Required variables that are not set yet. */
  missing: z.array(z.string()),
  environment: z.array(z.object({ name: z.string(), what: z.string(), isRequired: z.boolean() })),
  setup: z.array(z.string()),
  redirectUri: z.string().nullable(),
  isSample: z.boolean(),
});
export type AdapterView = z.infer<typeof adapterViewSchema>;

export const connectionsBodySchema = z.object({
  connections: z.array(connectionViewSchema),
  adapters: z.array(adapterViewSchema),
});
export type ConnectionsBody = z.infer<typeof connectionsBodySchema>;
