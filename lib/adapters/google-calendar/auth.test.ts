import { createHash, randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { beforeEach, describe, expect, test } from "vitest";
import { AppError } from "../../contracts/errors";
import { includesWriting, oauth } from "./auth";
import { ann, serveGoogle } from "./testing-served";

const google = serveGoogle();
beforeEach(() => google.control.endGrant(ann));
const redirectUri = "http://127.0.0.1:3000/api/connect/google-calendar/callback";
const verifier = randomBytes(32).toString("base64url");
const { signal } = new AbortController();
const root = "https://www.googleapis.com/auth/calendar";

function address(parts: { isWriteWanted?: boolean; hasRefreshToken?: boolean; account?: string } = {}) {
  return oauth.authorizationUrl({
    state: "state-of-the-attempt",
    codeChallenge: createHash("sha256").update(verifier).digest("base64url"),
    redirectUri,
    isWriteWanted: parts.isWriteWanted ?? false,
    hasRefreshToken: parts.hasRefreshToken ?? false,
    account: parts.account,
  });
}
/** Goes to the page as a browser would, where the person answers as `answerConsent` says. */
async function consent(url = address()): Promise<URL> {
  const answer = await fetch(url, { redirect: "manual" });
  expect(answer.status).toBe(302);
  return new URL(answer.headers.get("location") ?? "");
}
async function codeFor(decision: "allow" | "deny" = "allow", unticked: string[] = [], url = address()) {
  google.control.answerConsent({ email: ann, decision, unticked });
  return (await consent(url)).searchParams.get("code") ?? "";
}
const exchange = (code: string, parts: { redirectUri?: string; codeVerifier?: string } = {}) =>
  oauth.exchange({ code, codeVerifier: verifier, redirectUri, signal, ...parts });
async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => new Error("nothing failed"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe("the address of the consent page", () => {
  test("asks for reading only, offline, with PKCE, and for consent only where a refresh token is missing", () => {
    const query = Object.fromEntries(new URL(address()).searchParams);
    expect(query).toMatchObject({
      response_type: "code",
      redirect_uri: redirectUri,
      scope: `openid email ${root}.calendarlist.readonly ${root}.events.readonly`,
      code_challenge_method: "S256",
      access_type: "offline",
      include_granted_scopes: "true",
      prompt: "consent",
      state: "state-of-the-attempt",
    });
    const again = new URL(address({ hasRefreshToken: true, isWriteWanted: true, account: ann })).searchParams;
    expect(again.has("prompt")).toBe(false);
    expect(again.get("login_hint")).toBe(ann);
    expect(again.get("scope")).toBe(`openid email ${root}.calendarlist.readonly ${root}.events`);
  });

  test("is a page that a person can answer", async () => {
    const page = await (await fetch(address())).text();
    expect(page).toContain("<h1>Sample Google sign-in</h1>");
    expect(page).toContain("View events on all your calendars");
    const request = /name="request" value="(\w+)"/.exec(page)?.[1] ?? "";
    const answer = (decision: string) =>
      fetch(new URL("/o/oauth2/v2/auth", address()), {
        method: "POST",
        redirect: "manual",
        body: new URLSearchParams({ request, account: ann, decision, scope: `${root}.events.readonly` }),
      });
    const back = new URL((await answer("allow")).headers.get("location") ?? "");
    expect(back.origin + back.pathname).toBe(redirectUri);
    expect(back.searchParams.get("state")).toBe("state-of-the-attempt");
    expect((await answer("allow")).status).toBe(400);
  });

  test.each([
    ["client_id", "other"],
    ["code_challenge_method", "plain"],
    ["code_challenge", ""],
    ["response_type", "token"],
  ])("is refused by the sample with a wrong %s", async (name, value) => {
    const url = new URL(address());
    url.searchParams.set(name, value);
    expect((await fetch(url, { redirect: "manual" })).status).toBe(400);
  });
});

describe("a code", () => {
  test("is exchanged for tokens and the verified account", async () => {
    const tokens = await exchange(await codeFor());
    expect(tokens).toMatchObject({ account: { key: "100000000000000000000", title: ann } });
    expect(tokens.refreshToken).toMatch(/^1\/\//);
    expect(tokens.accessExpiresAt.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
    expect(tokens.consentExpiresAt).toBeUndefined();
    expect(includesWriting(tokens.scopes)).toBe(false);
  });

  test("gives a refresh token with the first consent, or when consent is asked for again", async () => {
    await exchange(await codeFor());
    const held = address({ hasRefreshToken: true, isWriteWanted: true });
    const second = await exchange(await codeFor("allow", [], held));
    expect(second.refreshToken).toBeUndefined();
    expect(includesWriting(second.scopes)).toBe(true);
    expect((await exchange(await codeFor())).refreshToken).toBeDefined();
  });

  test("says when the consent ends, while the project is in Testing", async () => {
    google.control.setTesting(true);
    const { consentExpiresAt } = await exchange(await codeFor());
    const days = ((consentExpiresAt?.getTime() ?? 0) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(6.9);
    expect(days).toBeLessThanOrEqual(7);
  });

  test("works once, with its own verifier and redirect address", async () => {
    const code = await codeFor();
    await exchange(code);
    expect((await failure(exchange(code))).code).toBe("refused");
    expect((await failure(exchange(await codeFor(), { codeVerifier: "x".repeat(43) }))).code).toBe("refused");
    const other = `${redirectUri}/other`;
    expect((await failure(exchange(await codeFor(), { redirectUri: other }))).code).toBe("refused");
  });

  test("with rights left out is refused with a sentence that names them", async () => {
    const noEvents = await failure(exchange(await codeFor("allow", [`${root}.events.readonly`])));
    expect(noEvents).toMatchObject({ code: "refused", hint: expect.stringContaining("ticked") });
    expect(noEvents.message).toContain("see your events");
    expect(noEvents.message).not.toContain("list of your calendars");
  });

  test("with the right to write left out still gives what was given before", async () => {
    await exchange(await codeFor());
    const url = address({ isWriteWanted: true, hasRefreshToken: true });
    const tokens = await exchange(await codeFor("allow", [`${root}.events`], url));
    expect(includesWriting(tokens.scopes)).toBe(false);
  });

  test("is not given when the person denies", async () => {
    google.control.answerConsent({ email: ann, decision: "deny" });
    const back = await consent();
    expect(back.searchParams.get("error")).toBe("access_denied");
    expect(back.searchParams.has("code")).toBe(false);
  });

  test("is believed with new keys soon after Google changed them", async () => {
    await exchange(await codeFor());
    google.control.rotateKeys();
    const attempt = async () => exchange(await codeFor()).then(({ account }) => account.title, String);
    await expect.poll(attempt, { timeout: 10_000, interval: 300 }).toBe(ann);
  });

  test("is believed only with an id_token that Google made for this client, and just now", async () => {
    google.control.forgeIdTokens({ audience: "somebody-else" });
    expect((await failure(exchange(await codeFor()))).message).toContain("could not be verified");
    google.control.forgeIdTokens({ issuer: "https://accounts.example" });
    expect((await failure(exchange(await codeFor()))).message).toContain("could not be verified");
    google.control.forgeIdTokens({ ageSeconds: 7200 });
    expect((await failure(exchange(await codeFor()))).message).toContain("could not be verified");
    google.control.forgeIdTokens({ isSignedByOther: true });
    expect((await failure(exchange(await codeFor()))).message).toContain("could not be verified");
  });

  test("waits for better times when nobody answers", async () => {
    const code = await codeFor();
    google.control.fail({ kind: "token", status: 503, reason: "backend_error" });
    expect((await failure(exchange(code))).code).toBe("unavailable");
    google.control.cut("token", "before");
    expect((await failure(exchange(code))).code).toBe("unavailable");
    // It was not used up, and is not sent again by itself.
    expect(google.control.calls("token.exchange")).toBe(2);
    await exchange(code);
  });
});

describe("a refresh token", () => {
  const connect = async () => (await exchange(await codeFor())).refreshToken ?? "";
  const refresh = (refreshToken: string) => oauth.refresh({ refreshToken, signal });

  test("gives an access token, and stays the one that is held", async () => {
    const tokens = await refresh(await connect());
    expect(tokens.accessToken).toMatch(/^ya29/);
    expect(tokens.refreshToken).toBeUndefined();
  });

  test("that was taken back ends in auth-expired", async () => {
    const token = await connect();
    google.control.endGrant(ann);
    expect((await failure(refresh(token))).code).toBe("auth-expired");
  });

  test("dies after seven days in Testing", async () => {
    let now = new Date();
    google.renew(() => now);
    google.control.setTesting(true);
    const token = await connect();
    expect((await refresh(token)).consentExpiresAt).toBeDefined();
    now = new Date(now.getTime() + 7 * 86_400_000);
    expect((await failure(refresh(token))).code).toBe("auth-expired");
  });

  test("is the oldest of a hundred and dies with the next", async () => {
    const token = await connect();
    for (let at = 0; at < 99; at++) await connect();
    await refresh(token);
    await connect();
    expect((await failure(refresh(token))).code).toBe("auth-expired");
  });

  test("with a wrong client is a matter for the owner, not for the person", async () => {
    const token = await connect();
    google.control.state.clientSecret = "changed";
    expect(await failure(refresh(token))).toMatchObject({ code: "refused", hint: expect.stringContaining("owner") });
  });

  test.each([
    [500, "backend_error"],
    [503, "temporarily_unavailable"],
    [429, "rate_limit_exceeded"],
    [400, "Not a code but a sentence"],
  ])("answered with %i %s may pass, and nobody has to sign in", async (status, reason) => {
    const token = await connect();
    google.control.fail({ kind: "token.refresh", status, reason });
    expect((await failure(refresh(token))).code).toBe("unavailable");
  });

  test("is never in an error", async () => {
    const token = await connect();
    google.control.endGrant(ann);
    for (const reason of ["invalid_grant", "invalid_client", "invalid_request"]) {
      google.control.fail({ kind: "token.refresh", status: 400, reason });
      const all = inspect(await failure(refresh(token)), { depth: 20, showHidden: true });
      expect(all).not.toContain(token);
      expect(all).not.toContain("sample-secret");
      expect(all).not.toContain("foreign text");
    }
  });

  test("stops being waited for when the work is given up", async () => {
    const token = await connect();
    google.control.setLatency(8000);
    const stop = new AbortController();
    const waiting = oauth.refresh({ refreshToken: token, signal: stop.signal });
    await expect.poll(() => google.control.calls("token.refresh")).toBe(1);
    stop.abort(new Error("given up"));
    await expect(waiting).rejects.toThrow("given up");
  });

  test("is revoked once; one that is known no more counts as revoked", async () => {
    const token = await connect();
    await oauth.revoke({ token, signal });
    expect((await failure(refresh(token))).code).toBe("auth-expired");
    await oauth.revoke({ token, signal });
    google.control.fail({ kind: "revoke", status: 503, reason: "backend_error" });
    expect((await failure(oauth.revoke({ token, signal }))).code).toBe("unavailable");
  });
});
