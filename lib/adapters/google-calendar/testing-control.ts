import { randomBytes } from "node:crypto";
import { ApiProblem } from "./testing-answers";
import { tellChannels } from "./testing-channels";
import { type FakeEvent, type FakeRole, findEvent, newCalendar, putEvent, singleView } from "./testing-events";
import { type createOAuth, endGrant } from "./testing-oauth";
import type { FakeConsent, FakeState } from "./testing-state";

/** The hand behind the scenes. What it changes is seen by synchronisation and push like what a person changes at Google. */
export function createControl(state: FakeState, oauth: ReturnType<typeof createOAuth>) {
  const { rotateKeys, forge: forgeIdTokens } = oauth;
  return {
    state,
    rotateKeys,
    forgeIdTokens,
    ...controlData(state),
    ...controlAccess(state),
    ...controlFaults(state),
    ...read(state),
  };
}

function getCalendar(state: FakeState, id: string) {
  const found = state.calendars.get(id);
  if (!found) throw new Error(`The sample Google has no calendar ${id}`);
  return found;
}

/** People, calendars, events. */
function controlData(state: FakeState) {
  const save = (calendarId: string, event: FakeEvent) => {
    const kept = putEvent(getCalendar(state, calendarId), event, state.now());
    tellChannels(state, calendarId);
    return kept;
  };
  const changeEvent = (calendarId: string, id: string, change: Partial<FakeEvent>) => {
    const event = findEvent(getCalendar(state, calendarId), id);
    if (!event) throw new Error(`The sample Google has no event ${id}`);
    return save(calendarId, { ...event, ...change });
  };
  const addCalendar = (parts: {
    id: string;
    summary: string;
    timeZone?: string;
    color?: string;
    people: Record<string, FakeRole>;
    primaryOf?: string;
  }) => {
    const { id, summary, timeZone = "Europe/Berlin", color = "#0088aa", people, primaryOf = null } = parts;
    const made = newCalendar({ id, summary, timeZone, color, primaryOf }, state.now());
    for (const [email, role] of Object.entries(people)) made.roles.set(email, role);
    state.calendars.set(id, made);
  };
  return {
    addCalendar,
    /** Somebody with an account and, as everybody, a calendar with the account's address as its id. */
    addPerson(person: { email: string; name: string; sub?: string; timeZone?: string }) {
      const { email, name, timeZone, sub = `10000000000000000000${state.people.size}` } = person;
      state.people.set(email, { email, name, sub });
      addCalendar({ id: email, summary: name, timeZone, people: { [email]: "owner" }, primaryOf: email });
    },
    removeCalendar(id: string) {
      state.calendars.delete(id);
    },
    /** Makes or replaces an event, as its owner would. */
    putEvent(calendarId: string, event: Partial<FakeEvent>) {
      const id = event.id ?? randomBytes(13).toString("hex");
      return save(calendarId, { status: "confirmed", ...event, id });
    },
    /** A single event, a series, or one occurrence of a series by its id. */
    changeEvent,
    deleteEvent: (calendarId: string, id: string) => changeEvent(calendarId, id, { status: "cancelled" }),
  };
}

/** Consent and tokens. */
function controlAccess(state: FakeState) {
  return {
    /** Answers the consent page by itself; null: the page is shown. */
    answerConsent(consent: FakeConsent | null) {
      state.consent = consent;
    },
    /** Tokens without the detour through the consent page. */
    connect(email: string, scopes: readonly string[]) {
      const refreshToken = `1//${randomBytes(24).toString("base64url")}`;
      const refreshTokens = [{ token: refreshToken, expiresAt: null }];
      state.grants.set(email, { email, scopes: new Set(scopes), refreshTokens });
      return { refreshToken };
    },
    expireAccessTokens() {
      state.accessTokens.clear();
    },
    /** As the person does on their account's page: from then on `invalid_grant`. */
    endGrant: (email: string) => endGrant(state, email),
    setTesting(isTesting: boolean) {
      state.isTesting = isTesting;
    },
  };
}

/** What goes wrong, and when. */
function controlFaults(state: FakeState) {
  return {
    fail(fault: { kind: string; times?: number; status: number; reason: string; retryAfterSeconds?: number }) {
      const { kind, times = 1, status, reason, retryAfterSeconds } = fault;
      // The message stands for whatever a provider may write into one.
      const problem = new ApiProblem(status, reason, "foreign text that nobody may see", retryAfterSeconds);
      state.faults.push({ kind, times, problem });
    },
    /** The answer is cut off on its way; `after`: when the work is done. */
    cut(kind: string, when: "before" | "after", times = 1) {
      state.faults.push({ kind, times, problem: `cut-${when}` });
    },
    /** An answer of somebody in between, with status 200. */
    replyOnce(kind: string, body: string) {
      state.faults.push({ kind, times: 1, problem: { body } });
    },
    redirectOnce(kind: string, redirectTo: string) {
      state.faults.push({ kind, times: 1, problem: { body: "", redirectTo } });
    },
    clearFaults() {
      state.faults = [];
    },
    /** Sync tokens that were given until now answer 410. */
    expireSyncTokens(calendarId: string) {
      const found = getCalendar(state, calendarId);
      found.revision += 1;
      found.oldestRevision = found.revision;
    },
    setLatency(latencyMs: number) {
      state.latencyMs = latencyMs;
    },
    /** Looks at each request before it is answered, to change things between two pages. */
    onCall(look: FakeState["onCall"]) {
      state.onCall = look;
    },
    habits: state.habits,
  };
}

/** What happened. */
function read(state: FakeState) {
  return {
    event: (calendarId: string, id: string) => findEvent(getCalendar(state, calendarId), id),
    /** What a full list of single events would show. */
    events(calendarId: string): FakeEvent[] {
      const entries = [...singleView(getCalendar(state, calendarId)).values()];
      return entries.map(({ event }) => event).filter(({ status }) => status !== "cancelled");
    },
    /** How many requests of this kind came; `events` counts `events.list` and the others. */
    calls: (kind: string) =>
      [...state.calls].reduce((sum, [name, count]) => (name.startsWith(kind) ? sum + count : sum), 0),
    /** How often an event with this id came into being by a request. */
    created: (id: string) => state.created.get(id) ?? 0,
    mails: () => state.mails,
    channels: () => [...state.channels.values()],
    /** Waits for the notifications on their way. @returns the status each was answered with; 0: nobody listened */
    delivered: () => Promise.all(state.deliveries.splice(0)),
  };
}
