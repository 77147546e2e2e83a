import { createHash, randomBytes } from "node:crypto";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { json, oauthProblem } from "./testing-answers";
import { consentPage, consentProblem, fixedScopes } from "./testing-consent-page";
import type { FakeState, Grant } from "./testing-state";

const accessLifeMs = 3599_000;
const codeLifeMs = 10 * 60_000;
const testingLifeMs = 7 * 86_400_000;
const maxRefreshTokens = 100;
const emailScope = "https://www.googleapis.com/auth/userinfo.email";

interface Authorization {
  redirectUri: string;
  state: string | null;
  challenge: string;
  scopes: string[];
  isOffline: boolean;
  isConsentForced: boolean;
  includesGranted: boolean;
}
interface Code {
  authorization: Authorization;
  email: string;
  scopes: Set<string>;
  isFirst: boolean;
  expiresAt: number;
}
/** How an id_token is made wrong. */
export interface Forgery {
  audience?: string;
  issuer?: string;
  ageSeconds?: number;
  isSignedByOther?: boolean;
}
type Keys = { id: string; pair: Awaited<ReturnType<typeof generateKeyPair>> };

/** One pair per process: making one takes a while, and every sample of a test file stands behind the same address. */
let keys: Promise<Keys> | undefined;

/** The sign-in half: consent, codes, tokens, keys. */
export function createOAuth(state: FakeState) {
  const asked = new Map<string, Authorization>();
  const codes = new Map<string, Code>();
  let forgery: Forgery = {};
  const currentKeys = () => {
    keys ??= generateKeyPair("RS256").then((pair) => ({ id: randomBytes(8).toString("hex"), pair }));
    return keys;
  };
  return {
    forge: (wanted: Forgery) => {
      forgery = wanted;
    },
    rotateKeys: () => {
      keys = undefined;
    },
    authorize: (url: URL) => authorize(state, asked, codes, url),
    answer: async (request: Request) => answerConsent(state, asked, codes, new URLSearchParams(await request.text())),
    certificates: async () => {
      const { id, pair } = await currentKeys();
      return json({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: id, alg: "RS256", use: "sig" }] });
    },
    exchange: async (form: URLSearchParams) =>
      exchange(state, codes, form, (email) => newIdToken(state, email, currentKeys, forgery)),
    refresh: (form: URLSearchParams) => refresh(state, form),
    revoke: (form: URLSearchParams) => revoke(state, form.get("token") ?? ""),
  };
}

function authorize(state: FakeState, asked: Map<string, Authorization>, codes: Map<string, Code>, url: URL): Response {
  const get = (name: string) => url.searchParams.get(name);
  const redirectUri = get("redirect_uri") ?? "";
  if (get("client_id") !== state.clientId) return consentProblem("invalid_client", "The OAuth client was not found.");
  if (!URL.canParse(redirectUri) || (state.redirectUris && !state.redirectUris.includes(redirectUri)))
    return consentProblem("redirect_uri_mismatch", "The redirect address is not one of this client's.");
  if (get("response_type") !== "code") return consentProblem("invalid_request", "response_type must be code.");
  if (get("code_challenge_method") !== "S256" || !/^[\w-]{43}$/.test(get("code_challenge") ?? ""))
    return consentProblem("invalid_request", "A code challenge with the method S256 is needed.");
  const scopes = (get("scope") ?? "").split(" ").filter(Boolean);
  if (scopes.length === 0) return consentProblem("invalid_request", "Missing required parameter: scope");
  const id = randomBytes(12).toString("hex");
  const authorization: Authorization = {
    redirectUri,
    state: get("state"),
    challenge: get("code_challenge") ?? "",
    scopes,
    isOffline: get("access_type") === "offline",
    isConsentForced: (get("prompt") ?? "").split(" ").includes("consent"),
    includesGranted: get("include_granted_scopes") === "true",
  };
  asked.set(id, authorization);
  const { consent } = state;
  if (consent) {
    const kept = scopes.filter((scope) => !consent.unticked?.includes(scope));
    const form = new URLSearchParams({ request: id, account: consent.email, decision: consent.decision });
    for (const scope of kept) form.append("scope", scope);
    return answerConsent(state, asked, codes, form);
  }
  const people = [...state.people.values()];
  const hint = people.find(({ email, sub }) => [email, sub].includes(get("login_hint") ?? ""));
  return consentPage({ id, people, chosen: (hint ?? people[0])?.email ?? "", scopes });
}

function answerConsent(
  state: FakeState,
  asked: Map<string, Authorization>,
  codes: Map<string, Code>,
  form: URLSearchParams,
): Response {
  const authorization = asked.get(form.get("request") ?? "");
  const person = state.people.get(form.get("account") ?? "");
  if (!authorization || !person) return consentProblem("invalid_request", "This page was answered already.");
  asked.delete(form.get("request") ?? "");
  const target = new URL(authorization.redirectUri);
  if (authorization.state !== null) target.searchParams.set("state", authorization.state);
  target.searchParams.set("iss", "https://accounts.google.com");
  if (form.get("decision") !== "allow") {
    target.searchParams.set("error", "access_denied");
    return redirect(target);
  }
  const ticked = form.getAll("scope");
  const before = state.grants.get(person.email);
  const scopes = new Set([
    ...authorization.scopes.filter((scope) => fixedScopes.includes(scope) || ticked.includes(scope)),
    ...(authorization.includesGranted ? (before?.scopes ?? []) : []),
  ]);
  if (scopes.delete("email")) scopes.add(emailScope);
  const code = `4/${randomBytes(24).toString("base64url")}`;
  const expiresAt = state.now().getTime() + codeLifeMs;
  codes.set(code, { authorization, email: person.email, scopes, isFirst: !before, expiresAt });
  target.searchParams.set("code", code);
  target.searchParams.set("scope", [...scopes].join(" "));
  return redirect(target);
}

function redirect(target: URL): Response {
  return new Response(null, { status: 302, headers: { location: target.toString(), "cache-control": "no-store" } });
}

async function exchange(
  state: FakeState,
  codes: Map<string, Code>,
  form: URLSearchParams,
  idTokenFor: (email: string) => Promise<string>,
): Promise<Response> {
  const code = codes.get(form.get("code") ?? "");
  codes.delete(form.get("code") ?? "");
  if (!code || code.expiresAt <= state.now().getTime()) return oauthProblem("invalid_grant", "Malformed auth code.");
  const { authorization, email, scopes } = code;
  if (form.get("redirect_uri") !== authorization.redirectUri)
    return oauthProblem("redirect_uri_mismatch", "Bad Request");
  const verifier = form.get("code_verifier") ?? "";
  if (createHash("sha256").update(verifier).digest("base64url") !== authorization.challenge)
    return oauthProblem("invalid_grant", "Invalid code verifier.");
  const grant: Grant = state.grants.get(email) ?? { email, scopes: new Set(), refreshTokens: [] };
  grant.scopes = new Set([...grant.scopes, ...scopes]);
  state.grants.set(email, grant);
  const isNew = authorization.isOffline && (code.isFirst || authorization.isConsentForced);
  const token = isNew ? newRefreshToken(state, grant) : null;
  return json({
    access_token: newAccessToken(state, email, scopes),
    expires_in: accessLifeMs / 1000,
    ...(token ? { refresh_token: token } : {}),
    ...(token && state.isTesting ? { refresh_token_expires_in: testingLifeMs / 1000 - 1 } : {}),
    scope: [...scopes].join(" "),
    token_type: "Bearer",
    ...(scopes.has("openid") ? { id_token: await idTokenFor(email) } : {}),
  });
}

function newRefreshToken(state: FakeState, grant: Grant): string {
  const token = `1//${randomBytes(24).toString("base64url")}`;
  const expiresAt = state.isTesting ? state.now().getTime() + testingLifeMs : null;
  grant.refreshTokens = [...grant.refreshTokens, { token, expiresAt }].slice(-maxRefreshTokens);
  return token;
}

function newAccessToken(state: FakeState, email: string, scopes: Iterable<string>): string {
  const token = `ya29.${randomBytes(24).toString("base64url")}`;
  const expiresAt = state.now().getTime() + accessLifeMs;
  state.accessTokens.set(token, { email, scopes: new Set(scopes), expiresAt });
  return token;
}

async function newIdToken(
  state: FakeState,
  email: string,
  currentKeys: () => Promise<Keys>,
  forgery: Forgery,
): Promise<string> {
  const { id, pair } = await currentKeys();
  const seconds = Math.floor(state.now().getTime() / 1000) - (forgery.ageSeconds ?? 0);
  const signer = forgery.isSignedByOther ? await generateKeyPair("RS256") : pair;
  return new SignJWT({ email, email_verified: true, azp: state.clientId })
    .setProtectedHeader({ alg: "RS256", kid: id, typ: "JWT" })
    .setIssuer(forgery.issuer ?? "https://accounts.google.com")
    .setAudience(forgery.audience ?? state.clientId)
    .setSubject(state.people.get(email)?.sub ?? "")
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 3600)
    .sign(signer.privateKey);
}

function refresh(state: FakeState, form: URLSearchParams): Response {
  const token = form.get("refresh_token");
  for (const grant of state.grants.values()) {
    const held = grant.refreshTokens.find((candidate) => candidate.token === token);
    if (!held) continue;
    if (held.expiresAt !== null && held.expiresAt <= state.now().getTime()) break;
    return json({
      access_token: newAccessToken(state, grant.email, grant.scopes),
      expires_in: accessLifeMs / 1000,
      scope: [...grant.scopes].join(" "),
      token_type: "Bearer",
      ...(held.expiresAt === null
        ? {}
        : { refresh_token_expires_in: Math.floor((held.expiresAt - state.now().getTime()) / 1000) }),
    });
  }
  return oauthProblem("invalid_grant", "Token has been expired or revoked.");
}

/** Either token ends the whole grant of the account. */
function revoke(state: FakeState, token: string): Response {
  const access = state.accessTokens.get(token);
  const grant =
    [...state.grants.values()].find(({ refreshTokens }) => refreshTokens.some((held) => held.token === token)) ??
    (access && state.grants.get(access.email));
  if (!grant) return oauthProblem("invalid_token", "Token expired or revoked");
  endGrant(state, grant.email);
  return json({});
}

export function endGrant(state: FakeState, email: string): void {
  state.grants.delete(email);
  for (const [token, access] of state.accessTokens) if (access.email === email) state.accessTokens.delete(token);
}
