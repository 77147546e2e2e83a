import type { ModuleConnection } from "@/lib/contracts/module";
import type { SandboxRequest, SandboxResponse } from "@/lib/contracts/sandbox";
import { buildUrl, isBelow } from "./build-url";
import { forgetToken } from "./client-credentials";
import { type AddedCredential, createCredential, requireHttps } from "./credential";
import { EgressError } from "./egress-error";
import { type EgressOptions, type EgressResponse, vettedFetch } from "./fetch";
import { createRedactor } from "./redact";
import { Refusal } from "./refusal";

/** One line of a module's call log: where it went and how it ended, never a query, header or body. */
export interface RequestRecord {
  host: string;
  method: string;
  path: string;
  status?: number;
  /** Why it was not sent; beside a status, why its redirect was not followed. */
  blocked?: string;
  durationMs: number;
}

export interface ConnectionCall {
  connection: ModuleConnection;
  request: SandboxRequest;
  /** Values of the credentials that the connection's auth names. */
  credentials: Readonly<Record<string, string>>;
  /** Headers that Burgeon itself sets; they win over the module's. */
  hostHeaders?: Readonly<Record<string, string>>;
  /** Keeps the access tokens of different people, modules and connections apart. */
  tokenScope: string;
  signal?: AbortSignal;
  maxResponseChars?: number;
  /** For everything together: token, redirects, the request itself. */
  timeoutMs?: number;
  /** `host:port` exceptions; the environment's when not given. */
  allow?: readonly string[];
  resolve?: EgressOptions["resolve"];
}

interface Exchange {
  call: ConnectionCall;
  method: string;
  headers: Record<string, string>;
  body: string | undefined;
  options(): EgressOptions;
}

const defaultTimeoutMs = 20_000;
const maxRedirects = 3;
const maxHeaders = 50;
const maxHeaderChars = 16_384;

/** Set by Burgeon or by HTTP itself, or shaped like a credential, which is declared in the manifest instead. */
const refusedHeaders =
  /^(host|cookie|authorization|connection|content-length|content-encoding|transfer-encoding|keep-alive|expect|upgrade|te|trailer|forwarded|via|origin|referer|proxy-.*|x-forwarded-.*|x-real-ip|sec-.*)$|^(?!idempotency-key$).*(-key|-token|-secret)$/i;
const shownHeaders =
  /^(content-type|content-language|content-range|retry-after|link|etag|last-modified|date|x-total(-count|-pages)?|x-(next|prev)-page|x-page|x-per-page|x-request-id|x-ratelimit-.*|x-rate-limit-.*|ratelimit.*)$/;

/**
 * Sends a request that module code asked for, below the base address of one declared connection. The credential is added
 * here and every form of it is removed from what comes back; the module never sees it.
 * Failures are values: a module's request must not end the worker.
 */
export async function sendConnectionRequest(
  call: ConnectionCall,
): Promise<{ response: SandboxResponse; record: RequestRecord }> {
  const startedAt = performance.now();
  const { connection, request } = call;
  const method = (request.method || "GET").toUpperCase();
  const redact = createRedactor(Object.values(call.credentials));
  const record: RequestRecord = { host: new URL(connection.baseUrl).host, method, path: "", durationMs: 0 };
  const finish = (response: SandboxResponse, extra: Partial<RequestRecord>) => ({
    response,
    record: { ...record, ...extra, durationMs: Math.round(performance.now() - startedAt) },
  });
  try {
    record.path = redact(request.path.split(/[?#]/)[0]?.slice(0, 500) ?? "");
    if (!connection.methods.some((declared) => declared === method))
      throw new Refusal(`The manifest does not declare the method ${method.slice(0, 10)} for this connection`);
    const url = buildUrl(connection.baseUrl, request);
    record.path = redact(url.pathname);
    const response = await exchange(prepare(call, method), url);
    return finish(response, { status: response.status });
  } catch (error) {
    if (error instanceof Refusal) {
      const blocked = redact(error.message);
      const status = error.answered === undefined ? {} : { status: error.answered };
      return finish({ error: { code: "refused", message: blocked } }, { blocked, ...status });
    }
    if (!(error instanceof EgressError)) throw error;
    const message = redact(error.message);
    return finish({ error: { code: error.failure, message } }, error.failure === "blocked" ? { blocked: message } : {});
  }
}

function prepare(call: ConnectionCall, method: string): Exchange {
  const headers = guestHeaders(call);
  const { body, contentType } = encodeBody(call.request);
  if (body !== undefined && (method === "GET" || method === "HEAD"))
    throw new Refusal(`A ${method} request carries no body; use \`query\``);
  const until = performance.now() + (call.timeoutMs ?? defaultTimeoutMs);
  return {
    call,
    method,
    body,
    headers: { ...(contentType ? { "content-type": contentType } : {}), ...headers, ...call.hostHeaders },
    options: () => ({
      // Zero would be read as "at once" only after the next tick; one millisecond is as good and never negative.
      timeoutMs: Math.max(1, Math.round(until - performance.now())),
      signal: call.signal,
      maxBytes: call.maxResponseChars,
      allow: call.allow,
      resolve: call.resolve,
    }),
  };
}

async function exchange(
  prepared: Exchange,
  first: URL,
): Promise<{ status: number; headers: Record<string, string>; body: string }> {
  const secrets: string[] = [];
  let url = first;
  for (let redirects = 0; ; redirects++) {
    requireHttps(url, prepared.call.allow);
    const reply = await sendWithCredential(prepared, url, secrets);
    const next = redirectTarget(prepared, url, reply);
    if (!next) return show(reply, createRedactor(secrets));
    if (redirects >= maxRedirects)
      throw new EgressError("too_many_redirects", `${url.host} redirected more than ${maxRedirects} times`);
    url = next;
  }
}

/** A token that the API refuses is renewed once: it may have been withdrawn before its time. */
async function sendWithCredential(prepared: Exchange, url: URL, secrets: string[]): Promise<EgressResponse> {
  for (let isRetry = false; ; isRetry = true) {
    const { call } = prepared;
    const { auth } = call.connection;
    const { timeoutMs, allow, resolve } = prepared.options();
    const options = { timeoutMs, allow, resolve };
    const added = await createCredential({ auth, credentials: call.credentials, tokenScope: call.tokenScope, options });
    secrets.push(...added.secrets);
    const reply = await vettedFetch(withQuery(url, added), {
      ...prepared.options(),
      method: prepared.method,
      headers: { ...prepared.headers, ...added.headers },
      body: prepared.body,
      redirect: "manual",
    });
    if (reply.status !== 401 || !added.token) return reply;
    forgetToken(added.token);
    if (isRetry || added.token.isFresh) return reply;
  }
}

function withQuery(url: URL, { query }: AddedCredential): string {
  const full = new URL(url);
  for (const [name, value] of Object.entries(query)) full.searchParams.set(name, value);
  return full.href;
}

/** Reads follow a redirect that stays below the base address; any other is a failure the module's author should see. */
function redirectTarget({ call, method }: Exchange, from: URL, reply: EgressResponse): URL | null {
  const { location } = reply.headers;
  if (reply.status < 301 || reply.status > 308 || reply.status === 304 || location === undefined) return null;
  const base = new URL(call.connection.baseUrl);
  const to = URL.canParse(location, from) ? new URL(location, from) : null;
  if (!to || to.username || to.password || !isBelow(base, to))
    throw new Refusal(`${from.host} redirected to an address outside of the connection`, reply.status);
  if (method !== "GET" && method !== "HEAD")
    throw new Refusal(`${from.host} redirected a ${method} request, which is not repeated elsewhere`, reply.status);
  to.hash = "";
  return to;
}

function show(reply: EgressResponse, redact: (text: string) => string) {
  const shown = Object.entries(reply.headers).filter(([name]) => shownHeaders.test(name));
  return {
    status: reply.status,
    headers: Object.fromEntries(shown.map(([name, value]) => [name, redact(value)])),
    body: redact(new TextDecoder().decode(reply.body)),
  };
}

function guestHeaders({ request, connection: { auth } }: ConnectionCall): Record<string, string> {
  const entries = Object.entries(request.headers ?? {});
  const chars = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (entries.length > maxHeaders || chars > maxHeaderChars)
    throw new Refusal("The request has too many or too long headers");
  const credentialHeader = auth.kind === "api_key" && auth.in === "header" ? auth.name.toLowerCase() : "authorization";
  for (const [name, value] of entries) {
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/i.test(name) || /[^\t\u0020-\u007e\u0080-\u00ff]/.test(value))
      throw new Refusal("A header holds characters that are not allowed");
    if (refusedHeaders.test(name) || name.toLowerCase() === credentialHeader)
      throw new Refusal(`The header ${name} is set by Burgeon, not by a module; declare a credential for it`);
  }
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
}

function encodeBody(request: SandboxRequest): { body?: string; contentType?: string } {
  if (request.json !== undefined) return { body: JSON.stringify(request.json), contentType: "application/json" };
  if (request.form !== undefined)
    return { body: new URLSearchParams(request.form).toString(), contentType: "application/x-www-form-urlencoded" };
  if (request.text !== undefined) return { body: request.text, contentType: "text/plain; charset=utf-8" };
  return {};
}
