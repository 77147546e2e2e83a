import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import type { OAuthPort, TokenSet } from "../../contracts/adapter";
import { AppError } from "../../contracts/errors";
import { env } from "../../env";

// By hand and not with google-auth-library: it cannot be aborted per call, repeats the exchange of a code that works only once,
// and would be loaded for building one address. What it adds, keeping tokens, is the host's work here.

const timeoutMs = 15_000;
const api = "https://www.googleapis.com/auth";
const listScope = `${api}/calendar.calendarlist.readonly`;
const readScope = `${api}/calendar.events.readonly`;
const writeScope = `${api}/calendar.events`;
/** Wider rights of an earlier consent include the narrow ones (`include_granted_scopes`). */
const wideReadScopes = [`${api}/calendar.readonly`, `${api}/calendar`];
const listScopes = [listScope, `${api}/calendar.calendarlist`, ...wideReadScopes];
const eventScopes = [readScope, writeScope, ...wideReadScopes];
const writeScopes = [writeScope, `${api}/calendar`];

export const oauth: OAuthPort = {
  issuer: "https://accounts.google.com",
  authorizationUrl,
  exchange,
  refresh,
  mayWrite: includesWriting,
  revoke,
};

/** Whether a connection with these scopes may change events. */
export function includesWriting(scopes: readonly string[]): boolean {
  return writeScopes.some((scope) => scopes.includes(scope));
}

/** The variables of the OAuth client that are not set. */
export function missingClient(): string[] {
  const { GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET } = env();
  return Object.entries({ GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET }).flatMap(([name, value]) => (value ? [] : [name]));
}

function authorizationUrl(request: Parameters<OAuthPort["authorizationUrl"]>[0]): string {
  const url = new URL(endpoints().authorize);
  url.search = new URLSearchParams({
    client_id: client().id,
    redirect_uri: request.redirectUri,
    response_type: "code",
    scope: ["openid", "email", listScope, request.isWriteWanted ? writeScope : readScope].join(" "),
    state: request.state,
    code_challenge: request.codeChallenge,
    code_challenge_method: "S256",
    access_type: "offline",
    include_granted_scopes: "true",
    // Google gives a refresh token with the first consent only; asking again would cost one of the hundred per account.
    ...(request.hasRefreshToken ? {} : { prompt: "consent" }),
    ...(request.account ? { login_hint: request.account } : {}),
  }).toString();
  return url.toString();
}

async function exchange(request: Parameters<OAuthPort["exchange"]>[0]): ReturnType<OAuthPort["exchange"]> {
  const reply = await requestTokens(
    {
      grant_type: "authorization_code",
      code: request.code,
      code_verifier: request.codeVerifier,
      redirect_uri: request.redirectUri,
    },
    request.signal,
  );
  if ("problem" in reply) {
    if (reply.problem !== "invalid_grant") throw readProblem(reply.problem);
    throw new AppError("refused", "Google did not accept the sign-in: it was too old or used already. Connect again.", {
      cause: new Error("Google token endpoint: invalid_grant for a code"),
    });
  }
  const tokens = toTokenSet(reply);
  assertScopes(tokens.scopes);
  return { ...tokens, account: await readAccount(reply.id_token, request.signal) };
}

async function refresh(request: { refreshToken: string; signal: AbortSignal }): Promise<TokenSet> {
  const reply = await requestTokens(
    { grant_type: "refresh_token", refresh_token: request.refreshToken },
    request.signal,
  );
  if (!("problem" in reply)) return toTokenSet(reply);
  if (reply.problem !== "invalid_grant") throw readProblem(reply.problem);
  throw new AppError("auth-expired", "Google ended Burgeon's access. Connect Google Calendar again; nothing is lost.", {
    cause: new Error("Google token endpoint: invalid_grant"),
    hint: "While the Google project is in Testing, Google ends each access after seven days.",
  });
}

async function revoke(request: { token: string; signal: AbortSignal }): Promise<void> {
  const { status, body } = await post(endpoints().revoke, { token: request.token }, request.signal);
  const problem = replyErrorSchema.safeParse(body);
  // A token that is expired or revoked is answered with 400 invalid_token.
  const isGone = status === 400 && problem.success && ["invalid_token", "invalid_grant"].includes(problem.data.error);
  if (status !== 200 && !isGone) throw unavailable(`revocation answered ${status}`);
}

const replySchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.number().positive(),
  refresh_token: z.string().min(1).optional(),
  scope: z.string().default(""),
  token_type: z.string().regex(/^bearer$/i),
  id_token: z.string().optional(),
  /** While the project is in Testing: how long the refresh token lives. */
  refresh_token_expires_in: z.number().positive().optional(),
});
type Reply = z.output<typeof replySchema>;
const replyErrorSchema = z.object({ error: z.string().regex(/^[a-z_]{1,60}$/) });

async function requestTokens(
  fields: Record<string, string>,
  signal: AbortSignal,
): Promise<Reply | { problem: string }> {
  const { id, secret } = client();
  const { status, body } = await post(endpoints().token, { ...fields, client_id: id, client_secret: secret }, signal);
  if (status === 200) {
    const reply = replySchema.safeParse(body);
    if (reply.success) return reply.data;
    throw unavailable("the token endpoint gave no tokens");
  }
  const error = replyErrorSchema.safeParse(body);
  if (status >= 500 || status === 429 || !error.success) throw unavailable(`the token endpoint answered ${status}`);
  return { problem: error.data.error };
}

/** What no person can mend by signing in again. */
function readProblem(problem: string): AppError {
  if (["temporarily_unavailable", "server_error", "internal_failure"].includes(problem)) return unavailable(problem);
  return new AppError("refused", "Google does not accept this Burgeon as an application.", {
    cause: new Error(`Google token endpoint: ${problem}`),
    hint: "The owner of this installation should check GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET and the redirect address.",
  });
}

async function post(
  url: string,
  fields: Record<string, string>,
  signal: AbortSignal,
): Promise<{ status: number; body: unknown }> {
  signal.throwIfAborted();
  try {
    const response = await fetch(url, {
      method: "POST",
      body: new URLSearchParams(fields),
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await response.text();
    return { status: response.status, body: parseJson(text) };
  } catch (thrown) {
    signal.throwIfAborted();
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "no answer";
    throw unavailable(/^\w{1,40}$/.test(code) ? code : "no answer");
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An error page of something in between: the status tells enough.
    return null;
  }
}

function unavailable(what: string): AppError {
  return new AppError("unavailable", "Google's sign-in does not answer at the moment. Try again in a few minutes.", {
    cause: new Error(`Google sign-in: ${what}`),
  });
}

function toTokenSet(reply: Reply): TokenSet {
  const now = Date.now();
  return {
    accessToken: reply.access_token,
    accessExpiresAt: new Date(now + reply.expires_in * 1000),
    ...(reply.refresh_token ? { refreshToken: reply.refresh_token } : {}),
    scopes: reply.scope.split(" ").filter(Boolean),
    ...(reply.refresh_token_expires_in
      ? { consentExpiresAt: new Date(now + reply.refresh_token_expires_in * 1000) }
      : {}),
  };
}

/** A person can untick rights on Google's page: what comes back then is a success with less in it. */
function assertScopes(scopes: readonly string[]): void {
  const lacking = [
    ...(listScopes.some((scope) => scopes.includes(scope)) ? [] : ["see the list of your calendars"]),
    ...(eventScopes.some((scope) => scopes.includes(scope)) ? [] : ["see your events"]),
  ];
  if (lacking.length === 0) return;
  throw new AppError(
    "refused",
    `Google was not allowed to let Burgeon ${lacking.join(" and ")}. Nothing was connected.`,
    {
      hint: "Connect again and leave the boxes ticked on Google's page.",
    },
  );
}

const claimsSchema = z.object({ sub: z.string().min(1).max(255), email: z.string().optional() });
/** Asked for again for an unknown key, at most once a second: only who has just signed in comes this far. */
const keyOptions = { timeoutDuration: timeoutMs, cooldownDuration: 1000 };
let keys: { url: string; get: JWTVerifyGetKey } | undefined;

/** Who signed in, from the verified id_token (OpenID Connect Core, section 3.1.3.7). */
async function readAccount(idToken: string | undefined, signal: AbortSignal): Promise<{ key: string; title: string }> {
  const { certificates } = endpoints();
  if (keys?.url !== certificates)
    keys = { url: certificates, get: createRemoteJWKSet(new URL(certificates), keyOptions) };
  const verified = await jwtVerify(idToken ?? "", keys.get, {
    algorithms: ["RS256"],
    issuer: ["https://accounts.google.com", "accounts.google.com"],
    audience: client().id,
    requiredClaims: ["exp", "iat", "sub"],
    clockTolerance: 60,
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    // No keys to check with is an outage; a token that does not pass them is not.
    if (/TIMEOUT|^ERR_JOSE_GENERIC$|^unknown$/.test(code)) throw unavailable(`no keys (${code})`);
    throw new AppError("refused", "Google's answer could not be verified. Nothing was connected; try again.", {
      cause: new Error(`Google id_token: ${code}`),
    });
  });
  const claims = claimsSchema.parse(verified.payload);
  return { key: claims.sub, title: claims.email ?? "Google account" };
}

function client(): { id: string; secret: string } {
  const { GOOGLE_CLIENT_ID: id, GOOGLE_CLIENT_SECRET: secret } = env();
  if (id && secret) return { id, secret };
  throw new AppError("refused", "Google Calendar is not set up in this Burgeon.", {
    hint: `The owner of this installation has to set ${missingClient().join(" and ")}.`,
  });
}

function endpoints() {
  const base = env().GOOGLE_API_BASE_URL?.replace(/\/+$/, "");
  return {
    authorize: `${base ?? "https://accounts.google.com"}/o/oauth2/v2/auth`,
    token: `${base ?? "https://oauth2.googleapis.com"}/token`,
    revoke: `${base ?? "https://oauth2.googleapis.com"}/revoke`,
    certificates: `${base ?? "https://www.googleapis.com"}/oauth2/v3/certs`,
  };
}
