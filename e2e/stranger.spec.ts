import { test } from "@playwright/test";
import { createLibraryService } from "../lib/demo/library-service";
import { serveSample } from "../lib/demo/serve";
import { type SampleAccounts, serveSampleAccounts } from "../lib/demo/sample-accounts";
import { freePort, startApp } from "./app-process";
import { expect, type Installation, owner, signIn } from "./fixtures";
import { makeThings, marker, noThings, readThings, type Things } from "./owners-things";
import { fill, listPages, listRoutes, pages, routes } from "./stranger-routes";

/** Everything belongs to somebody: whoever else asks for it, by whichever way, finds that it does not exist. */
const stranger = { email: "mallory@example.org", password: "another-horse-battery" };
const scopes =
  "chat,modules:read,modules:write,modules:approve,approvals,settings,data:read,data:write,connections,metrics,mcp";
const closed = Object.entries(routes).filter(([, { answers }]) => answers !== "open");
const changing = Object.entries(routes).filter(([name]) => !name.startsWith("GET "));

let mine: Installation;
let theirs: Installation;
let things: Things;
let before: Record<string, unknown>;
let accounts: SampleAccounts;
let library: Awaited<ReturnType<typeof serveSample>>;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  library = await serveSample(createLibraryService(), 0);
  accounts = await serveSampleAccounts(0);
  const port = await freePort();
  const app = await startApp({
    ...accounts.env,
    PORT: String(port),
    BURGEON_WEBHOOK_URL: `http://127.0.0.1:${port}`,
    BURGEON_OWNER_EMAIL: owner.email,
    BURGEON_OWNER_PASSWORD: owner.password,
    BURGEON_PASSWORD: stranger.password,
    BURGEON_EGRESS_ALLOW: [library.origin, ...accounts.origins].map((origin) => new URL(origin).host).join(","),
  });
  mine = { app, library: library.origin, token: "" };
  const run = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await app.burgeon(...args, "--json");
    expect([exitCode, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout) as { token: string };
  };
  const tokenArgs = ["token", "create", "--scopes", scopes];
  mine.token = (await run(...tokenArgs)).token;
  await run("user", "create", "--email", stranger.email, "--role", "admin");
  const made = await run(...tokenArgs, "--user", stranger.email, "--name", "the stranger's");
  theirs = { ...mine, token: made.token };
  things = await makeThings(mine, accounts);
  before = await readThings(mine, things);
});
test.afterAll(async () => {
  await mine?.app.stop();
  await library?.close();
  await accounts?.close();
});

/** Every request of this case, one for each query or body it names. */
function requestsOf(name: string, of: Things): { method: string; path: string; body: string | null }[] {
  const [method = "", address = ""] = name.split(" ");
  const { ids = [], queries, bodies } = routes[name] ?? {};
  const path = fill(address, ids, of).replace("[...nextauth]", "signout");
  if (queries) return queries.map((query) => ({ method, path: path + query(of), body: null }));
  const sent = bodies && bodies.length > 0 ? bodies : [() => (method === "POST" ? {} : undefined)];
  return sent.map((body) => ({ method, path, body: JSON.stringify(body(of)) ?? null }));
}

async function send(
  { method, path, body }: { method: string; path: string; body: string | null },
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> {
  const response = await fetch(`${mine.app.url}${path}`, {
    method,
    headers: { ...headers, ...(body === null ? {} : { "content-type": "application/json" }) },
    body,
    redirect: "manual",
  });
  return { status: response.status, text: await response.text() };
}

const asStranger = () => ({ authorization: `Bearer ${theirs.token}` });

/** The words by which the owner's things would be known. */
function ownersWords(): string[] {
  const { provider, category, name, adapter, ...ids } = things;
  return [...Object.values(ids), marker, owner.email];
}

test("every route and every page that there is stands in the tables", () => {
  expect(listRoutes().sort()).toEqual(Object.keys(routes).sort());
  expect(listPages().sort()).toEqual(Object.keys(pages).sort());
});

test("a stranger with every right finds nothing and changes nothing, on every route", async () => {
  test.setTimeout(180_000);
  for (const [name, { answers }] of closed) {
    const invented = requestsOf(name, noThings);
    for (const [index, request] of requestsOf(name, things).entries()) {
      const { status, text } = await send(request, asStranger());
      const what = `${name} ${request.body ?? ""}`;
      expect.soft([what, ...ownersWords().filter((word) => text.includes(word))]).toEqual([what]);
      if (answers === "hidden") {
        // Not even the words tell what exists from what does not.
        const other = invented[index] && (await send(invented[index], asStranger()));
        expect.soft([what, status, other]).toEqual([what, 404, { status, text }]);
      } else {
        expect.soft([what, Math.floor(status / 100)]).toEqual([what, answers === "away" ? 3 : 2]);
        if (typeof answers === "object") expect.soft([what, JSON.parse(text)]).toEqual([what, answers.body]);
      }
      expect.soft([what, await readThings(mine, things)]).toEqual([what, before]);
    }
  }
});

test("without credentials every route but the public ones answers 401", async () => {
  const answered = [];
  for (const [name] of closed)
    for (const request of requestsOf(name, things)) answered.push([name, (await send(request, {})).status]);
  expect(answered).toEqual(answered.map(([name]) => [name, 401]));
  expect(await readThings(mine, things)).toEqual(before);
});

test("a page of somebody else changes nothing with the owner's cookie, on no route", async ({ page }) => {
  await signIn(page, mine.app.url);
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const read = { method: "GET", path: "/api/runs", body: null };
  expect((await send(read, { cookie })).status).toBe(200);
  const answered = [];
  for (const [name] of changing)
    for (const request of requestsOf(name, things)) {
      const headers = { cookie, origin: "https://evil.example" };
      answered.push([name, (await send(request, headers)).status]);
    }
  // Both guard themselves, and no cookie counts there.
  const own = ["POST /api/auth/[...nextauth]", "POST /api/webhooks/[adapter]"];
  const guarded = answered.filter(([name]) => !own.includes(String(name)) && !String(name).includes("[...address]"));
  expect(guarded).toEqual(guarded.map(([name]) => [name, 403]));
  expect(answered).toContainEqual(["POST /api/webhooks/[adapter]", 401]);
  // The owner is still signed in: next-auth asked for the token of its form and did nothing.
  expect((await send(read, { cookie })).status).toBe(200);
  expect(await readThings(mine, things)).toEqual(before);
});

test("a stranger in the browser finds no page of the owner's, and no trace on their own", async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, mine.app.url, stranger);
  for (const [address, ids] of Object.entries(pages)) {
    const asked = await open(fill(address, ids, things));
    if (ids.length > 0) {
      expect.soft(asked.text, address).toContain("There is nothing here");
      expect.soft(await page.content(), address).not.toContain(marker);
      expect.soft(asked, address).toEqual(await open(fill(address, ids, noThings)));
    } else {
      const content = await page.content();
      expect.soft([address, ...ownersWords().filter((word) => content.includes(word))]).toEqual([address]);
    }
  }
  expect(await readThings(mine, things)).toEqual(before);

  async function open(path: string) {
    const response = await page.goto(`${mine.app.url}${path}`);
    await expect(page.getByRole("heading").first()).toBeVisible();
    return { status: response?.status(), text: await page.getByRole("main").textContent() };
  }
});

// Otherwise a stranger might find nothing because the table asks in the wrong way.
test("the same requests and pages find the owner's things when the owner asks", async ({ page }) => {
  test.setTimeout(180_000);
  await signIn(page, mine.app.url);
  for (const [address, ids] of Object.entries(pages)) {
    await page.goto(`${mine.app.url}${fill(address, ids, things)}`);
    await expect(page.getByRole("heading").first()).toBeVisible();
    if (ids.length > 0) await expect(page.getByText("There is nothing here"), address).toHaveCount(0);
  }
  const missing = [];
  for (const [name, { answers }] of closed)
    for (const { method, path, body } of answers === "hidden" ? requestsOf(name, things) : []) {
      const headers = { authorization: `Bearer ${mine.token}`, "content-type": "application/json" };
      const response = await fetch(`${mine.app.url}${path}`, { method, headers, body });
      // Some are streams that end with the run.
      await response.body?.cancel();
      if (response.status === 404) missing.push(`${method} ${path} ${body ?? ""}`);
    }
  expect(missing).toEqual([]);
});
