import { afterAll, beforeAll, beforeEach } from "vitest";
import { serveSample } from "../../demo/serve";
import { oauth } from "./auth";
import { createIo, createMemoryStore, writeScopes } from "./testing-connection";
import { createGoogleFake, type GoogleFake } from "./testing-fake";

export const ann = "ann@example.org";

/**
 * A sample Google on a socket, new for each test, and what the adapter needs to talk to it. The variables are set before the
 * environment is first read, so a file calls this at its top.
 */
export function serveGoogle() {
  let google: GoogleFake = createGoogleFake();
  let close: (() => Promise<void>) | undefined;
  beforeAll(async () => {
    const server = await serveSample((request) => google.fetch(request), 0);
    close = server.close;
    process.env.GOOGLE_API_BASE_URL = server.origin;
    process.env.GOOGLE_CLIENT_ID = google.control.state.clientId;
    process.env.GOOGLE_CLIENT_SECRET = google.control.state.clientSecret;
  });
  afterAll(() => close?.());
  const served = {
    get control() {
      return google.control;
    },
    store: createMemoryStore(),
    io: createIo(() => Promise.reject(new Error("not connected"))),
    renew(now?: () => Date) {
      google = createGoogleFake({ now });
      google.control.addPerson({ email: ann, name: "Ann" });
      served.store = createMemoryStore();
      served.io = served.connect({ now });
    },
    /** A connection of its own, which refreshes at the sample Google like the real one. */
    connect(options: { scopes?: readonly string[]; email?: string; signal?: AbortSignal; now?: () => Date } = {}) {
      const { refreshToken } = google.control.connect(options.email ?? ann, options.scopes ?? writeScopes);
      const { signal } = new AbortController();
      return createIo(async () => (await oauth.refresh({ refreshToken, signal })).accessToken, options);
    },
  };
  beforeEach(() => served.renew());
  return served;
}

/** Days from today at an hour, as Google's own form. */
export function hourOf(daysAhead: number, hour: number): string {
  const at = new Date(Date.now() + daysAhead * 86_400_000);
  at.setUTCHours(hour, 0, 0, 0);
  return at.toISOString().replace(".000", "");
}
export function dayOf(daysAhead: number): string {
  return hourOf(daysAhead, 0).slice(0, 10);
}
