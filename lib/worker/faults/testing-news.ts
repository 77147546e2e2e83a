import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { POST as takeAtRoute } from "@/app/api/webhooks/[adapter]/route";
import { createGoogleFake } from "@/lib/adapters/google-calendar/testing-fake";
import { createPlaidFake } from "@/lib/adapters/plaid/testing-fake";
import type { SampleWebhook } from "@/lib/adapters/plaid/testing-webhooks";
import { beginOAuth, finishOAuth } from "@/lib/connections/connect";
import { finishLink } from "@/lib/connections/link";
import type { Viewer } from "@/lib/contracts/viewer";
import { testUser } from "@/lib/db/testing";
import { serveSample } from "@/lib/demo/serve";
import type { Scene } from "./testing-scene";

const bankId = "ins_900001";
const calendarOwner = "ann@example.org";

export interface Linked {
  viewer: Viewer;
  connectionId: string;
  itemId: string;
}

/** Providers with state, over real HTTP, and the web that they tell their news to. */
export class NewsSources {
  readonly plaid = createPlaidFake({ readiness: "at-once" });
  readonly google = createGoogleFake();
  private readonly closers: (() => Promise<void>)[] = [];
  private readonly webUrl: string[] = [];

  /** Before the environment is first read: workers are given the same. */
  async open(): Promise<void> {
    const [bank, calendar, web] = [
      await serveSample(this.plaid.fetch, 0),
      await serveSample((request) => this.google.fetch(request), 0),
      await serveSample(takeAnything, 0),
    ];
    this.closers.push(bank.close, calendar.close, web.close);
    this.webUrl.push(web.origin);
    const { clientId, clientSecret } = this.google.control.state;
    Object.assign(process.env, {
      BURGEON_MASTER_KEY: randomBytes(32).toString("base64"),
      BURGEON_WEBHOOK_URL: web.origin,
      PLAID_CLIENT_ID: "sample-client",
      PLAID_SECRET: "sample-secret",
      PLAID_BASE_URL: bank.origin,
      GOOGLE_API_BASE_URL: calendar.origin,
      GOOGLE_CLIENT_ID: clientId,
      GOOGLE_CLIENT_SECRET: clientSecret,
    });
    // Every test says itself which news come when.
    this.plaid.control.holdWebhooks();
    this.google.control.addPerson({ email: calendarOwner, name: "Ann" });
    this.google.control.answerConsent({ email: calendarOwner, decision: "allow" });
  }

  async close(): Promise<void> {
    for (const close of this.closers) await close();
  }

  /** A person with a bank of their own, connected through the dialog; nothing of it is asked for yet. */
  async linkBank(): Promise<Linked> {
    const viewer = await testUser("member");
    const token = this.bankToken();
    const before = new Set(this.plaid.control.items().map(({ itemId }) => itemId));
    const { connectionId } = await finishLink(viewer, "plaid", token);
    const item = this.plaid.control.items().find(({ itemId }) => !before.has(itemId));
    if (!item) throw new Error("the bank was not linked");
    return { viewer, connectionId, itemId: item.itemId };
  }

  /** A person with a calendar, signed in at Google; nothing of it is asked for yet. */
  async linkCalendar(): Promise<Pick<Linked, "viewer" | "connectionId">> {
    const viewer = await testUser("member");
    const way = { adapterId: "google-calendar", browserMark: "browser" };
    const begun = await beginOAuth(viewer, { ...way, isWriteWanted: true, connectionId: null });
    const back = new URL((await fetch(begun, { redirect: "manual" })).headers.get("location") ?? "about:blank");
    const [state, code] = [back.searchParams.get("state") ?? "", back.searchParams.get("code") ?? ""];
    const { connectionId } = await finishOAuth(viewer, { ...way, state, code });
    return { viewer, connectionId };
  }

  /** Something is put into the calendar. @returns how the news of it were answered */
  async putEvent(title: string): Promise<number[]> {
    const at = new Date(Date.now() + 86_400_000).toISOString();
    const time = { dateTime: at, timeZone: "UTC" };
    this.google.control.putEvent(calendarOwner, { summary: title, start: time, end: time });
    return (await this.google.control.delivered()).map(Number);
  }

  bankToken(): string {
    return this.plaid.control.publicToken(bankId, {
      daysRequested: 30,
      webhook: `${this.webUrl[0]}/api/webhooks/plaid`,
    });
  }

  /** Something happens at the bank. @returns the webhooks that tell of it, in order */
  happen(itemId: string, cents = 1234): SampleWebhook[] {
    const { control } = this.plaid;
    const from = control.webhooks.length;
    const account = control.institutions.find(({ id }) => id === bankId)?.accounts[0]?.key ?? "";
    const [, second] = [control.add(itemId, { account, cents }), control.add(itemId, { account, cents: 2 * cents })];
    control.modify(control.add(itemId, { account, cents: 3 * cents }), { cents: 5 * cents });
    control.remove(second);
    return control.webhooks.slice(from);
  }

  /** What Plaid knows of an item, to compare with what is held of it. */
  truth(itemId: string): string[] {
    const lines = this.plaid.control.transactions(itemId);
    return lines.map(({ id, date, cents, pending }) => `${id} ${date} ${-cents} ${pending}`).sort();
  }
}

function takeAnything(request: Request): Promise<Response> {
  const adapter = new URL(request.url).pathname.split("/").at(-1) ?? "";
  return takeAtRoute(request, { params: Promise.resolve({ adapter }) });
}

/** What is held of a connection. */
export async function heldOf(scene: Scene, connectionId: string): Promise<string[]> {
  const { rows } = await scene.database.query<{ line: string }>(
    `SELECT format('%s %s %s %s', t."sourceId", t.date, t."amountMinor", CASE WHEN t."isPending" THEN 'true' ELSE 'false' END) AS line
     FROM "FinancialTransaction" t JOIN "FinancialAccount" a ON a.id = t."accountId" WHERE a."connectionId" = $1`,
    [connectionId],
  );
  return rows.map(({ line }) => line).sort();
}

/** Titles of the events that are held of a person. */
export async function eventsOf(scene: Scene, { userId }: Viewer & { userId: string }): Promise<string[]> {
  const { rows } = await scene.database.query<{ title: string }>(
    `SELECT title FROM "CalendarEvent" WHERE "userId" = $1 ORDER BY title`,
    [userId],
  );
  return rows.map(({ title }) => title);
}

export interface Standing {
  state: string;
  isWarned: boolean;
  isWell: boolean;
  isDue: boolean;
}

/** How a connection stands. */
export async function standingOf(scene: Scene, connectionId: string): Promise<Standing | undefined> {
  const { rows } = await scene.database.query<Standing>(
    `SELECT state, warning IS NOT NULL AS "isWarned", "lastGoodAt" IS NOT NULL AS "isWell",
       coalesce("nextAt" <= clock_timestamp(), false) AS "isDue" FROM "Connection" WHERE id = $1`,
    [connectionId],
  );
  return rows[0];
}

/** How many jobs of a connection are waiting, at work and so on. */
export async function jobsOf(scene: Scene, connectionId: string): Promise<Record<string, number>> {
  const { rows } = await scene.database.query<{ state: string; count: number }>(
    `SELECT state::text, count(*)::int FROM jobs.job WHERE name = 'sync-connection' AND singleton_key = $1 GROUP BY state`,
    [connectionId],
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

/** Waits until what is held is the truth, nothing more is to be done, and the connection is well. */
export async function expectTruth(
  scene: Scene,
  sources: NewsSources,
  { connectionId, itemId }: Linked,
  withinMs = 15_000,
): Promise<void> {
  await expect
    .poll(() => heldOf(scene, connectionId), { timeout: withinMs, interval: 50 })
    .toEqual(sources.truth(itemId));
  await expect.poll(() => openJobsOf(scene, connectionId), { timeout: withinMs, interval: 50 }).toBe(0);
  const well = { state: "active", isWarned: false, isWell: true, isDue: false };
  await expect.poll(() => standingOf(scene, connectionId), { timeout: withinMs, interval: 50 }).toEqual(well);
  expect(await heldOf(scene, connectionId)).toEqual(sources.truth(itemId));
}

async function openJobsOf(scene: Scene, connectionId: string): Promise<number> {
  const { created = 0, retry = 0, active = 0, failed = 0 } = await jobsOf(scene, connectionId);
  return created + retry + active + failed;
}
