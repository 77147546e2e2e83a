import { randomUUID } from "node:crypto";
import { ApiProblem, json } from "./testing-answers";
import type { FakeCalendar } from "./testing-events";
import type { FakeChannel, FakeState } from "./testing-state";

const weekMs = 7 * 86_400_000;

export function openChannel(
  state: FakeState,
  calendar: FakeCalendar,
  email: string,
  body: Record<string, unknown>,
): Response {
  const { id, address, token } = body;
  const ttl = Number((body.params as { ttl?: unknown } | undefined)?.ttl ?? 0) * 1000;
  if (typeof id !== "string" || !/^[\w+/=-]{1,64}$/.test(id) || body.type !== "web_hook")
    throw new ApiProblem(400, "invalid", "Invalid channel.");
  if (state.channels.has(id)) throw new ApiProblem(400, "channelIdNotUnique", `Channel id ${id} not unique`);
  const isLoopback = /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(String(address));
  if (typeof address !== "string" || !(address.startsWith("https://") || isLoopback))
    throw new ApiProblem(400, "push.webhookUrlNotHttps", "WebHook callback must be HTTPS");
  const channel: FakeChannel = {
    id,
    resourceId: randomUUID(),
    calendarId: calendar.id,
    email,
    address,
    token: typeof token === "string" ? token : undefined,
    expiresAt: state.now().getTime() + Math.min(ttl || weekMs, weekMs),
    messages: 0,
  };
  state.channels.set(id, channel);
  tell(state, channel, "sync");
  return json({
    kind: "api#channel",
    id,
    resourceId: channel.resourceId,
    resourceUri: `https://www.googleapis.com/calendar/v3/calendars/${encodeURIComponent(calendar.id)}/events`,
    token,
    expiration: String(channel.expiresAt),
  });
}

export function stopChannel(state: FakeState, body: Record<string, unknown>): Response {
  const channel = state.channels.get(String(body.id));
  if (!channel || channel.resourceId !== body.resourceId)
    throw new ApiProblem(404, "notFound", `Channel '${String(body.id)}' not found for project`);
  state.channels.delete(channel.id);
  return new Response(null, { status: 204 });
}

/** Tells everybody who watches this calendar that something changed; never what. */
export function tellChannels(state: FakeState, calendarId: string): void {
  for (const channel of state.channels.values()) {
    if (channel.expiresAt <= state.now().getTime()) state.channels.delete(channel.id);
    else if (channel.calendarId === calendarId) tell(state, channel, "exists");
  }
}

function tell(state: FakeState, channel: FakeChannel, resourceState: "sync" | "exists"): void {
  channel.messages += 1;
  const headers: Record<string, string> = {
    "x-goog-channel-id": channel.id,
    "x-goog-channel-expiration": new Date(channel.expiresAt).toUTCString(),
    "x-goog-resource-id": channel.resourceId,
    "x-goog-resource-state": resourceState,
    "x-goog-message-number": String(channel.messages),
    ...(channel.token === undefined ? {} : { "x-goog-channel-token": channel.token }),
  };
  // Nobody listening is the watcher's loss, as at Google; the test waits for `delivered()`.
  const sent = fetch(channel.address, { method: "POST", headers, signal: AbortSignal.timeout(5000) });
  state.deliveries.push(sent.then((answer) => answer.status).catch(() => 0));
}
