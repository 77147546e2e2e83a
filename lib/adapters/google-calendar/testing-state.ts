import type { ApiProblem } from "./testing-answers";
import type { FakeCalendar } from "./testing-events";
import type { ListHabits } from "./testing-list";

export interface FakePerson {
  sub: string;
  email: string;
  name: string;
}

export interface Grant {
  email: string;
  scopes: Set<string>;
  /** Oldest first. Google keeps a hundred per account and client and drops the oldest without a word. */
  refreshTokens: { token: string; expiresAt: number | null }[];
}

export interface FakeChannel {
  id: string;
  resourceId: string;
  calendarId: string;
  email: string;
  address: string;
  token: string | undefined;
  expiresAt: number;
  messages: number;
}

/** What goes wrong next. */
export interface FakeFault {
  /** Which requests: `events.list`, `token.refresh`, …, or the first part of such a name. */
  kind: string;
  times: number;
  problem: ApiProblem | "cut-before" | "cut-after" | { body: string; redirectTo?: string };
}

/** How somebody at the page would answer, for tests without a browser. */
export interface FakeConsent {
  email: string;
  decision: "allow" | "deny";
  /** Scopes whose box is not ticked. */
  unticked?: readonly string[];
}

export interface FakeState {
  now: () => Date;
  clientId: string;
  clientSecret: string;
  /** Null: any address. */
  redirectUris: readonly string[] | null;
  people: Map<string, FakePerson>;
  calendars: Map<string, FakeCalendar>;
  grants: Map<string, Grant>;
  accessTokens: Map<string, { email: string; scopes: Set<string>; expiresAt: number }>;
  channels: Map<string, FakeChannel>;
  consent: FakeConsent | null;
  /** In "Testing" a refresh token lives for seven days. */
  isTesting: boolean;
  habits: ListHabits;
  faults: FakeFault[];
  latencyMs: number;
  calls: Map<string, number>;
  /** How often an event of this id came into being. */
  created: Map<string, number>;
  /** Mails to guests that would have been sent. */
  mails: { calendarId: string; eventId: string; what: "created" | "changed" | "deleted" }[];
  deliveries: Promise<unknown>[];
  onCall: ((kind: string, count: number) => void) | null;
}
