import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { servePlaid } from "@/lib/adapters/plaid/testing-served";
import type { ConnectionView } from "@/lib/contracts/connection";
import type { Viewer } from "@/lib/contracts/viewer";
import { getConnectionRow } from "@/lib/db/connections";
import { testDatabase, testUser } from "@/lib/db/testing";
import { createLinkToken, finishLink, finishUpdate } from "./link";
import { syncConnection } from "./sync";
import { getConnections } from "./views";
import { takeWebhook } from "./webhook";

process.env.BURGEON_MASTER_KEY = randomBytes(32).toString("base64");
const plaid = servePlaid();
const { control } = plaid;
const { signal } = new AbortController();
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let connectionId: string;
let item: string;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  control.holdWebhooks();
  viewer = await testUser();
  ({ connectionId } = await finishLink(viewer, "plaid", control.publicToken("ins_900001", { daysRequested: 20 })));
  item = (await getConnectionRow(viewer, connectionId)).accountKey;
  await sync();
});

const sync = () => syncConnection(viewer, connectionId, signal);
async function view(): Promise<ConnectionView> {
  const [connection] = (await getConnections(viewer)).connections;
  if (!connection) throw new Error("the connection is gone");
  return connection;
}
/** What the bank last sent of the code, as it comes in: also a second time, or late. */
async function deliver(code: string) {
  const { signed } = control.webhooks.findLast((webhook) => webhook.item === item && webhook.code === code) ?? {};
  if (!signed) throw new Error(`no webhook ${code}`);
  const taken = await takeWebhook("plaid", { headers: new Headers(signed.headers), body: Buffer.from(signed.body) });
  expect(taken).toBe(true);
}
/** As the person does it: through the bank's dialog. */
async function renew() {
  const request = { adapterId: "plaid", connectionId, isAccountSelectionWanted: false };
  const { linkToken } = await createLinkToken(viewer, request);
  const content = JSON.parse(Buffer.from(linkToken.replace("link-sandbox-", ""), "base64url").toString("utf8"));
  expect((await fetch(`${plaid.origin}/link/finish-update.js?id=${content.id}`)).status).toBe(200);
  await finishUpdate(viewer, connectionId);
}

describe("a consent that ends", () => {
  it("is known from the bank itself at each synchronisation, and so is the one that follows", async () => {
    control.setConsentEnd(item, inDays(3));
    await sync();
    expect(await view()).toMatchObject({ health: "expires-soon", notice: null, consentExpiresAt: expect.any(String) });
    await renew();
    await sync();
    const renewed = await view();
    expect(renewed).toMatchObject({ health: "good", notice: null });
    expect(Date.parse(renewed.consentExpiresAt ?? "")).toBeGreaterThan(Date.parse(inDays(100)));
  });

  it("does not come back with a webhook that is late: the bank's date counts", async () => {
    control.setConsentEnd(item, inDays(3));
    await renew();
    await sync();
    const { consentExpiresAt } = await view();
    await deliver("PENDING_EXPIRATION");
    await sync();
    expect(await view()).toMatchObject({ health: "good", notice: null, consentExpiresAt });
  });

  it("without a date at the bank is told until the person confirmed it, however often it is synchronised", async () => {
    control.tell(item, "ITEM", "PENDING_DISCONNECT");
    await deliver("PENDING_DISCONNECT");
    await sync();
    await sync();
    const { health, notice } = await view();
    expect([health, notice?.code]).toEqual(["expires-soon", "expires"]);
    expect(notice?.message).toMatch(/^Sample Maple Bank will stop on \d{4}-\d{2}-\d{2} unless you confirm it/);
    await renew();
    await sync();
    expect(await view()).toMatchObject({ health: "good", notice: null });
  });
});

describe("new accounts at the bank", () => {
  it("are told until the person looked at them, also over a failure", async () => {
    control.tell(item, "ITEM", "NEW_ACCOUNTS_AVAILABLE");
    await deliver("NEW_ACCOUNTS_AVAILABLE");
    control.fail({ kind: "institutionDown", path: "/transactions/sync", times: 9 });
    await sync();
    expect(await view()).toMatchObject({ health: "trouble", notice: { code: "new-accounts" } });
    control.clearFaults();
    await sync();
    expect(await view()).toMatchObject({ health: "good", warning: null, notice: { code: "new-accounts" } });
    await renew();
    expect((await view()).notice).toBeNull();
  });
});
