import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ann, hourOf, serveGoogle } from "@/lib/adapters/google-calendar/testing-served";
import { getAdapter } from "@/lib/adapters/registry";
import type { Viewer } from "@/lib/contracts/viewer";
import { listEvents } from "@/lib/db/calendar/events";
import { pool } from "@/lib/db/client";
import { getConnectionRow, secretScopeOf } from "@/lib/db/connections";
import { testDatabase, testUser } from "@/lib/db/testing";
import { seal } from "@/lib/vault/vault";
import { beginOAuth, finishOAuth } from "./connect";
import { disconnect } from "./disconnect";
import { syncConnection } from "./sync";
import { findTokens, freshAccessToken } from "./tokens";
import { getConnections } from "./views";

process.env.BURGEON_MASTER_KEY = randomBytes(32).toString("base64");
const google = serveGoogle();
const adapterId = "google-calendar";
const { signal } = new AbortController();
let database: Awaited<ReturnType<typeof testDatabase>>;
let ada: Viewer;
let bob: Viewer;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  ada = await testUser();
  bob = await testUser("member");
  google.control.answerConsent({ email: ann, decision: "allow" });
});

const mark = "browser-of-ada";
const begin = (viewer = ada, options: { isWriteWanted?: boolean; connectionId?: string } = {}) =>
  beginOAuth(viewer, {
    ...{ adapterId, browserMark: mark, isWriteWanted: options.isWriteWanted ?? true },
    connectionId: options.connectionId ?? null,
  });
/** Goes where the person is sent, as their browser does. @returns what Google sends back */
async function visit(location: string) {
  const answer = await fetch(location, { redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "about:blank");
  return {
    adapterId,
    browserMark: mark,
    state: back.searchParams.get("state") ?? "",
    code: back.searchParams.get("code") ?? "",
  };
}
async function connect(viewer = ada, options: Parameters<typeof begin>[1] = {}) {
  return (await finishOAuth(viewer, await visit(await begin(viewer, options)))).connectionId;
}
const putDentist = () =>
  google.control.putEvent(ann, {
    summary: "Dentist",
    start: { dateTime: hourOf(2, 10), timeZone: "Europe/Berlin" },
    end: { dateTime: hourOf(2, 11), timeZone: "Europe/Berlin" },
  });
const wholeMonth = {
  ...{ from: new Date(Date.now() - 86_400_000), to: new Date(Date.now() + 30 * 86_400_000) },
  ...{ fromDate: "2020-01-01", toDate: "2020-01-02" },
};

describe("a way back", () => {
  const refused = { code: "refused", message: expect.stringContaining("not begun here") };

  it("is good once, for the person, the browser and the provider that it was begun with", async () => {
    const back = await visit(await begin());
    await expect(finishOAuth(bob, back)).rejects.toMatchObject(refused);
    await expect(finishOAuth(ada, { ...back, browserMark: "another browser" })).rejects.toMatchObject(refused);
    await expect(finishOAuth(ada, { ...back, state: "x".repeat(43) })).rejects.toMatchObject(refused);
    await expect(finishOAuth(ada, { ...back, adapterId: "plaid" })).rejects.toMatchObject({ code: "invalid" });
    await finishOAuth(ada, back);
    await expect(finishOAuth(ada, back)).rejects.toMatchObject(refused);
  });

  it("is too late after ten minutes", async () => {
    const back = await visit(await begin());
    await pool().query(`update "ConnectAttempt" set "expiresAt" = now() - interval '1 second' where "userId" = $1`, [
      ada.userId,
    ]);
    await expect(finishOAuth(ada, back)).rejects.toMatchObject(refused);
  });

  it("with a code of somebody else's sign-in connects nothing", async () => {
    const mine = await visit(await begin());
    const theirs = await visit(await begin(bob));
    await expect(finishOAuth(ada, { ...mine, code: theirs.code })).rejects.toMatchObject({ code: "refused" });
    expect((await getConnections(ada)).connections).toEqual([]);
  });

  it("with another account than the one that is renewed changes nothing", async () => {
    const connectionId = await connect();
    google.control.addPerson({ email: "eve@example.org", name: "Eve" });
    google.control.answerConsent({ email: "eve@example.org", decision: "allow" });
    await expect(connect(ada, { connectionId })).rejects.toMatchObject({ code: "conflict" });
    expect((await getConnections(ada)).connections.map(({ title }) => title)).toEqual([ann]);
  });
});

describe("a connected calendar", () => {
  it("is synchronised, seen by its person only, and says how it is", async () => {
    putDentist();
    const connectionId = await connect();
    expect((await getConnections(ada)).connections).toMatchObject([{ health: "waiting", isWriteAllowed: true }]);
    expect(await syncConnection(ada, connectionId, signal)).toMatchObject({ kind: "good" });
    expect(await listEvents(ada, wholeMonth)).toMatchObject([{ title: "Dentist", isWritable: true }]);
    expect(await listEvents(bob, wholeMonth)).toEqual([]);
    await expect(syncConnection(bob, connectionId, signal)).rejects.toMatchObject({ code: "not-found" });
    const [view] = (await getConnections(ada)).connections;
    expect(view).toMatchObject({ health: "good", warning: null, holds: { calendars: 1, events: 1 } });
    expect(Date.parse(view?.nextAt ?? "")).toBeGreaterThan(Date.now());
  });

  it("whose consent was withdrawn asks for a sign-in, keeps its data, and is well after it", async () => {
    putDentist();
    const connectionId = await connect();
    await syncConnection(ada, connectionId, signal);
    google.control.endGrant(ann);
    expect(await syncConnection(ada, connectionId, signal)).toMatchObject({ kind: "failed", code: "auth-expired" });
    expect((await getConnections(ada)).connections).toMatchObject([{ health: "sign-in-again", nextAt: null }]);
    expect(await listEvents(ada, wholeMonth)).toHaveLength(1);
    expect(await connect(ada, { connectionId })).toBe(connectionId);
    expect(await syncConnection(ada, connectionId, signal)).toMatchObject({ kind: "good" });
    expect((await getConnections(ada)).connections).toMatchObject([{ health: "good", warning: null }]);
  });

  it("that fails for a while is tried later and later, as late as the other side asks, and clears by itself", async () => {
    const connectionId = await connect();
    const waits: number[] = [];
    for (let failures = 0; failures < 4; failures++) {
      google.control.fail({ kind: "", times: 50, status: 503, reason: "backendError" });
      expect(await syncConnection(ada, connectionId, signal)).toMatchObject({ kind: "failed", code: "unavailable" });
      const { nextAt, lastTriedAt } = await getConnectionRow(ada, connectionId);
      waits.push((nextAt?.getTime() ?? 0) - (lastTriedAt?.getTime() ?? 0));
      google.control.clearFaults();
    }
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThan(60_000 * 2 ** index * 0.85);
      expect(wait).toBeLessThan(60_000 * 2 ** index * 1.15);
    }
    expect((await getConnections(ada)).connections).toMatchObject([{ health: "trouble" }]);
    await syncConnection(ada, connectionId, signal);
    expect((await getConnections(ada)).connections).toMatchObject([{ health: "good", warning: null }]);
  });

  it("says when the consent of a project in Testing ends", async () => {
    google.control.setTesting(true);
    await connect();
    const [view] = (await getConnections(ada)).connections;
    expect(view?.health).toBe("expires-soon");
    expect(Date.parse(view?.consentExpiresAt ?? "") - Date.now()).toBeLessThanOrEqual(7 * 86_400_000);
  });

  it("is ended at Google and here, and nothing of its tokens is left", async () => {
    const connectionId = await connect();
    await syncConnection(ada, connectionId, signal);
    await expect(disconnect(bob, connectionId, { keepsHistory: true })).rejects.toMatchObject({ code: "not-found" });
    expect(await disconnect(ada, connectionId, { keepsHistory: true })).toBe("ended");
    expect(google.control.state.grants.size).toBe(0);
    expect((await getConnections(ada)).connections).toEqual([]);
    expect(
      (await pool().query(`select 1 from "Secret" where scope = $1`, [`connection:${connectionId}`])).rows,
    ).toEqual([]);
    expect(await listEvents(ada, wholeMonth)).toEqual([]);
  });

  it("is ended later when Google cannot be reached, and fetches nothing in between", async () => {
    const connectionId = await connect();
    google.control.fail({ kind: "revoke", times: 50, status: 503, reason: "backendError" });
    expect(await disconnect(ada, connectionId, { keepsHistory: true })).toBe("ending");
    expect((await getConnections(ada)).connections).toMatchObject([{ health: "disconnecting" }]);
    const calls = google.control.calls("events");
    google.control.clearFaults();
    expect(await syncConnection(ada, connectionId, signal)).toEqual({ kind: "idle" });
    expect(google.control.calls("events")).toBe(calls);
    expect((await getConnections(ada)).connections).toEqual([]);
  });
});

describe("an access token that ran out", () => {
  // Inside the repository, so that it finds the packages.
  const bundle = join(import.meta.dirname, `../../node_modules/.cache/burgeon/refresh-${process.pid}.mjs`);
  const children: ChildProcess[] = [];
  beforeAll(() => bundleOf(bundle), 60_000);
  afterAll(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(bundle, { force: true });
  });

  async function expire(connectionId: string) {
    google.control.expireAccessTokens();
    const held = await findTokens(ada, connectionId);
    if (!held) throw new Error("no tokens");
    const old = { ...held, accessExpiresAt: new Date(Date.now() + 5000).toISOString() };
    await seal(ada, secretScopeOf(connectionId), "tokens", JSON.stringify(old));
    return held;
  }

  it("is refreshed once, however many ask, in two processes", { timeout: 60_000 }, async () => {
    const connectionId = await connect();
    await expire(connectionId);
    const before = google.control.calls("token.refresh");
    // So slow that the other process comes while the first is still waiting for Google.
    google.control.setLatency(1000);
    const asked = await Promise.all(
      [1, 2].map(() => askElsewhere(bundle, children, [ada.userId, connectionId, adapterId, "25"])),
    );
    const answers = await Promise.all(asked.map((go) => go()));
    expect(new Set(answers.flat()).size).toBe(1);
    expect(google.control.calls("token.refresh") - before).toBe(1);
  });

  it("that was refused although it looked good is replaced once", async () => {
    const connectionId = await connect();
    const { accessToken } = await expire(connectionId);
    const next = await freshAccessToken(ada, connectionId, getAdapter(adapterId), accessToken);
    expect(next).not.toBe(accessToken);
    expect(await freshAccessToken(ada, connectionId, getAdapter(adapterId), accessToken)).toBe(next);
  });

  it("keeps the refresh token when the answer holds no new one", async () => {
    const connectionId = await connect();
    const { accessToken, refreshToken } = await expire(connectionId);
    await freshAccessToken(ada, connectionId, getAdapter(adapterId), accessToken);
    expect((await findTokens(ada, connectionId))?.refreshToken).toBe(refreshToken);
  });
});

async function bundleOf(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, "testing-refresh.ts")],
    ...{ outfile, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" },
    alias: { "@": join(import.meta.dirname, "../..") },
    absWorkingDir: join(import.meta.dirname, "../.."),
  });
}

/** Starts another process. @returns what lets it ask, and its answer */
async function askElsewhere(bundle: string, children: ChildProcess[], args: string[]) {
  const child = spawn(process.execPath, [bundle, ...args], {
    ...{ cwd: join(import.meta.dirname, "../.."), env: { ...process.env, LOG_LEVEL: "silent" } },
    stdio: ["pipe", "pipe", "inherit"],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe("ready");
  return async () => {
    child.stdin.write("go\n");
    return JSON.parse((await lines.next()).value ?? "[]") as string[];
  };
}
