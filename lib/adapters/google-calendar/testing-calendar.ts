import { randomBytes } from "node:crypto";
import { ApiProblem, json } from "./testing-answers";
import { openChannel, stopChannel, tellChannels } from "./testing-channels";
import {
  type FakeCalendar,
  type FakeEvent,
  type FakeRole,
  findEvent,
  putEvent,
  singleView,
  startMs,
} from "./testing-events";
import { listEvents } from "./testing-list";
import type { FakeState } from "./testing-state";

const scopeRoot = "https://www.googleapis.com/auth/";
const wide = ["calendar", "calendar.readonly"];
const listRights = [...wide, "calendar.calendarlist", "calendar.calendarlist.readonly"];
const readRights = [...wide, "calendar.events", "calendar.events.readonly"];
const writeRights = ["calendar", "calendar.events"];

interface Call {
  state: FakeState;
  request: Request;
  url: URL;
  email: string;
  has(rights: readonly string[]): void;
}

/** Which of the API's requests this is, for counts and faults. @returns null for one that there is not */
export function calendarKind(method: string, path: string): string | null {
  if (path === "/calendar/v3/users/me/calendarList") return "calendarList.list";
  if (path === "/calendar/v3/channels/stop") return "channels.stop";
  if (path === "/calendar/v3/freeBusy") return "freeBusy.query";
  const match = /^\/calendar\/v3\/calendars\/[^/]+\/events(?:\/([^/]+)(\/instances)?)?$/.exec(path);
  if (!match) return null;
  if (match[2]) return "events.instances";
  if (match[1] === "watch" && method === "POST") return "events.watch";
  const names: Record<string, string> = match[1]
    ? { GET: "get", PUT: "update", PATCH: "patch", DELETE: "delete" }
    : { GET: "list", POST: "insert" };
  return names[method] ? `events.${names[method]}` : null;
}

/** @throws ApiProblem */
export async function answerCalendar(state: FakeState, request: Request, kind: string): Promise<Response> {
  const url = new URL(request.url);
  const call = authenticate(state, request, url);
  if (kind === "calendarList.list") return json(listCalendars(call));
  if (kind === "channels.stop") return stopChannel(state, await readBody(request));
  if (kind === "freeBusy.query") return json(freeBusy(call, await readBody(request)));
  const parts = url.pathname.split("/").map(decodeURIComponent);
  const calendar = findCalendar(call, parts[4] ?? "");
  const eventId = parts[6] ?? "";
  call.has(/\.(insert|update|patch|delete)$/.test(kind) ? writeRights : readRights);
  needRole(
    call,
    calendar,
    /\.(insert|update|patch|delete)$/.test(kind) ? ["writer", "owner"] : ["reader", "writer", "owner"],
  );
  if (kind === "events.list")
    return json({ ...listEvents(calendar, url.searchParams, state.habits, state.now()), ...access(call, calendar) });
  if (kind === "events.instances") return json({ ...instances(calendar, eventId), ...access(call, calendar) });
  if (kind === "events.watch") return openChannel(state, calendar, call.email, await readBody(request));
  if (kind === "events.insert") return json(insert(call, calendar, await readBody(request)));
  const event = findEvent(calendar, eventId);
  if (!event) throw new ApiProblem(404, "notFound", "Not Found");
  if (kind === "events.get") return json(event);
  if (kind === "events.delete") return remove(call, calendar, event);
  return json(change(call, calendar, event, await readBody(request), kind === "events.patch"));
}

function authenticate(state: FakeState, request: Request, url: URL): Call {
  const token = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const known = token === undefined ? undefined : state.accessTokens.get(token);
  if (!known || known.expiresAt <= state.now().getTime()) throw new ApiProblem(401, "authError", "Invalid Credentials");
  const has = (rights: readonly string[]) => {
    if (!rights.some((right) => known.scopes.has(scopeRoot + right)))
      throw new ApiProblem(403, "insufficientPermissions", "Request had insufficient authentication scopes.");
  };
  return { state, request, url, email: known.email, has };
}

function findCalendar({ state, email }: Call, id: string): FakeCalendar {
  const calendar =
    id === "primary"
      ? [...state.calendars.values()].find(({ primaryOf }) => primaryOf === email)
      : state.calendars.get(id);
  if (!calendar?.roles.has(email)) throw new ApiProblem(404, "notFound", "Not Found");
  return calendar;
}

function needRole({ email }: Call, calendar: FakeCalendar, roles: readonly FakeRole[]): void {
  const role = calendar.roles.get(email);
  if (!role || !roles.includes(role))
    throw new ApiProblem(403, "requiredAccessLevel", "You need to have writer access to this calendar.");
}

function access({ email }: Call, calendar: FakeCalendar) {
  return { accessRole: calendar.roles.get(email), defaultReminders: [] };
}

function listCalendars({ state, email, url, has }: Call) {
  has(listRights);
  const all = [...state.calendars.values()].filter(({ roles }) => roles.has(email));
  const from = Number(url.searchParams.get("pageToken") ?? 0);
  const size = Math.min(Number(url.searchParams.get("maxResults") ?? 100), state.habits.maxPageSize, 250);
  const items = all.slice(from, from + size).map((calendar) => ({
    kind: "calendar#calendarListEntry",
    etag: `"${calendar.revision}"`,
    id: calendar.id,
    summary: calendar.summary,
    timeZone: calendar.timeZone,
    backgroundColor: calendar.color,
    selected: true,
    accessRole: calendar.roles.get(email),
    ...(calendar.primaryOf === email ? { primary: true } : {}),
  }));
  const isLast = from + size >= all.length;
  const next = isLast ? { nextSyncToken: `list${all.length}` } : { nextPageToken: String(from + size) };
  return { kind: "calendar#calendarList", etag: '"list"', items, ...next };
}

function insert(call: Call, calendar: FakeCalendar, body: Record<string, unknown>): FakeEvent {
  const id = typeof body.id === "string" ? body.id : randomBytes(13).toString("hex");
  if (!/^[a-v0-9]{5,1024}$/.test(id)) throw new ApiProblem(400, "invalid", "Invalid resource id value.");
  if (calendar.events.has(id)) throw new ApiProblem(409, "duplicate", "The requested identifier already exists.");
  const { state, email } = call;
  const person = state.people.get(email);
  const owner = { email, displayName: person?.name, self: true };
  const event = { status: "confirmed", ...body, id, creator: owner, organizer: owner } as FakeEvent;
  const made = putEvent(calendar, event, state.now());
  state.created.set(id, (state.created.get(id) ?? 0) + 1);
  afterChange(call, calendar, made, "created");
  return made;
}

function change(
  call: Call,
  calendar: FakeCalendar,
  event: FakeEvent,
  body: Record<string, unknown>,
  isPatch: boolean,
): FakeEvent {
  matchEtag(call, event);
  const { id, creator, organizer, recurringEventId, originalStartTime } = event;
  const fixed = { id, creator, organizer, recurringEventId, originalStartTime };
  const next = isPatch ? merge(event, body) : body;
  const made = putEvent(calendar, { status: "confirmed", ...next, ...fixed }, call.state.now());
  afterChange(call, calendar, made, "changed");
  return made;
}

/** Objects are merged, null takes a field away, lists are replaced. */
function merge(before: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const after = { ...before };
  for (const [name, value] of Object.entries(patch)) {
    const old = after[name];
    if (value === null) delete after[name];
    else if (isObject(value)) after[name] = merge(isObject(old) ? old : {}, value);
    else after[name] = value;
  }
  return after;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function remove(call: Call, calendar: FakeCalendar, event: FakeEvent): Response {
  if (event.status === "cancelled") throw new ApiProblem(410, "deleted", "Resource has been deleted");
  matchEtag(call, event);
  putEvent(calendar, { ...event, status: "cancelled" }, call.state.now());
  afterChange(call, calendar, event, "deleted");
  return new Response(null, { status: 204 });
}

function matchEtag({ request }: Call, event: FakeEvent): void {
  const wanted = request.headers.get("if-match");
  if (wanted !== null && wanted !== "*" && wanted !== event.etag)
    throw new ApiProblem(412, "conditionNotMet", "Precondition Failed");
}

function afterChange(
  { state, url }: Call,
  calendar: FakeCalendar,
  event: FakeEvent,
  what: "created" | "changed" | "deleted",
) {
  if (url.searchParams.get("sendUpdates") === "all" && event.attendees?.length)
    state.mails.push({ calendarId: calendar.id, eventId: event.id, what });
  tellChannels(state, calendar.id);
}

function instances(calendar: FakeCalendar, seriesId: string) {
  const items = [...singleView(calendar).values()]
    .map(({ event }) => event)
    .filter((event) => event.recurringEventId === seriesId && event.status !== "cancelled");
  return { kind: "calendar#events", summary: calendar.summary, timeZone: calendar.timeZone, items };
}

function freeBusy(call: Call, body: Record<string, unknown>) {
  call.has([...wide, "calendar.events", "calendar.events.readonly", "calendar.freebusy"]);
  const [from, to] = [Date.parse(String(body.timeMin)), Date.parse(String(body.timeMax))];
  if (!(from < to)) throw new ApiProblem(400, "timeRangeEmpty", "The specified time range is empty.");
  const ids = Array.isArray(body.items) ? body.items.map((item: { id?: unknown }) => String(item.id)) : [];
  const calendars = ids.map((id) => {
    const calendar = call.state.calendars.get(id);
    if (!calendar?.roles.has(call.email)) return [id, { errors: [{ domain: "global", reason: "notFound" }], busy: [] }];
    const busy = [...singleView(calendar).values()]
      .map(({ event }) => event)
      .filter((event) => event.status !== "cancelled" && event.transparency !== "transparent")
      .map((event) => ({ start: startMs(event.start), end: startMs(event.end) }))
      .filter(({ start, end }) => end > from && start < to)
      .sort((one, other) => one.start - other.start)
      .map(({ start, end }) => ({ start: new Date(start).toISOString(), end: new Date(end).toISOString() }));
    return [id, { busy }];
  });
  return {
    kind: "calendar#freeBusy",
    timeMin: body.timeMin,
    timeMax: body.timeMax,
    calendars: Object.fromEntries(calendars),
  };
}

async function readBody(request: Request): Promise<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse((await request.text()) || "{}");
    if (isObject(body)) return body;
  } catch {
    // Answered below, like any other body that is no object.
  }
  throw new ApiProblem(400, "parseError", "Parse Error");
}
