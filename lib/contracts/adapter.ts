import type { z } from "zod";
import type { calendarEventSchema, financialAccountSchema, financialTransactionSchema } from "./canonical";
import type { Skipped } from "./connection";
import type { NavigationSource, WeatherSource, WebSearchSource } from "./open-data";

/** What an adapter is, as data: the Connections page and the set-up steps are made of it. */
export interface AdapterManifest {
  /** Kebab-case, as in the address `/api/connect/<id>`. */
  id: string;
  title: string;
  /** One sentence: what it brings. */
  description: string;
  category: "calendar" | "finance" | "weather" | "navigation" | "search";
  /** How a person connects it. `none`: open data, there without being asked. */
  connect: "oauth" | "link" | "file" | "url" | "none";
  /** What it may do once connected, as sentences. */
  rights: readonly string[];
  /** Environment variables it reads, and what each is, in the order of the set-up steps. */
  environment: readonly { name: string; what: string; isRequired: boolean }[];
  /** How to get those variables, a step each; `{redirectUri}` and `{webhookUrl}` stand for this installation's. */
  setup: readonly string[];
  /** Every how often it is synchronised when no push says so; null: never by itself. */
  syncEveryMs: number | null;
}

/** What the host lends an adapter for one piece of work. An adapter sees no database, no vault and no other adapter. */
export interface AdapterIo {
  /**
   * The access token of this connection, refreshed early enough. `refused`: the one that the other side has just refused with
   * 401, so that another is got once.
   * @throws AppError auth-expired when the person must sign in again
   */
  accessToken(refused?: string): Promise<string>;
  /** The door to hosts that a person chose. */
  fetch(url: string, options?: OutsideRequest): Promise<OutsideAnswer>;
  signal: AbortSignal;
  now(): Date;
}
export interface OutsideRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  timeoutMs?: number;
  maxBytes?: number;
}
export interface OutsideAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
}

/** What a provider gives for a code or a refresh token. */
export interface TokenSet {
  accessToken: string;
  accessExpiresAt: Date;
  /** Absent: the one that is held stays good (RFC 6749, section 6). */
  refreshToken?: string;
  scopes: readonly string[];
  /** When the person's consent ends by itself, where the provider says so. */
  consentExpiresAt?: Date;
}

/** Authorization code flow with PKCE (RFC 6749, RFC 7636, RFC 9700). The host makes and checks state and verifier. */
export interface OAuthPort {
  /** As the provider names itself on the way back (RFC 9207). */
  issuer?: string;
  /** Where the person is sent. `account`: whom to offer when an existing connection is renewed. */
  authorizationUrl(request: {
    state: string;
    codeChallenge: string;
    redirectUri: string;
    /** Also ask for the right to change things. */
    isWriteWanted: boolean;
    /** False: consent is asked for again, so that a refresh token comes with it. */
    hasRefreshToken: boolean;
    account?: string;
  }): string;
  /** @throws AppError refused when the code is not taken or scopes were left out, unavailable when nobody answers */
  exchange(request: {
    code: string;
    codeVerifier: string;
    redirectUri: string;
    signal: AbortSignal;
  }): Promise<TokenSet & { account: { key: string; title: string } }>;
  /** @throws AppError auth-expired for invalid_grant; refused for a wrong client; unavailable for everything that may pass */
  refresh(request: { refreshToken: string; signal: AbortSignal }): Promise<TokenSet>;
  /** Whether a connection with these scopes may change things. */
  mayWrite(scopes: readonly string[]): boolean;
  /** A token that is known no more counts as revoked. */
  revoke(request: { token: string; signal: AbortSignal }): Promise<void>;
}

/** Linking a bank through the provider's own dialog in the browser. */
export interface LinkPort {
  /** A token for the dialog. With `accessToken` it is update mode: the same item is mended, nothing new is made. */
  createLinkToken(request: {
    /** Opaque: never an address. */
    personKey: string;
    accessToken?: string;
    isAccountSelectionWanted?: boolean;
    redirectUri?: string;
    webhookUrl?: string;
    signal: AbortSignal;
  }): Promise<{ linkToken: string; expiresAt: Date }>;
  /** @throws AppError refused for a token that was used or is too old */
  exchange(request: { publicToken: string; signal: AbortSignal }): Promise<{ accessToken: string; key: string }>;
  /** What was linked, as its card is titled. */
  nameOf(request: { accessToken: string; signal: AbortSignal }): Promise<string>;
  /** Ends it at the provider. An item that is gone already counts as removed. */
  remove(request: { accessToken: string; signal: AbortSignal }): Promise<void>;
}

/** What a webhook says, after it was verified. It carries no data: it only makes a job. */
export interface WebhookNews {
  /** The account it is about, as in `Connection.accountKey`, or a push channel's id. */
  about: { kind: "account" | "channel"; key: string };
  news: "changed" | "login-required" | "repaired" | "revoked" | "expires" | "new-accounts" | "none";
  /** For `expires`. */
  expiresAt?: Date;
}
export interface WebhookPort {
  /**
   * Checks who sent it. @returns null when it is not theirs; nothing is said about why.
   * @param body the raw bytes, before any parsing
   */
  verify(request: { headers: Headers; body: Uint8Array; now: Date; signal: AbortSignal }): Promise<WebhookNews | null>;
}

export type SourceEvent = z.output<typeof calendarEventSchema>;
export type SourceAccount = z.output<typeof financialAccountSchema>;
export type SourceTransaction = z.output<typeof financialTransactionSchema>;

export interface SourceCalendar {
  id: string;
  title: string;
  timeZone: string;
  color: string | null;
  access: "read" | "write";
  isPrimary: boolean;
}

/** Where a calendar adapter puts what it found. Each call is one transaction; what it says holds together or not at all. */
export interface CalendarStore {
  /** What was kept with a calendar; null where it is not here, or nothing was kept. For what can be asked before it can be named. */
  cursor(calendarId: string): Promise<string | null>;
  /** The calendars there are; those that are not named any more go, with their events. @returns which to synchronise */
  saveCalendars(calendars: readonly SourceCalendar[]): Promise<{ id: string; cursor: string | null }[]>;
  /** `isFull`: what is not among `upserts` is gone. `removed` of unknown ids is fine. The cursor is kept with the effects. */
  commit(change: {
    calendarId: string;
    isFull: boolean;
    upserts: readonly SourceEvent[];
    removed: readonly string[];
    cursor: string | null;
  }): Promise<{ written: number; removed: number }>;
}

/** The same for money. */
export interface FinanceStore {
  cursor(): Promise<string | null>;
  commit(change: {
    accounts: readonly SourceAccount[];
    /** Upserted by id; `replacesId` names the pending one that it is the posted form of. */
    transactions: readonly SourceTransaction[];
    removed: readonly string[];
    /**
     * All that the source has was read: of the accounts named, what is in `transactions` no more is gone, from the day of the
     * oldest one on. A source tells of some years only, so what is older stays, and so does what came by a file.
     */
    isFull?: boolean;
    /** Ids that are there and could not be read: what was known of them stays. */
    unread?: readonly string[];
    /** Left out: no transactions were read, so how far and when they were stays as it is. */
    cursor?: string | null;
  }): Promise<{ written: number; removed: number }>;
}

export interface SyncReport {
  /** False: the other side is not ready and will say so, or a part is to be fetched again soon. */
  isComplete: boolean;
  written: number;
  removed: number;
  /** What was there and could not be taken over, each reason once, such as "no currency". Left out when there is nothing. */
  skipped?: Skipped;
  /** When the person's consent ends by itself, null when it does not. Left out by providers that do not say. */
  consentExpiresAt?: Date | null;
}

export interface NewEvent {
  title: string;
  start: SourceEvent["start"];
  end: SourceEvent["end"];
  description?: string;
  location?: string;
  attendees?: { email: string; name?: string }[];
}

/** Changing a calendar at its source. */
export interface CalendarWriter {
  /** An id of our own in the provider's alphabet, from the call's idempotency key: inserting twice makes one event. */
  eventId(idempotencyKey: string): string;
  /** @returns null when there is none, or it is cancelled */
  get(io: AdapterIo, calendarId: string, eventId: string): Promise<SourceEvent | null>;
  /** One that is there with this id already is returned as it is. */
  create(io: AdapterIo, calendarId: string, eventId: string, event: NewEvent): Promise<SourceEvent>;
  /** @throws AppError conflict when it was changed since `etag`, not-found when it is gone */
  update(
    io: AdapterIo,
    calendarId: string,
    eventId: string,
    change: Partial<NewEvent>,
    etag: string,
  ): Promise<SourceEvent>;
  /** One that is gone already counts as deleted. @throws AppError conflict when it was changed since `etag` */
  remove(io: AdapterIo, calendarId: string, eventId: string, etag: string): Promise<void>;
}

/** Being told of changes instead of asking for them. */
export interface PushPort {
  watch(
    io: AdapterIo,
    calendarId: string,
    channel: { id: string; token: string; address: string },
  ): Promise<{ resourceId: string; expiresAt: Date }>;
  stop(io: AdapterIo, channel: { id: string; resourceId: string }): Promise<void>;
}

/** A file a person gives. Nothing is stored by reading it. */
export interface FilePort {
  /** What it could be: the formats that fit, best first, and the columns where a person has to say which is which. */
  inspect(file: { name: string; text: string }): FileInspection;
  /** @throws AppError invalid when it is not of that format */
  read(file: { name: string; text: string }, options: FileOptions): FileReading;
}
export interface FileInspection {
  formats: { id: string; title: string }[];
  columns: string[];
  /** The first rows, as they stand there. */
  sample: string[][];
  /** What the columns seem to be. */
  mapping: ColumnMapping | null;
}
export interface ColumnMapping {
  date: string;
  /** One signed column, or two of which one is filled. */
  amount?: string;
  debit?: string;
  credit?: string;
  description: string;
  account?: string;
  currency?: string;
  /** How dates are written, such as `yyyy-MM-dd`, `dd/MM/yyyy`, `MM/dd/yyyy`. */
  dateFormat: string;
  /** True where the file writes money spent as positive. */
  isSpentPositive?: boolean;
}
export interface FileOptions {
  format: string;
  mapping?: ColumnMapping;
  /** For files that do not say. ISO 4217. */
  currency: string;
  /** For files that do not say. */
  accountName: string;
}
export interface FileReading {
  accounts: SourceAccount[];
  transactions: SourceTransaction[];
  /** What could not be read, by line; none is dropped silently. */
  problems: { line: number; message: string; text: string }[];
}

/** One kind of source. What it cannot do it does not have. */
export interface Adapter {
  manifest: AdapterManifest;
  /** Names of required variables that are not set; empty: it can be connected. */
  missing(): string[];
  oauth?: OAuthPort;
  link?: LinkPort;
  webhook?: WebhookPort;
  syncCalendar?(io: AdapterIo, store: CalendarStore): Promise<SyncReport>;
  syncFinance?(io: AdapterIo, store: FinanceStore): Promise<SyncReport>;
  /** Has the balances read anew at the bank itself: only when a person asks, because it is slow and may cost. */
  refreshBalances?(io: AdapterIo, store: FinanceStore): Promise<SyncReport>;
  writer?: CalendarWriter;
  push?: PushPort;
  file?: FilePort;
  /** A feed by its address, such as an ICS file. @throws AppError invalid when there is none there */
  checkUrl?(io: AdapterIo, url: string): Promise<{ key: string; title: string }>;
  syncUrl?(io: AdapterIo, url: string, store: CalendarStore): Promise<SyncReport>;
  weather?: WeatherSource;
  navigation?: NavigationSource;
  webSearch?: WebSearchSource;
}

/** The stateful fake that each adapter ships: it speaks the provider's protocol, faults included. */
export type AdapterFake = (request: Request) => Promise<Response>;
