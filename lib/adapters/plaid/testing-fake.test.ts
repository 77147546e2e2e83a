import type { WebhookType } from "plaid";
import { CountryCode, Products, SandboxItemFireWebhookRequestWebhookCodeEnum as FireCode } from "plaid";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serveSample } from "../../demo/serve";
import type { PlaidClient } from "./client";
import { addDays } from "./testing-banks";
import { createPlaidFake } from "./testing-fake";
import { type PlaidTest, startPlaidTest } from "./testing-setup";

let plaid: PlaidTest;
const now = new Date("2026-11-24T12:00:00Z");
beforeEach(async () => {
  plaid = await startPlaidTest({ now: () => now, readiness: "at-once" });
});
afterEach(() => plaid.close());

const signal = new AbortController().signal;
const call = <T extends object>(operation: Parameters<PlaidClient["call"]>[0]) =>
  plaid.client.call(operation, { signal }) as Promise<T>;

describe("the rest of Plaid's API, through Plaid's own client", () => {
  it("makes a public token in the sandbox and moves an item's webhook", async () => {
    const { public_token: publicToken } = await plaid.client.call(
      (api, options) =>
        api.sandboxPublicTokenCreate(
          {
            institution_id: "ins_900002",
            initial_products: [Products.Transactions],
            options: { webhook: "https://a.example/" },
          },
          options,
        ),
      { signal },
    );
    const linked = await plaid.adapter.link?.exchange({ publicToken, signal });
    const access_token = linked?.accessToken ?? "";
    const { item } = await plaid.client.call(
      (api, options) => api.itemWebhookUpdate({ access_token, webhook: "https://b.example/" }, options),
      { signal },
    );
    expect(item).toMatchObject({ item_id: linked?.key, webhook: "https://b.example/" });
  });

  it("makes the old access token void", async () => {
    const { accessToken: access_token } = await plaid.link("ins_900001");
    const { new_access_token: fresh } = await plaid.client.call(
      (api, options) => api.itemAccessTokenInvalidate({ access_token }, options),
      { signal },
    );
    await expect(plaid.adapter.link?.nameOf({ accessToken: access_token, signal })).rejects.toMatchObject({
      code: "auth-expired",
    });
    expect(await plaid.adapter.link?.nameOf({ accessToken: fresh, signal })).toBe("Sample Maple Bank");
  });

  it("tells about a link token", async () => {
    const created = await plaid.adapter.link?.createLinkToken({ personKey: "p", signal });
    const link_token = created?.linkToken ?? "";
    const link = await plaid.client.call((api, options) => api.linkTokenGet({ link_token }, options), { signal });
    expect(link).toMatchObject({ link_token, expiration: "2026-11-24T16:00:00.000Z" });
  });

  it("fires webhooks on demand, resets a sign-in, refreshes", async () => {
    const { accessToken: access_token } = await plaid.link("ins_900001");
    const fire = (webhook_code: FireCode) =>
      call((api, options) =>
        api.sandboxItemFireWebhook({ access_token, webhook_code, webhook_type: "ITEM" as WebhookType }, options),
      );
    const before = plaid.control.webhooks.length;
    for (const code of Object.values(FireCode)) expect(await fire(code)).toMatchObject({ webhook_fired: true });
    await call((api, options) => api.transactionsRefresh({ access_token }, options));
    await call((api, options) => api.sandboxItemResetLogin({ access_token }, options));
    const fired = plaid.control.webhooks.slice(before).map(({ code }) => code);
    expect(fired).toEqual([...Object.values(FireCode), "SYNC_UPDATES_AVAILABLE", "ERROR"]);
  });

  it.each([
    ["an address for a person", { user: { client_user_id: "ada@example.org" } }],
    ["no person", { user: undefined }],
    ["no countries", { country_codes: [] }],
    ["no products", { products: undefined }],
    ["more days than there may be", { transactions: { days_requested: 731 } }],
  ])("refuses a link token with %s", async (_what, change) => {
    const request = {
      client_name: "Burgeon",
      language: "en",
      country_codes: [CountryCode.Ca],
      user: { client_user_id: "p" },
      products: [Products.Transactions],
      ...change,
    };
    await expect(call((api, options) => api.linkTokenCreate(request, options))).rejects.toMatchObject({
      code: "refused",
    });
  });

  it("gives pages of the length that was asked for, and no other", async () => {
    const { accessToken: access_token } = await plaid.link("ins_900001");
    const page = (count: number) =>
      plaid.client.call((api, options) => api.transactionsSync({ access_token, count }, options), { signal });
    expect((await page(7)).added).toHaveLength(7);
    for (const count of [0, 501]) await expect(page(count)).rejects.toMatchObject({ code: "refused" });
  });

  it("knows nobody without keys", async () => {
    const response = await fetch(`${plaid.origin}/item/get`, { method: "POST", body: '{"access_token":"x"}' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error_code: "INVALID_API_KEYS", request_id: expect.any(String) });
  });
});

describe("the made-up books", () => {
  it("are the same for the same seed and day, whoever links them", async () => {
    const one = await plaid.link("ins_900001");
    const other = await plaid.link("ins_900001");
    const amounts = (key: string) =>
      plaid.control
        .transactions(key)
        .map(({ date, name, cents }) => `${date} ${name} ${cents}`)
        .sort();
    expect(amounts(one.key)).toEqual(amounts(other.key));
    expect(amounts(one.key).length).toBeGreaterThan(800);
  });

  it("pay the card with exactly what it took in the month before", async () => {
    const { key } = await plaid.link("ins_900001");
    const all = plaid.control.transactions(key);
    const payment = all.find(({ name, date }) => name === "PAYMENT THANK YOU" && date === "2026-11-23");
    const october = all.filter(
      ({ accountId, date, name }) =>
        accountId === payment?.accountId && date.startsWith("2026-10") && name !== "PAYMENT THANK YOU",
    );
    expect(payment?.cents).toBe(-october.reduce((sum, { cents }) => sum + cents, 0));
  });

  it("reach about 14 months back, or as far as was asked for", async () => {
    const all = await plaid.link("ins_900001");
    const some = await plaid.link("ins_900001", { daysRequested: 90 });
    expect(plaid.control.transactions(all.key)[0]?.date).toBe(addDays("2026-11-24", -425));
    expect(plaid.control.transactions(some.key)[0]?.date).toBe(addDays("2026-11-24", -89));
  });
});

it("posts its webhooks over HTTP as they were signed, also twice and in another order", async () => {
  const taken: string[] = [];
  const receiver = await serveSample(async (request) => {
    const body = new Uint8Array(await request.arrayBuffer());
    const news = await plaid.adapter.webhook?.verify({ headers: request.headers, body, now, signal });
    taken.push(news?.news ?? "refused");
    return new Response(null, { status: 200 });
  }, 0);
  plaid.control.holdWebhooks();
  const { key } = await plaid.link("ins_900001", { webhook: `${receiver.origin}/api/webhooks/plaid` });
  plaid.control.resetLogin(key);
  const { webhooks } = plaid.control;
  expect(await plaid.control.deliver([...webhooks].reverse().concat(webhooks))).toEqual(Array(6).fill(200));
  expect(taken).toEqual(["login-required", "changed", "changed", "changed", "changed", "login-required"]);
  await receiver.close();
});

it("serves the page of its own with the same dialog", async () => {
  const { fetch: ask } = createPlaidFake();
  const page = await ask(new Request("http://bank.test/link/dialog?token=x"));
  expect(await page.text()).toContain("Sample bank sign-in");
  expect(
    (await ask(new Request("http://bank.test/link/v2/stable/link-initialize.js"))).headers.get("content-type"),
  ).toMatch(/javascript/);
});
