import { setTimeout as pause } from "node:timers/promises";
import { samplePerson } from "./sample-days";

interface Samples {
  app: string;
  email: string;
  password: string;
  feedUrl: string;
  plaid: { url: string; clientId: string; secret: string };
}

const readyMs = 300_000;
const retryMs = 500;
const sampleInstitution = "ins_900001";
const places = [
  { name: "home", label: "120 Roncesvalles Ave, Toronto", latitude: 43.6425, longitude: -79.4478 },
  { name: "work", label: "150 King St W, Toronto", latitude: 43.6481, longitude: -79.3839 },
];

/**
 * Connects the demo's owner to the samples, through the same doors as a person in a browser: sign in, go to the sample Google and
 * allow, choose the sample bank. The samples forget everything when they stop, so it is done at each start.
 */
export async function connectSamples(samples: Samples): Promise<void> {
  const call = await signIn(samples);
  for (const place of places) await call("PUT", "/api/places", place);
  await call("PUT", "/api/settings/profile", {
    timeZone: samplePerson.timeZone,
    currency: "CAD",
    transport: "driving",
  });
  const { connections } = await call<{ connections: { id: string; adapter: string }[] }>("GET", "/api/connections");
  const google = connections.find(({ adapter }) => adapter === "google-calendar");
  await connectGoogle(call, google?.id);
  await call("POST", "/api/connections/feeds", { adapter: "ics", url: samples.feedUrl });
  // The sample bank's accounts are new ones each time: what is there of the old ones would be counted twice.
  for (const { id } of connections.filter(({ adapter }) => adapter === "plaid"))
    await call("DELETE", `/api/connections/${id}?history=delete`);
  await call("POST", "/api/connections/link", { adapter: "plaid", publicToken: await publicToken(samples) });
}

type Call = <Body>(method: string, path: string, body?: unknown) => Promise<Body>;

async function connectGoogle(call: Call, connectionId: string | undefined): Promise<void> {
  const { location } = await call<{ location: string }>("POST", "/api/connections/oauth", {
    adapter: "google-calendar",
    isWriteWanted: true,
    ...(connectionId === undefined ? {} : { connectionId }),
  });
  const page = await (await fetch(location)).text();
  const form = new URLSearchParams({ account: samplePerson.email, decision: "allow" });
  const request = /name="request" value="([^"]+)"/.exec(page)?.[1];
  if (request === undefined) throw new Error("the sample Google showed no page of consent");
  form.set("request", request);
  for (const [, scope = ""] of page.matchAll(/name="scope" value="([^"]+)"/g)) form.append("scope", scope);
  const answer = await fetch(new URL("/o/oauth2/v2/auth", location), {
    method: "POST",
    body: form,
    redirect: "manual",
  });
  await call("GET", new URL(answer.headers.get("location") ?? "/", location).href);
}

async function publicToken({ app, plaid: { url, clientId, secret } }: Samples): Promise<string> {
  const answer = await fetch(`${url}/sandbox/public_token/create`, {
    method: "POST",
    headers: { "content-type": "application/json", "plaid-client-id": clientId, "plaid-secret": secret },
    body: JSON.stringify({
      ...{ institution_id: sampleInstitution, initial_products: ["transactions"] },
      options: { webhook: new URL("/api/webhooks/plaid", app).href, transactions: { days_requested: 730 } },
    }),
  });
  const { public_token: token } = (await answer.json()) as { public_token?: string };
  if (token === undefined) throw new Error("the sample bank gave no public token");
  return token;
}

/** Waits until the app answers, then signs in. @returns what sends requests as that person */
async function signIn({ app, email, password }: Samples): Promise<Call> {
  const cookies = new Map<string, string>();
  const send = async (method: string, path: string, body?: string, type?: string) => {
    const answer = await fetch(new URL(path, app), {
      ...{ method, redirect: "manual", ...(body === undefined ? {} : { body }) },
      headers: {
        ...{ origin: new URL(app).origin, cookie: [...cookies].map((pair) => pair.join("=")).join("; ") },
        ...(type === undefined ? {} : { "content-type": type }),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return answer;
  };
  const csrf = (await (await whenReady(() => send("GET", "/api/auth/csrf"))).json()) as { csrfToken: string };
  const form = new URLSearchParams({ email, password, csrfToken: csrf.csrfToken, json: "true" });
  await send("POST", "/api/auth/callback/credentials", form.toString(), "application/x-www-form-urlencoded");
  return async (method, path, body) => {
    const answer = await send(method, path, body === undefined ? undefined : JSON.stringify(body), "application/json");
    if (answer.status >= 400) throw new Error(`${method} ${new URL(path, app).pathname} answered ${answer.status}`);
    const text = await answer.text();
    return text.startsWith("{") ? JSON.parse(text) : {};
  };
}

async function whenReady(ask: () => Promise<Response>): Promise<Response> {
  const until = Date.now() + readyMs;
  for (;;) {
    const answer = await ask().catch(() => null);
    if (answer?.ok) return answer;
    if (Date.now() > until) throw new Error("Burgeon did not answer");
    await pause(retryMs);
  }
}
