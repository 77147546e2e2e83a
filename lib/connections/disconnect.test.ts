import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ann, serveGoogle } from "@/lib/adapters/google-calendar/testing-served";
import { servePlaid } from "@/lib/adapters/plaid/testing-served";
import { getAdapter } from "@/lib/adapters/registry";
import type { Viewer } from "@/lib/contracts/viewer";
import { listAudit } from "@/lib/db/audit";
import { pool } from "@/lib/db/client";
import { getConnectionRow, recordTry, secretScopeOf } from "@/lib/db/connections";
import { deleteConnection } from "@/lib/db/ending";
import { testDatabase, testUser } from "@/lib/db/testing";
import { beginOAuth, finishOAuth } from "./connect";
import { disconnect } from "./disconnect";
import { finishLink } from "./link";
import { syncConnection } from "./sync";
import { getConnections } from "./views";
import { reauthWarning } from "./warnings";

process.env.BURGEON_MASTER_KEY = randomBytes(32).toString("base64");
const google = serveGoogle();
const { control } = servePlaid();
const { signal } = new AbortController();
let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
beforeAll(async () => {
  process.env.BURGEON_WEBHOOK_URL = "https://burgeon.example";
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  viewer = await testUser();
  control.clearFaults();
});

const keep = { keepsHistory: true };
const remove = { keepsHistory: false };
const removal = "/item/remove";

/** A bank with its transactions here. */
async function connectBank(): Promise<string> {
  const { connectionId } = await finishLink(viewer, "plaid", control.publicToken("ins_900001", { daysRequested: 20 }));
  expect(await sync(connectionId)).toMatchObject({ kind: "good" });
  expect(await countTransactions()).toBeGreaterThan(0);
  return connectionId;
}
async function connectCalendar(): Promise<string> {
  google.control.answerConsent({ email: ann, decision: "allow" });
  const browserMark = "browser";
  const location = await beginOAuth(viewer, {
    ...{ adapterId: "google-calendar", browserMark, isWriteWanted: false, connectionId: null },
  });
  const back = new URL((await fetch(location, { redirect: "manual" })).headers.get("location") ?? "about:blank");
  const [state, code] = [back.searchParams.get("state") ?? "", back.searchParams.get("code") ?? ""];
  return (await finishOAuth(viewer, { adapterId: "google-calendar", browserMark, state, code })).connectionId;
}
const sync = (connectionId: string) => syncConnection(viewer, connectionId, signal);
const view = async () => (await getConnections(viewer)).connections[0];
async function countTransactions(): Promise<number> {
  const text = `select count(*)::int as count from "FinancialTransaction" where "userId" = $1`;
  return (await pool().query(text, [viewer.userId])).rows[0].count;
}
async function isAtPlaid(connectionId: string): Promise<boolean> {
  const { accountKey } = await getConnectionRow(viewer, connectionId);
  return control.items().some(({ itemId }) => itemId === accountKey);
}
const countRemovals = () => control.requests.filter(({ path }) => path === removal).length;
const howItEnded = async () =>
  (await listAudit(viewer)).find(({ action }) => action === "connection-ended")?.detail ?? null;

describe("what becomes of the history", () => {
  it("is what was chosen, also when the bank can be told only later", async () => {
    const connectionId = await connectBank();
    control.fail({ kind: "internal", path: removal, times: 10 });
    expect(await disconnect(viewer, connectionId, remove)).toBe("ending");
    expect(await countTransactions()).toBeGreaterThan(0);
    expect(await view()).toMatchObject({ health: "disconnecting", keepsHistory: false });
    control.clearFaults();
    await sync(connectionId);
    expect(await view()).toBeUndefined();
    expect(await countTransactions()).toBe(0);
  });

  it.each([
    ["to keep it", remove, keep],
    ["to delete it", keep, remove],
  ])("is what was chosen last: %s", async (_name, first, last) => {
    const connectionId = await connectBank();
    control.fail({ kind: "internal", path: removal, times: 20 });
    await disconnect(viewer, connectionId, first);
    expect(await disconnect(viewer, connectionId, last)).toBe("ending");
    expect(await view()).toMatchObject({ warning: { code: "unavailable" }, ...last });
    control.clearFaults();
    await sync(connectionId);
    expect((await countTransactions()) > 0).toBe(last.keepsHistory);
    expect(await howItEnded()).toEqual({ keepHistory: last.keepsHistory, isProviderTold: true });
  });

  it("is what was chosen while the bank was being told, and both are told that it ended", async () => {
    const connectionId = await connectBank();
    control.fail({ kind: "hold", path: removal, times: 2 });
    const before = countRemovals();
    const first = disconnect(viewer, connectionId, keep);
    await expect.poll(countRemovals).toBe(before + 1);
    const second = disconnect(viewer, connectionId, remove);
    await expect.poll(countRemovals).toBe(before + 2);
    control.release();
    expect([await first, await second]).toEqual(["ended", "ended"]);
    expect(await countTransactions()).toBe(0);
  });
});

describe("a provider that does not let it be ended", () => {
  it("because of the installation's keys is asked again, and the token stays until it works", async () => {
    const connectionId = await connectBank();
    control.fail({ kind: "invalidKeys", path: removal, times: 10 });
    expect(await disconnect(viewer, connectionId, keep)).toBe("ending");
    await sync(connectionId);
    expect(await isAtPlaid(connectionId)).toBe(true);
    const waiting = await view();
    expect(waiting).toMatchObject({ health: "disconnecting", warning: { code: "refused" } });
    expect(Date.parse(waiting?.nextAt ?? "")).toBeGreaterThan(Date.now());
    control.clearFaults();
    const items = control.items().length;
    await sync(connectionId);
    expect(control.items()).toHaveLength(items - 1);
    expect(await view()).toBeUndefined();
  });

  it("that knows the token no more, or whose token is damaged, holds nobody", async () => {
    const connectionId = await connectBank();
    control.fail({ kind: "loginRequired", path: removal, times: 10 });
    expect(await disconnect(viewer, connectionId, keep)).toBe("ended");
    const other = await connectBank();
    const scope = secretScopeOf(other);
    await pool().query(`update "Secret" set sealed = sealed || '\\x00'::bytea where scope = $1`, [scope]);
    expect(await disconnect(viewer, other, keep)).toBe("ended");
    expect(await howItEnded()).toMatchObject({ isProviderTold: false });
    expect((await pool().query(`select 1 from "Secret" where scope = $1`, [scope])).rows).toEqual([]);
  });

  it("is not given up while the vault is locked: the right key opens the token again", async () => {
    const connectionId = await connectBank();
    await pool().query(`update "Secret" set "keyId" = 'another' where scope = $1`, [secretScopeOf(connectionId)]);
    expect(await disconnect(viewer, connectionId, keep)).toBe("ending");
    await pool().query(`delete from "Secret" where scope = $1`, [secretScopeOf(connectionId)]);
  });

  it("can be left out by the person once it was tried, and not before", async () => {
    const connectionId = await connectBank();
    const forget = { ...remove, forgetsAnyway: true };
    await expect(disconnect(viewer, connectionId, forget)).rejects.toMatchObject({ code: "conflict" });
    expect(await view()).toMatchObject({ health: "good" });
    control.fail({ kind: "invalidKeys", path: removal, times: 10 });
    await disconnect(viewer, connectionId, keep);
    expect(await disconnect(viewer, connectionId, forget)).toBe("forgotten");
    expect(await view()).toBeUndefined();
    expect(await countTransactions()).toBe(0);
    expect(await howItEnded()).toEqual({ keepHistory: false, isProviderTold: false });
  });

  it("is told although its push channels cannot be closed", async () => {
    const connectionId = await connectCalendar();
    await sync(connectionId);
    expect((await pool().query(`select 1 from "PushChannel" where "connectionId" = $1`, [connectionId])).rows).toEqual([
      expect.anything(),
    ]);
    google.control.fail({ kind: "channels", times: 50, status: 403, reason: "accessNotConfigured" });
    expect(await disconnect(viewer, connectionId, keep)).toBe("ended");
    expect(google.control.calls("channels")).toBeGreaterThan(0);
    expect(google.control.state.grants.size).toBe(0);
  });

  it("is told although nobody answers about its push channels", async () => {
    const connectionId = await connectCalendar();
    await sync(connectionId);
    const { push } = getAdapter("google-calendar");
    if (!push) throw new Error("no push");
    vi.spyOn(push, "stop").mockImplementation(({ signal }) =>
      once(signal, "abort").then(() => signal.throwIfAborted()),
    );
    expect(await disconnect(viewer, connectionId, keep)).toBe("ended");
    expect(google.control.state.grants.size).toBe(0);
  });
});

describe("a connection that is being ended", () => {
  it("is due in a while from the start, so that somebody else ends it when whoever does it dies", async () => {
    const connectionId = await connectBank();
    await pool().query(`update "Connection" set state = 'needs_reauth', "nextAt" = null where id = $1`, [connectionId]);
    control.fail({ kind: "hold", path: removal });
    const ending = disconnect(viewer, connectionId, keep);
    await expect.poll(async () => (await view())?.health).toBe("disconnecting");
    expect(Date.parse((await view())?.nextAt ?? "")).toBeGreaterThan(Date.now());
    control.release();
    expect(await ending).toBe("ended");
  });

  it("stays due when something else finds that its sign-in is over", async () => {
    const connectionId = await connectBank();
    control.fail({ kind: "internal", path: removal, times: 10 });
    await disconnect(viewer, connectionId, keep);
    await recordTry(viewer, connectionId, {
      ...{ isGood: false, warning: reauthWarning("Plaid"), nextInMs: null, needsReauth: true },
    });
    expect(await view()).toMatchObject({ health: "disconnecting", nextAt: expect.any(String) });
  });

  it("stays when it was connected again before the end of that", async () => {
    const connectionId = await connectCalendar();
    google.control.fail({ kind: "revoke", times: 50, status: 503, reason: "backendError" });
    expect(await disconnect(viewer, connectionId, keep)).toBe("ending");
    google.control.clearFaults();
    expect(await connectCalendar()).toBe(connectionId);
    expect(await deleteConnection(viewer, connectionId, { isProviderTold: true })).toBe(false);
    expect((await getConnectionRow(viewer, connectionId)).state).toBe("active");
  });
});
