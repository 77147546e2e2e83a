import type { z } from "zod";
import type { Adapter, AdapterFake, AdapterIo } from "../contracts/adapter";
import { calendarEventSchema, financialTransactionSchema, navigationRouteSchema } from "../contracts/canonical";
import { weatherReportSchema, webHitSchema } from "../contracts/open-data";
import { serveSample } from "../demo/serve";
import { oauth } from "./google-calendar/auth";
import { googleCalendar } from "./google-calendar/adapter";
import { createMemoryStore, writeScopes } from "./google-calendar/testing-connection";
import { createGoogleFake } from "./google-calendar/testing-fake";
import { icsFeed } from "./ics/adapter";
import { createIcsFake, sampleFeedToken } from "./ics/testing-fake";
import { openMeteo } from "./open-meteo/adapter";
import { createOpenMeteoFake } from "./open-meteo/testing-fake";
import { osrm } from "./osrm/adapter";
import { createOsrmFake } from "./osrm/testing-fake";
import { createPlaidAdapter } from "./plaid/adapter";
import { createPlaidClient } from "./plaid/client";
import { createPlaidFake } from "./plaid/testing-fake";
import { MemoryFinanceStore } from "./plaid/testing-store";
import { testingIo } from "./testing-io";
import { webSearch } from "./web-search/adapter";
import { createWebSearchFake } from "./web-search/testing-fake";

/** An adapter at work on its fake, with a hand between the two. */
export interface Subject {
  adapter: Adapter;
  /** Reads what the adapter is for, once, and gives what it found. */
  read(io: AdapterIo): Promise<unknown[]>;
  io(signal?: AbortSignal): AdapterIo;
  /** Of every single thing that is read. */
  schema: z.ZodType;
  /** What must stand in no failure. */
  secrets: string[];
  /** Answers in the fake's place; null lets the request through. */
  intercept: { with: ((request: Request) => Promise<Response | null>) | null };
  asked(): number;
  close(): Promise<void>;
}

async function serve(fake: AdapterFake) {
  const intercept: Subject["intercept"] = { with: null };
  let count = 0;
  const server = await serveSample(async (request) => {
    count++;
    return (await intercept.with?.(request)) ?? fake(request);
  }, 0);
  return { intercept, origin: server.origin, asked: () => count, close: server.close };
}

let names = 0;

/** Points adapters at their fakes for the rest of the file. The environment is parsed once per database, so it gets another name. */
function point(variables: Record<string, string>): void {
  Object.assign(process.env, variables, { DATABASE_URL: `postgresql://127.0.0.1:1/subjects-${++names}` });
}

const toronto = { latitude: 43.65, longitude: -79.38, name: "Toronto" };

/** Every adapter that asks somebody else, by its id. */
export const subjects: Record<string, () => Promise<Subject>> = {
  async "google-calendar"() {
    const google = createGoogleFake();
    const email = "ann@example.org";
    google.control.addPerson({ email, name: "Ann" });
    const dateIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    google.control.putEvent(email, { summary: "One", start: { date: dateIn(1) }, end: { date: dateIn(2) } });
    const served = await serve(google.fetch);
    const { clientId, clientSecret } = google.control.state;
    point({
      GOOGLE_API_BASE_URL: served.origin,
      GOOGLE_CLIENT_ID: clientId,
      GOOGLE_CLIENT_SECRET: clientSecret,
    });
    const { refreshToken } = google.control.connect(email, writeScopes);
    const { accessToken } = await oauth.refresh({ refreshToken, signal: new AbortController().signal });
    return {
      ...{ ...served, adapter: googleCalendar, schema: calendarEventSchema },
      secrets: [clientSecret, refreshToken, accessToken],
      io: (signal) => ({ ...testingIo([], { signal }), now: () => new Date(), accessToken: async () => accessToken }),
      async read(io) {
        const store = createMemoryStore();
        await googleCalendar.syncCalendar?.(io, store);
        return [...store.calendars.keys()].flatMap((id) => store.events(id));
      },
    };
  },
  async plaid() {
    const fake = createPlaidFake({ readiness: "at-once" });
    const served = await serve(fake.fetch);
    const secret = "sample-secret";
    const client = createPlaidClient(() => ({
      ...{ clientId: "sample-client", secret, baseUrl: served.origin, countryCodes: ["CA"], redirectUri: undefined },
      ...{ timeoutMs: 10_000, retryPauseMs: 1 },
    }));
    const adapter = createPlaidAdapter(client);
    const publicToken = fake.control.publicToken("ins_900001");
    const linked = await adapter.link?.exchange({ publicToken, signal: new AbortController().signal });
    const accessToken = linked?.accessToken ?? "";
    return {
      ...{ ...served, adapter, schema: financialTransactionSchema, secrets: [secret, accessToken, publicToken] },
      io: (signal) => ({ ...testingIo([], { signal }), now: () => new Date(), accessToken: async () => accessToken }),
      async read(io) {
        const store = new MemoryFinanceStore();
        await adapter.syncFinance?.(io, store);
        return [...store.transactions.values()];
      },
    };
  },
  async ics() {
    const served = await serve(createIcsFake().serve);
    const url = `${served.origin}/calendar.ics?token=${sampleFeedToken}`;
    return {
      ...{ ...served, adapter: icsFeed, schema: calendarEventSchema, secrets: [sampleFeedToken] },
      io: (signal) => testingIo([served.origin], { signal }),
      async read(io) {
        const store = createMemoryStore();
        await icsFeed.syncUrl?.(io, url, store);
        return [...store.calendars.keys()].flatMap((id) => store.events(id));
      },
    };
  },
  async "open-meteo"() {
    const served = await serve(createOpenMeteoFake().serve);
    point({ OPEN_METEO_BASE_URL: served.origin });
    return {
      ...{ ...served, adapter: openMeteo, schema: weatherReportSchema, secrets: [] },
      io: (signal) => testingIo([served.origin], { signal }),
      read: async (io) => [await openMeteo.weather?.report(io, toronto)],
    };
  },
  async osrm() {
    const served = await serve(createOsrmFake().serve);
    point({ OSRM_BASE_URL: `${served.origin}/routed-{profile}` });
    const to = { latitude: 45.42, longitude: -75.7 };
    return {
      ...{ ...served, adapter: osrm, schema: navigationRouteSchema, secrets: [] },
      io: (signal) => testingIo([served.origin], { signal }),
      read: async (io) => [await osrm.navigation?.route(io, { from: toronto, to, transport: "driving" })],
    };
  },
  async "web-search"() {
    const served = await serve(createWebSearchFake().serve);
    point({ WEB_SEARCH_PROVIDER: "searxng", SEARXNG_BASE_URL: served.origin });
    return {
      ...{ ...served, adapter: webSearch, schema: webHitSchema, secrets: [] },
      io: (signal) => testingIo([served.origin], { signal }),
      read: async (io) => (await webSearch.webSearch?.search(io, "Ottawa", 5)) ?? [],
    };
  },
};
