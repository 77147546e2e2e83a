import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LinkPort } from "../../contracts/adapter";
import { createPlaidAdapter } from "./adapter";
import { createPlaidClient } from "./client";
import { type PlaidTest, startPlaidTest } from "./testing-setup";
import { createCutWire } from "./testing-wire";

let plaid: PlaidTest;
let link: LinkPort;
let now = new Date("2026-11-24T12:00:00Z");
beforeEach(async () => {
  now = new Date("2026-11-24T12:00:00Z");
  plaid = await startPlaidTest({ now: () => now, readiness: "at-once" });
  link = plaid.adapter.link as LinkPort;
});
afterEach(() => plaid.close());

const signal = new AbortController().signal;
const maple = "ins_900001";
const lastBody = (path: string) => plaid.control.requests.findLast((request) => request.path === path)?.body;

describe("a link token", () => {
  it("asks for two years of transactions for an opaque person, and lives four hours", async () => {
    const { linkToken, expiresAt } = await link.createLinkToken({
      personKey: "user_01k3",
      webhookUrl: "https://home.example/api/webhooks/plaid",
      redirectUri: "https://home.example/api/connect/plaid/callback",
      signal,
    });
    expect(linkToken).toMatch(/^link-sandbox-/);
    expect(expiresAt).toEqual(new Date("2026-11-24T16:00:00Z"));
    expect(lastBody("/link/token/create")).toEqual({
      client_name: "Burgeon",
      language: "en",
      country_codes: ["US", "CA"],
      user: { client_user_id: "user_01k3" },
      products: ["transactions"],
      transactions: { days_requested: 730 },
      webhook: "https://home.example/api/webhooks/plaid",
      redirect_uri: "https://home.example/api/connect/plaid/callback",
    });
  });

  it("in update mode names the item and no products, and the item stays the same", async () => {
    const { accessToken, key } = await plaid.link(maple);
    plaid.control.resetLogin(key);
    const standing = async () =>
      (await plaid.client.call((api) => api.itemGet({ access_token: accessToken }), { signal })).item;
    expect(await standing()).toMatchObject({ item_id: key, error: { error_code: "ITEM_LOGIN_REQUIRED" } });
    const { linkToken } = await link.createLinkToken({
      personKey: "p",
      accessToken,
      isAccountSelectionWanted: true,
      signal,
    });
    const body = lastBody("/link/token/create");
    expect(body).toMatchObject({ access_token: accessToken, update: { account_selection_enabled: true } });
    expect(body).not.toHaveProperty("products");
    const { id } = JSON.parse(Buffer.from(linkToken.replace("link-sandbox-", ""), "base64url").toString("utf8"));
    expect((await fetch(`${plaid.origin}/link/finish-update.js?id=${id}`)).status).toBe(200);
    expect(await standing()).toMatchObject({ item_id: key, error: null });
    expect(plaid.control.items()).toHaveLength(1);
  });
});

describe("a public token", () => {
  it("is good once", async () => {
    const publicToken = plaid.control.publicToken(maple);
    const { accessToken, key } = await link.exchange({ publicToken, signal });
    expect(accessToken).toMatch(/^access-sandbox-/);
    expect(plaid.control.items()).toMatchObject([{ itemId: key }]);
    await expect(link.exchange({ publicToken, signal })).rejects.toMatchObject({ code: "refused" });
    expect(plaid.control.items()).toHaveLength(1);
  });

  it("is good for half an hour", async () => {
    const publicToken = plaid.control.publicToken(maple);
    now = new Date(now.getTime() + 30 * 60_000);
    await expect(link.exchange({ publicToken, signal })).rejects.toMatchObject({ code: "refused" });
  });

  it("is never sent twice when the answer is lost: nobody knows then whether it was used", async () => {
    const wire = await createCutWire(plaid.origin);
    const client = createPlaidClient(() => ({ ...plaid.client.configuration(), baseUrl: wire.origin }));
    const publicToken = plaid.control.publicToken(maple);
    wire.cutNext("after");
    const lost = createPlaidAdapter(client).link?.exchange({ publicToken, signal });
    await expect(lost).rejects.toMatchObject({ code: "unavailable" });
    expect(plaid.control.requests).toHaveLength(1);
    expect(plaid.control.items()).toHaveLength(1);
    await wire.close();
  });
});

describe("what was linked", () => {
  it("is told with the bank's name, also while it asks for a sign-in", async () => {
    const { accessToken, key } = await plaid.link("ins_900002");
    expect(await link.nameOf({ accessToken, signal })).toBe("Sample Harbor Credit Union");
    plaid.control.resetLogin(key);
    expect(await link.nameOf({ accessToken, signal })).toBe("Sample Harbor Credit Union");
  });

  it("is removed once and for all, and removing what is gone is no error", async () => {
    const { accessToken } = await plaid.link(maple);
    await link.remove({ accessToken, signal });
    await link.remove({ accessToken, signal });
    await expect(link.nameOf({ accessToken, signal })).rejects.toMatchObject({ code: "auth-expired" });
    await link.remove({ accessToken: "access-sandbox-of-nobody", signal });
  });

  it("is not removed when Plaid did not answer", async () => {
    const { accessToken } = await plaid.link(maple);
    plaid.control.fail({ kind: "internal", path: "/item/remove", times: 3 });
    await expect(link.remove({ accessToken, signal })).rejects.toMatchObject({ code: "unavailable" });
    expect(plaid.control.items()).toHaveLength(1);
  });

  it("answers nothing after the person took it back at the bank", async () => {
    const { accessToken, key } = await plaid.link(maple);
    plaid.control.revoke(key);
    await expect(link.nameOf({ accessToken, signal })).rejects.toMatchObject({ code: "auth-expired" });
  });
});
