import { setTimeout as wait } from "node:timers/promises";
import type { calendar_v3 } from "googleapis/build/src/apis/calendar/index.js";
import type { AdapterIo } from "../../contracts/adapter";
import { env } from "../../env";
import { GoogleError, readAnswer } from "./google-error";

const maxTries = 5;
const firstWaitMs = 400;
const longestWaitMs = 8_000;
/** Waiting longer inside one piece of work would only hold its place; the host comes back instead. */
const patienceMs = 10_000;
const timeoutMs = 30_000;

/** What one request to the Calendar API is given besides its parameters. */
export interface CallOptions {
  headers: Record<string, string>;
  signal: AbortSignal;
  timeout: number;
  retry: false;
  redirect: "error";
}
export type CalendarCall<T> = (api: calendar_v3.Calendar, options: CallOptions) => Promise<{ data: T }>;

/**
 * The one door to the Calendar API: access token, time limit, repeating, translation of errors.
 * @param call is made again after failures that may pass: whatever it changes has to bear that
 * @throws GoogleError
 */
export async function callCalendar<T>(
  io: AdapterIo,
  call: CalendarCall<T>,
  headers: Record<string, string> = {},
): Promise<T> {
  const api = await openApi();
  let token = await io.accessToken();
  let isTokenNew = false;
  let waitedMs = 0;
  for (let tries = 1; ; tries++) {
    io.signal.throwIfAborted();
    const failure = await attempt(api, io, call, { ...headers, authorization: `Bearer ${token}` });
    if (!("error" in failure)) return failure.data;
    const { error } = failure;
    if (error.code === "auth-expired" && !isTokenNew) {
      token = await io.accessToken(token);
      isTokenNew = true;
      tries--;
      continue;
    }
    const delayMs = retryDelayMs(tries, error.retryAfterMs);
    if (!error.isPassing || tries >= maxTries || waitedMs + delayMs > patienceMs) throw error;
    waitedMs += delayMs;
    await wait(delayMs, undefined, { signal: io.signal });
  }
}

/** Truncated exponential backoff with full jitter; what the other side says comes first, and is spread a little, too. */
export function retryDelayMs(tries: number, retryAfterMs: number | undefined, random = Math.random()): number {
  if (retryAfterMs !== undefined) return Math.round(retryAfterMs * (1 + random / 10));
  return Math.round(Math.min(longestWaitMs, firstWaitMs * 2 ** (tries - 1)) * random);
}

async function attempt<T>(
  api: calendar_v3.Calendar,
  io: AdapterIo,
  call: CalendarCall<T>,
  headers: Record<string, string>,
): Promise<{ data: T } | { error: GoogleError }> {
  try {
    // Repeating is done here, with what Google says about it; a redirect would carry the token to another host.
    const options: CallOptions = { headers, signal: io.signal, timeout: timeoutMs, retry: false, redirect: "error" };
    return { data: (await call(api, options)).data };
  } catch (thrown) {
    io.signal.throwIfAborted();
    return { error: translate(thrown, io.now()) };
  }
}

/** The library's errors are recognised by their shape: they hold the answer, or are about the way to it. */
function translate(thrown: unknown, now: Date): GoogleError {
  if (!(thrown instanceof Error) || !("config" in thrown)) throw thrown;
  const response =
    "response" in thrown ? (thrown.response as { status?: number; headers?: Headers; data?: unknown }) : undefined;
  if (typeof response?.status === "number" && (response.status < 200 || response.status >= 300))
    return readAnswer(response.status, response.data, response.headers?.get("retry-after") ?? null, now);
  const code = "code" in thrown && typeof thrown.code === "string" && /^\w{1,40}$/.test(thrown.code) ? thrown.code : "";
  return new GoogleError("unavailable", "Google Calendar could not be reached. Burgeon tries again later.", {
    status: null,
    reason: code,
    isPassing: true,
  });
}

let opened: { rootUrl: string; api: calendar_v3.Calendar } | undefined;

/** Loaded when it is first needed: the calendar's part of the library alone takes 0.1 s and 25 MB. */
async function openApi(): Promise<calendar_v3.Calendar> {
  const rootUrl = `${new URL(env().GOOGLE_API_BASE_URL ?? "https://www.googleapis.com").origin}/`;
  if (opened?.rootUrl === rootUrl) return opened.api;
  const { calendar } = await import("googleapis/build/src/apis/calendar/index.js");
  // Node's own fetch: keeps connections, and is the one that the rest of Burgeon uses.
  const api = calendar({ version: "v3", rootUrl, fetchImplementation: fetch });
  opened = { rootUrl, api };
  return api;
}
