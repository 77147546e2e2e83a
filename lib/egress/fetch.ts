import { lookup } from "node:dns/promises";
import { Agent, request as sendRequest } from "undici";
import { checkUrl } from "./address";
import { decodeBody, readLimited } from "./body";
import { EgressError } from "./egress-error";

export { EgressError } from "./egress-error";

export interface EgressOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Of the body, before and after decoding. */
  maxBytes?: number;
  maxRedirects?: number;
  redirect?: "follow" | "manual";
  /** Header names besides Authorization and Cookie that must not follow a redirect to another origin. */
  credentialHeaders?: readonly string[];
  /** `host:port` exceptions; the environment's when not given. */
  allow?: readonly string[];
  /** All addresses of a name; the system's resolver when not given. */
  resolve?: (host: string) => Promise<string[]>;
}

export interface EgressResponse {
  status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** Where the answer came from, after redirects. */
  url: string;
  /** Every address asked, in order. */
  hops: string[];
}

interface Hop {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
}

const defaults = { timeoutMs: 20_000, maxBytes: 8 * 1024 * 1024, maxRedirects: 5 };
const connectMs = 10_000;
const maxHeaderBytes = 64 * 1024;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const alwaysDropped = [
  "authorization",
  "cookie",
  "proxy-authorization",
  "x-api-key",
  "x-auth-token",
  "x-subscription-token",
];

/**
 * The one door to hosts that a person, a model or a module chose. Every hop is checked with `checkUrl` and connects only
 * to an address that was vetted for it, so a name cannot change its answer in between.
 * @throws EgressError
 */
export async function vettedFetch(url: string, options: EgressOptions = {}): Promise<EgressResponse> {
  const deadline = AbortSignal.timeout(options.timeoutMs ?? defaults.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  const maxRedirects = options.maxRedirects ?? defaults.maxRedirects;
  let current = url;
  try {
    let hop = firstHop(url, options);
    const hops: string[] = [];
    for (;;) {
      current = hop.url.href;
      hops.push(current);
      const response = await sendOnce(hop, options, signal);
      const { location } = response.headers;
      const isRedirect = redirectStatuses.has(response.status) && location !== undefined;
      if (options.redirect === "manual" || !isRedirect) return { ...response, url: current, hops };
      if (hops.length > maxRedirects)
        throw new EgressError("too_many_redirects", `${hostOf(url)} redirected more than ${maxRedirects} times`);
      hop = nextHop(hop, response.status, location, options.credentialHeaders ?? []);
    }
  } catch (error) {
    throw toEgressError(error, current, deadline, options.signal);
  }
}

function firstHop(url: string, { method = "GET", headers = {}, body }: EgressOptions): Hop {
  if (!URL.canParse(url)) throw new EgressError("blocked", "Burgeon cannot read this address");
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { url: new URL(url), method: method.toUpperCase(), headers: lower, body };
}

function nextHop(hop: Hop, status: number, location: string, credentialHeaders: readonly string[]): Hop {
  const from = hop.url.host;
  if (!URL.canParse(location, hop.url.href))
    throw new EgressError("blocked", `${from} redirected to something that is not an address`);
  const url = new URL(location, hop.url.href);
  const isElsewhere = url.origin !== hop.url.origin;
  const becomesGet = (status === 303 && hop.method !== "HEAD") || (status < 303 && hop.method === "POST");
  if (isElsewhere && hop.body !== undefined && !becomesGet)
    throw new EgressError(
      "blocked",
      `${from} wants the body of the request sent to ${url.host}, which was not asked for`,
    );
  const dropped = [
    ...(isElsewhere ? [...alwaysDropped, ...credentialHeaders.map((name) => name.toLowerCase())] : []),
    ...(becomesGet ? ["content-type", "content-encoding", "content-language"] : []),
  ];
  const headers = Object.fromEntries(Object.entries(hop.headers).filter(([name]) => !dropped.includes(name)));
  return becomesGet ? { url, method: "GET", headers, body: undefined } : { ...hop, url, headers };
}

async function sendOnce(
  { url, method, headers, body }: Hop,
  options: EgressOptions,
  signal: AbortSignal,
): Promise<Omit<EgressResponse, "url" | "hops">> {
  const decision = await orAborted(checkUrl(url.href, options.resolve ?? resolveName, options.allow), signal);
  if (!decision.allowed)
    throw new EgressError("blocked", `Burgeon does not send requests to ${url.host}: ${decision.reason}`);
  const limit = { maxBytes: options.maxBytes ?? defaults.maxBytes, host: url.host };
  const agent = boundAgent(decision.addresses);
  try {
    const response = await sendRequest(url, {
      method: method as "GET",
      headers: { "user-agent": "Burgeon", "accept-encoding": "identity", ...headers },
      body,
      signal,
      dispatcher: agent,
    });
    const received = joinHeaders(response.headers);
    const raw = await readLimited(response.body, limit);
    return {
      status: response.statusCode,
      headers: received,
      body: decodeBody(raw, received["content-encoding"], limit),
    };
  } finally {
    await agent.destroy();
  }
}

/** Connects to vetted addresses only. IP literals never reach `lookup`, and were vetted as they stand. */
function boundAgent(addresses: string[]): Agent {
  const answers = addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  return new Agent({
    connections: 1,
    maxHeaderSize: maxHeaderBytes,
    connect: {
      timeout: connectMs,
      lookup: (_host, options, callback) => {
        const [first] = answers;
        if (options.all || !first) callback(null, answers);
        else callback(null, first.address, first.family);
      },
    },
  });
}

/** The system's resolver cannot be interrupted, the wait for it can. */
async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function joinHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) joined[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  return joined;
}

function toEgressError(error: unknown, url: string, deadline: AbortSignal, caller?: AbortSignal): EgressError {
  if (error instanceof EgressError) return error;
  if (caller?.aborted) return new EgressError("aborted", "The request was stopped", { cause: error });
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (deadline.aborted || code === "UND_ERR_CONNECT_TIMEOUT")
    return new EgressError("timeout", `${hostOf(url)} did not answer in time`, { cause: error });
  if (code === "UND_ERR_INVALID_ARG")
    return new EgressError("blocked", `The request to ${hostOf(url)} holds characters that HTTP does not allow`, {
      cause: error,
    });
  return new EgressError("network", `${hostOf(url)} could not be reached`, { cause: error });
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "that address";
}

async function resolveName(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map((answer) => answer.address);
}
