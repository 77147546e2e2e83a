import type { PushPort, WebhookPort } from "../../contracts/adapter";
import { callCalendar } from "./client";
import { GoogleError } from "./google-error";

export const push: PushPort = { watch, stop };
export const webhook: WebhookPort = { verify };

/** Google's own limit for events; asked for by name, so that a change of the default does not surprise. */
const channelLifeSeconds = 7 * 86_400;

async function watch(...[io, calendarId, channel]: Parameters<PushPort["watch"]>): ReturnType<PushPort["watch"]> {
  const requestBody = {
    id: channel.id,
    type: "web_hook",
    address: channel.address,
    token: channel.token,
    params: { ttl: String(channelLifeSeconds) },
  };
  try {
    const made = await callCalendar(io, (api, options) =>
      api.events.watch({ calendarId, singleEvents: true, requestBody }, options),
    );
    const expiresAt = new Date(Number(made.expiration));
    if (made.resourceId && !Number.isNaN(expiresAt.getTime())) return { resourceId: made.resourceId, expiresAt };
  } catch (error) {
    if (error instanceof GoogleError && error.status === 400 && error.reason === "channelIdNotUnique")
      throw new GoogleError("conflict", "This channel for news from Google is there already.", {
        status: 400,
        reason: error.reason,
      });
    throw error;
  }
  throw new GoogleError("unavailable", "Google Calendar gave an incomplete answer. Burgeon tries again later.", {
    status: 200,
    reason: "noChannel",
  });
}

async function stop(...[io, channel]: Parameters<PushPort["stop"]>): Promise<void> {
  try {
    await callCalendar(io, (api, options) => api.channels.stop({ requestBody: channel }, options));
  } catch (error) {
    // Expired or stopped already.
    if (error instanceof GoogleError && error.code === "not-found") return;
    throw error;
  }
}

/**
 * A notification has no body: only which channel, and that something changed. Whether its token is that channel's own is for the
 * host to say, which alone keeps it; here it is only seen that there is one.
 */
async function verify({ headers }: Parameters<WebhookPort["verify"]>[0]): ReturnType<WebhookPort["verify"]> {
  const id = headers.get("x-goog-channel-id");
  const state = headers.get("x-goog-resource-state");
  if (!id || !state || !headers.get("x-goog-channel-token")) return null;
  // `sync` only says that the channel is open.
  return { about: { kind: "channel", key: id }, news: state === "sync" ? "none" : "changed" };
}
