import { setTimeout as wait } from "node:timers/promises";
import type { AdapterFake } from "../../contracts/adapter";
import { ApiProblem, cutAnswer, json, oauthProblem } from "./testing-answers";
import { answerCalendar, calendarKind } from "./testing-calendar";
import { createControl } from "./testing-control";
import { createOAuth } from "./testing-oauth";
import type { FakeState } from "./testing-state";

export interface GoogleFakeOptions {
  now?: () => Date;
  clientId?: string;
  clientSecret?: string;
  /** Those that the client is registered with; left out: any. */
  redirectUris?: readonly string[];
}

/**
 * A Google that keeps its state in memory: sign-in with consent page, tokens, calendars, push channels, and the ways in which
 * each of them fails. `fetch` speaks the protocol; `control` is the hand behind the scenes.
 */
export function createGoogleFake(options: GoogleFakeOptions = {}) {
  const state: FakeState = {
    now: options.now ?? (() => new Date()),
    clientId: options.clientId ?? "sample-client.apps.googleusercontent.com",
    clientSecret: options.clientSecret ?? "sample-secret",
    redirectUris: options.redirectUris ?? null,
    people: new Map(),
    calendars: new Map(),
    grants: new Map(),
    accessTokens: new Map(),
    channels: new Map(),
    consent: null,
    isTesting: false,
    habits: { maxPageSize: 2500, hasEmptyPages: false, cancelledWithinDays: 183 },
    faults: [],
    latencyMs: 0,
    calls: new Map(),
    created: new Map(),
    mails: [],
    deliveries: [],
    onCall: null,
  };
  const oauth = createOAuth(state);
  const fetch: AdapterFake = (request) => serve(state, oauth, request);
  return { fetch, control: createControl(state, oauth) };
}
export type GoogleFake = ReturnType<typeof createGoogleFake>;
type OAuthFake = ReturnType<typeof createOAuth>;

async function serve(state: FakeState, oauth: OAuthFake, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const form = url.pathname === "/token" || url.pathname === "/revoke" ? await readForm(request) : null;
  const kind = readKind(request.method, url.pathname, form);
  if (kind === null) return new ApiProblem(404, "notFound", "Not Found").toResponse();
  const count = (state.calls.get(kind) ?? 0) + 1;
  state.calls.set(kind, count);
  if (state.latencyMs > 0) await wait(state.latencyMs);
  state.onCall?.(kind, count);
  const fault = state.faults.find((candidate) => candidate.times > 0 && kind.startsWith(candidate.kind));
  if (fault) fault.times -= 1;
  if (fault?.problem === "cut-before") return cutAnswer();
  if (fault?.problem instanceof ApiProblem) return toAnswer(kind, fault.problem);
  if (typeof fault?.problem === "object" && "body" in fault.problem) return foreignAnswer(fault.problem);
  const answer = await route(state, oauth, request, kind, form).catch((error: unknown) => {
    if (error instanceof ApiProblem) return error.toResponse();
    throw error;
  });
  return fault?.problem === "cut-after" ? cutAnswer() : answer;
}

/** As of something that stands in between, such as the sign-in page of a hotel's network. */
function foreignAnswer({ body, redirectTo }: { body: string; redirectTo?: string }): Response {
  const type = body.startsWith("{") ? "application/json" : "text/html";
  if (redirectTo === undefined) return new Response(body, { headers: { "content-type": type } });
  return new Response(null, { status: 307, headers: { location: redirectTo } });
}

function readKind(method: string, path: string, form: URLSearchParams | null): string | null {
  const fixed: Record<string, string> = {
    "GET /o/oauth2/v2/auth": "authorize",
    "POST /o/oauth2/v2/auth": "authorize.answer",
    "POST /revoke": "revoke",
    "GET /oauth2/v3/certs": "certs",
  };
  if (method === "POST" && path === "/token")
    return form?.get("grant_type") === "refresh_token" ? "token.refresh" : "token.exchange";
  return fixed[`${method} ${path}`] ?? calendarKind(method, path);
}

async function route(
  state: FakeState,
  oauth: OAuthFake,
  request: Request,
  kind: string,
  form: URLSearchParams | null,
): Promise<Response> {
  if (kind === "authorize") return oauth.authorize(new URL(request.url));
  if (kind === "authorize.answer") return oauth.answer(request);
  if (kind === "certs") return oauth.certificates();
  if (kind === "revoke") return oauth.revoke(form ?? new URLSearchParams());
  if (form === null) return answerCalendar(state, request, kind);
  if (form.get("client_id") !== state.clientId || form.get("client_secret") !== state.clientSecret)
    return oauthProblem("invalid_client", "The provided client secret is invalid.", 401);
  if (kind === "token.refresh") return oauth.refresh(form);
  if (form.get("grant_type") === "authorization_code") return oauth.exchange(form);
  return oauthProblem("unsupported_grant_type", "Invalid grant_type");
}

function toAnswer(kind: string, problem: ApiProblem): Response {
  const isSignIn = kind.startsWith("token") || kind === "revoke";
  if (!isSignIn) return problem.toResponse();
  return json({ error: problem.reason, error_description: problem.message }, problem.status);
}

async function readForm(request: Request): Promise<URLSearchParams> {
  const form = new URLSearchParams(await request.text());
  const basic = /^Basic (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const [id, secret] = basic ? Buffer.from(basic, "base64").toString().split(":").map(decodeURIComponent) : [];
  if (id !== undefined && secret !== undefined) {
    form.set("client_id", id);
    form.set("client_secret", secret);
  }
  return form;
}
