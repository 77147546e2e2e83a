import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WebhookPort } from "../../contracts/adapter";
import type { SigningOptions } from "./testing-webhooks";
import { type PlaidTest, startPlaidTest } from "./testing-setup";

let plaid: PlaidTest;
let webhook: WebhookPort;
let now = new Date("2026-11-24T12:00:00Z");
beforeEach(async () => {
  now = new Date("2026-11-24T12:00:00Z");
  plaid = await startPlaidTest({ now: () => now, readiness: "at-once" });
  webhook = plaid.adapter.webhook as WebhookPort;
});
afterEach(() => plaid.close());

const signal = new AbortController().signal;
const keyPath = "/webhook_verification_key/get";
const askedForKeys = () => plaid.control.requests.filter(({ path }) => path === keyPath).length;
const later = (ms: number) => new Date(now.getTime() + ms);
const payload = { webhook_type: "TRANSACTIONS", webhook_code: "SYNC_UPDATES_AVAILABLE", item_id: "item-1" };

function verify({ headers, body }: { headers: Record<string, string>; body: string }, at = now) {
  return webhook.verify({ headers: new Headers(headers), body: Buffer.from(body), now: at, signal });
}
const verifySigned = (options: SigningOptions = {}, value: object = payload) =>
  verify(plaid.control.sign(value, options));
const changed = { about: { kind: "account", key: "item-1" }, news: "changed" };

describe("whose it is", () => {
  it("takes what Plaid signed, with the header in any case", async () => {
    const { headers, body } = plaid.control.sign(payload);
    expect(await verify({ headers, body })).toEqual(changed);
    expect(await verify({ headers: { "PLAID-Verification": headers["plaid-verification"] ?? "" }, body })).toEqual(
      changed,
    );
  });

  const forgeries: [string, SigningOptions][] = [
    ["another key", { isForged: true }],
    ["another algorithm in the header", { algorithm: "HS256" }],
    ["no algorithm", { algorithm: "none" }],
    ["a key id that is no UUID", { kid: "../../item/get" }],
    ["a key id that Plaid does not know", { kid: "2b0e6f0e-43a2-4d6e-9d1f-1c1f0a3f5a10" }],
    ["a hash of another body", { hashedBody: "{}" }],
    ["more than five minutes of age", { iat: 1_795_521_600 - 301 }],
    ["a time that has not come", { iat: 1_795_521_600 + 120 }],
  ];
  it.each(forgeries)("refuses %s", async (_what, options) => {
    expect(await verifySigned(options)).toBeNull();
  });

  it("refuses another algorithm and a key id that is no UUID before anyone is asked for a key", async () => {
    for (const options of [{ algorithm: "HS256" }, { algorithm: "none" }, { kid: "../../item/get" }, { kid: "1" }])
      expect(await verifySigned(options)).toBeNull();
    expect(askedForKeys()).toBe(0);
  });

  it("takes one that is nearly five minutes old, or a little ahead", async () => {
    expect(await verifySigned({ iat: 1_795_521_600 - 299 })).toEqual(changed);
    expect(await verifySigned({ iat: 1_795_521_600 + 30 })).toEqual(changed);
  });

  it("hashes the bytes that came: the same JSON written anew is another body", async () => {
    const { headers, body } = plaid.control.sign(payload);
    expect(await verify({ headers, body: JSON.stringify(JSON.parse(body)) })).toBeNull();
    expect(await verify({ headers, body: `${body} ` })).toBeNull();
  });

  it("refuses what has no signature, or one of any other shape", async () => {
    const { headers, body } = plaid.control.sign(payload);
    const token = headers["plaid-verification"] ?? "";
    const [head = "", claims = ""] = token.split(".");
    for (const shape of [
      "",
      "x",
      "a.b.c",
      `${head}.${claims}.`,
      `${head}.${claims}.AAAA`,
      token.slice(0, -4),
      "é".repeat(9000),
    ])
      expect(await verify({ headers: { "plaid-verification": encodeURI(shape) }, body })).toBeNull();
    expect(await webhook.verify({ headers: new Headers(), body: Buffer.from(body), now, signal })).toBeNull();
  });
});

describe("Plaid's keys", () => {
  it("are asked for once a day each", async () => {
    for (let times = 0; times < 5; times++) await verifySigned();
    expect(askedForKeys()).toBe(1);
    const signed = plaid.control.sign(payload, { iat: Math.floor(later(25 * 3_600_000).getTime() / 1000) });
    expect(await verify(signed, later(25 * 3_600_000))).toEqual(changed);
    expect(askedForKeys()).toBe(2);
  });

  it("are asked for once, however many webhooks come at the same time", async () => {
    await Promise.all(Array.from({ length: 10 }, () => verifySigned()));
    expect(askedForKeys()).toBe(1);
  });

  it("that are not there are not asked for again at once", async () => {
    const options = { kid: "2b0e6f0e-43a2-4d6e-9d1f-1c1f0a3f5a10" };
    for (let times = 0; times < 5; times++) expect(await verifySigned(options)).toBeNull();
    expect(askedForKeys()).toBe(1);
  });

  it("that a stranger makes up do not make Burgeon ask Plaid without end", async () => {
    const asked = Array.from({ length: 60 }, (_, at) =>
      verifySigned({ kid: `2b0e6f0e-43a2-4d6e-9d1f-${String(at).padStart(12, "0")}` }).catch(() => null),
    );
    expect((await Promise.all(asked)).every((news) => news === null)).toBe(true);
    expect(askedForKeys()).toBeLessThanOrEqual(30);
  });

  it("change: the new one is taken, the old one until it ends", async () => {
    const old = plaid.control.sign(payload).headers;
    const body = plaid.control.sign(payload).body;
    plaid.control.rotateKeys(60_000);
    expect(await verifySigned()).toEqual(changed);
    expect(await verify({ headers: old, body })).toEqual(changed);
    expect(await verify({ headers: old, body }, later(61_000))).toBeNull();
  });

  it("that cannot be asked for refuse nothing: the failure is told, so that Plaid sends it again", async () => {
    plaid.control.fail({ kind: "internal", path: keyPath, times: 3 });
    await expect(verifySigned()).rejects.toMatchObject({ code: "unavailable" });
    expect(await verifySigned()).toEqual(changed);
  });
});

describe("what it says", () => {
  const cases: [string, string, object, object][] = [
    ["TRANSACTIONS", "SYNC_UPDATES_AVAILABLE", {}, { news: "changed" }],
    ["TRANSACTIONS", "INITIAL_UPDATE", {}, { news: "changed" }],
    ["TRANSACTIONS", "HISTORICAL_UPDATE", {}, { news: "changed" }],
    ["TRANSACTIONS", "DEFAULT_UPDATE", {}, { news: "changed" }],
    ["ITEM", "ERROR", { error: { error_code: "ITEM_LOGIN_REQUIRED" } }, { news: "login-required" }],
    ["ITEM", "ERROR", { error: { error_code: "INSTITUTION_DOWN" } }, { news: "none" }],
    ["ITEM", "ERROR", { error: null }, { news: "none" }],
    ["ITEM", "LOGIN_REPAIRED", {}, { news: "repaired" }],
    [
      "ITEM",
      "PENDING_EXPIRATION",
      { consent_expiration_time: "2026-12-01T00:00:00Z" },
      { news: "expires", expiresAt: new Date("2026-12-01T00:00:00Z") },
    ],
    [
      "ITEM",
      "PENDING_DISCONNECT",
      { disconnect_time: "2026-12-02T00:00:00Z" },
      { news: "expires", expiresAt: new Date("2026-12-02T00:00:00Z") },
    ],
    ["ITEM", "PENDING_DISCONNECT", {}, { news: "expires" }],
    ["ITEM", "USER_PERMISSION_REVOKED", {}, { news: "revoked" }],
    ["ITEM", "USER_ACCOUNT_REVOKED", {}, { news: "revoked" }],
    ["ITEM", "NEW_ACCOUNTS_AVAILABLE", {}, { news: "new-accounts" }],
    ["ITEM", "SOMETHING_NEW", {}, { news: "none" }],
    ["HOLDINGS", "DEFAULT_UPDATE", {}, { news: "none" }],
  ];
  it.each(cases)("%s %s %j", async (type, code, details, news) => {
    const value = { webhook_type: type, webhook_code: code, item_id: "item-1", ...details };
    expect(await verifySigned({}, value)).toEqual({ about: { kind: "account", key: "item-1" }, ...news });
  });

  it("nothing, where it is about no item or no object at all", async () => {
    expect(await verifySigned({}, { webhook_type: "LINK", webhook_code: "EVENTS" })).toMatchObject({ news: "none" });
    expect(await verifySigned({}, [])).toMatchObject({ news: "none" });
  });

  it("what the fake sends is signed and understood", async () => {
    const { key } = await plaid.link("ins_900001");
    plaid.control.resetLogin(key);
    plaid.control.repairLogin(key);
    const news = await Promise.all(plaid.control.webhooks.map(({ signed }) => verify(signed)));
    expect(news.map((one) => one?.news)).toEqual(["changed", "changed", "login-required", "repaired"]);
    expect(news.every((one) => one?.about.key === key)).toBe(true);
  });
});
