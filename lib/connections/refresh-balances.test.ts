import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { servePlaid } from "@/lib/adapters/plaid/testing-served";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { getConnectionRow } from "@/lib/db/connections";
import { listAccounts } from "@/lib/db/finance/accounts";
import { listAll } from "@/lib/db/finance/testing-money";
import { withLock } from "@/lib/db/lock";
import { testDatabase, testUser } from "@/lib/db/testing";
import { commitFile, inspectFile } from "./import-file";
import { finishLink } from "./link";
import { canRefreshBalances, refreshBalances } from "./refresh-balances";
import { syncConnection } from "./sync";

process.env.BURGEON_MASTER_KEY = randomBytes(32).toString("base64");
const { control } = servePlaid();
const { signal } = new AbortController();
let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let connectionId: string;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  control.clearFaults();
  viewer = await testUser();
  ({ connectionId } = await finishLink(viewer, "plaid", control.publicToken("ins_900001", { daysRequested: 20 })));
  await syncConnection(viewer, connectionId, signal);
});

const keyOf = async () => (await getConnectionRow(viewer, connectionId)).accountKey;
const asked = () => control.requests.filter(({ path }) => path === "/accounts/balance/get").length;
const checking = async () => (await listAccounts(viewer)).find(({ type }) => type === "checking")?.balanceMinor ?? 0;

describe("asking the bank now", () => {
  it("brings the balance of this moment, and no transaction, nor says that one was read", async () => {
    const before = { balance: await checking(), rows: (await listAll(viewer)).length };
    const [then] = await listAccounts(viewer);
    control.add(await keyOf(), { account: "chequing", cents: 1_000 });
    await refreshBalances(viewer, connectionId);
    expect(await checking()).toBe(before.balance - 1_000);
    expect(await listAll(viewer)).toHaveLength(before.rows);
    const [now] = await listAccounts(viewer);
    expect(now?.syncedAt).toBe(then?.syncedAt);
    expect(now?.balanceAt).not.toBe(then?.balanceAt);
  });

  it("is done once a minute for each connection, and says when it may be done again", async () => {
    const first = asked();
    await refreshBalances(viewer, connectionId);
    await expect(refreshBalances(viewer, connectionId)).rejects.toMatchObject({
      ...{ code: "rate-limited", message: expect.stringContaining("less than a minute ago") },
      retryAfterMs: expect.any(Number),
    });
    expect(asked()).toBe(first + 1);
    const other = await finishLink(viewer, "plaid", control.publicToken("ins_900002", { daysRequested: 20 }));
    await refreshBalances(viewer, other.connectionId);
    expect(asked()).toBe(first + 2);
  });

  it("waits for nobody: while the connection is synchronised it is refused, and that costs no turn", async () => {
    const first = asked();
    await withLock("connection-sync", connectionId, { wait: false }, async () => {
      await expect(refreshBalances(viewer, connectionId)).rejects.toMatchObject({ code: "conflict" });
    });
    expect(asked()).toBe(first);
    await refreshBalances(viewer, connectionId);
    expect(asked()).toBe(first + 1);
  });

  it("keeps with the connection what went wrong, as a synchronisation does, and the balances stay", async () => {
    const before = await checking();
    control.fail({ kind: "institutionDown", path: "/accounts/balance/get", times: 3 });
    await expect(refreshBalances(viewer, connectionId)).rejects.toMatchObject({ code: "unavailable" });
    const row = await getConnectionRow(viewer, connectionId);
    expect(row).toMatchObject({ failures: 1, warning: { code: "unavailable" }, state: "active" });
    expect(row.nextAt?.getTime()).toBeLessThan(Date.now() + 120_000);
    expect(await checking()).toBe(before);
    await syncConnection(viewer, connectionId, signal);
    expect(await getConnectionRow(viewer, connectionId)).toMatchObject({ failures: 0, warning: null });
  });

  it("stops at a bank that wants a new sign-in, and asks it no more until then", async () => {
    control.resetLogin(await keyOf());
    await expect(refreshBalances(viewer, connectionId)).rejects.toMatchObject({ code: "auth-expired" });
    expect(await getConnectionRow(viewer, connectionId)).toMatchObject({ state: "needs_reauth", nextAt: null });
    await pool().query(`DELETE FROM "RateBucket"`);
    const first = asked();
    await expect(refreshBalances(viewer, connectionId)).rejects.toMatchObject({ code: "auth-expired" });
    expect(asked()).toBe(first);
  });

  it("is for the connection's own person, and for banks that can", async () => {
    const first = asked();
    await expect(refreshBalances(await testUser(), connectionId)).rejects.toMatchObject({ code: "not-found" });
    const file = { name: "may.csv", text: "Date,Description,Amount\n2026-05-01,Coffee,-3.50\n" };
    const { formats, mapping } = inspectFile(file);
    const options = {
      format: formats[0]?.id ?? "",
      currency: "CAD",
      accountName: "Mine",
      mapping: mapping ?? undefined,
    };
    const given = await commitFile(viewer, file, options);
    await expect(refreshBalances(viewer, given.connectionId)).rejects.toMatchObject({ code: "invalid" });
    expect(asked()).toBe(first);
    expect([canRefreshBalances("plaid"), canRefreshBalances("bank-file"), canRefreshBalances("none")]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
