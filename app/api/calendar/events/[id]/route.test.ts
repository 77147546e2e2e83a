import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ann, hourOf, serveGoogle } from "@/lib/adapters/google-calendar/testing-served";
import { createToken } from "@/lib/auth/tokens";
import { beginOAuth, finishOAuth } from "@/lib/connections/connect";
import { syncConnection } from "@/lib/connections/sync";
import type { EventView } from "@/lib/contracts/calendar";
import type { Viewer } from "@/lib/contracts/viewer";
import { searchEvents } from "@/lib/db/calendar/events";
import { testDatabase, testUser } from "@/lib/db/testing";
import { DELETE, GET, PATCH } from "./route";

process.env.BURGEON_MASTER_KEY = randomBytes(32).toString("base64");
const google = serveGoogle();
const { signal } = new AbortController();
let database: Awaited<ReturnType<typeof testDatabase>>;
let ada: Viewer;
let authorization: string;
let connectionId: string;
let seen: EventView;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  ada = await testUser();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const rights = { name: "test", scopes: ["data:read" as const, "data:write" as const], expiresAt };
  authorization = `Bearer ${(await createToken(ada, rights)).token}`;
  google.control.answerConsent({ email: ann, decision: "allow" });
  google.control.putEvent(ann, {
    ...{ id: "dentist0", summary: "Dentist", start: { dateTime: hourOf(3, 9) }, end: { dateTime: hourOf(3, 10) } },
  });
  const begun = { adapterId: "google-calendar", browserMark: "m", isWriteWanted: true, connectionId: null };
  const answer = await fetch(await beginOAuth(ada, begun), { redirect: "manual" });
  const back = new URL(answer.headers.get("location") ?? "").searchParams;
  const found = { state: back.get("state") ?? "", code: back.get("code") ?? "" };
  ({ connectionId } = await finishOAuth(ada, { adapterId: "google-calendar", browserMark: "m", ...found }));
  await sync();
  const [event] = await searchEvents(ada, "dentist", 1, new Date());
  if (!event) throw new Error("the event is not here");
  seen = event;
});
const sync = () => syncConnection(ada, connectionId, signal);

async function ask(handle: typeof PATCH, method: string, ifMatch?: string | null, body?: unknown) {
  const headers = { authorization, "content-type": "application/json", ...(ifMatch ? { "if-match": ifMatch } : {}) };
  const request = new Request(`http://127.0.0.1:3000/api/calendar/events/${seen.id}`, {
    ...{ method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
  });
  const response = await handle(request, { params: Promise.resolve({ id: seen.id }) });
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at the members it knows.
  return { status: response.status, body: (await response.json()) as any };
}
const change = (ifMatch?: string | null) => ask(PATCH, "PATCH", ifMatch, { title: "Dentist, moved" });
const remove = (ifMatch?: string | null) => ask(DELETE, "DELETE", ifMatch);
const titleAtGoogle = () => google.control.event(ann, "dentist0")?.summary;
const conflict = {
  status: 409,
  body: {
    error: {
      code: "conflict",
      message: expect.stringContaining("changed meanwhile"),
      hint: expect.stringContaining("Look at how it is now"),
    },
  },
};

describe("a change with If-Match", () => {
  it("is done to the state that was seen, and tells the next one", async () => {
    const { status, body } = await change(seen.etag);
    expect([status, body.event.title, titleAtGoogle()]).toEqual([200, "Dentist, moved", "Dentist, moved"]);
    expect(body.event.etag).not.toBe(seen.etag);
    expect((await ask(GET, "GET")).body.event.etag).toBe(body.event.etag);
    expect((await remove(body.event.etag)).status).toBe(200);
  });

  it.each([
    ["that Burgeon knows of", true],
    ["that nobody knows of here", false],
  ])(
    "is refused after a change of somebody else %s; nothing is lost, and GET says how it is now",
    async (_, isKnown) => {
      google.control.changeEvent(ann, "dentist0", { summary: "Dentist at Dr Who" });
      if (isKnown) await sync();
      expect(await change(seen.etag)).toMatchObject(conflict);
      expect(await remove(seen.etag)).toMatchObject(conflict);
      expect(titleAtGoogle()).toBe("Dentist at Dr Who");
      const { event } = (await ask(GET, "GET")).body;
      expect(event.title).toBe("Dentist at Dr Who");
      expect((await change(event.etag)).status).toBe(200);
    },
  );

  it("is refused when it names no state", async () => {
    for (const text of ["yes", '"a", "b"', "W/x"]) expect((await change(text)).status).toBe(400);
    expect(titleAtGoogle()).toBe("Dentist");
  });
});

describe("a change without If-Match", () => {
  it.each([
    ["none", undefined],
    ["any", "*"],
  ])("(%s) holds for what Burgeon saw last, and writes over nothing newer", async (_, ifMatch) => {
    google.control.changeEvent(ann, "dentist0", { summary: "Dentist at Dr Who" });
    expect(await remove(ifMatch)).toMatchObject(conflict);
    expect(titleAtGoogle()).toBe("Dentist at Dr Who");
    // By now it has been seen.
    expect((await change(ifMatch)).status).toBe(200);
  });
});
