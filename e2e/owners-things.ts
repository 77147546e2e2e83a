import type { ApprovalItem, GrantItem } from "../lib/contracts/approval";
import { defaultBudget, type RunView } from "../lib/contracts/run";
import type { EventView } from "../lib/contracts/calendar";
import type { ConnectionsBody } from "../lib/contracts/connection";
import { type SampleAccounts } from "../lib/demo/sample-accounts";
import { samplePerson } from "../lib/demo/sample-days";
import { sampleLibraryKey } from "../lib/demo/library-service";
import { callApi, expect, type Installation } from "./fixtures";

/** Ids of one of everything that a person can have. */
export interface Things {
  conversationId: string;
  /** Finished, with a call that can be undone. */
  runId: string;
  callId: string;
  /** Waits for the answer to a question. */
  waitingRunId: string;
  approvalId: string;
  grantId: string;
  tokenId: string;
  category: string;
  /** In use, with its key. */
  name: string;
  digest: string;
  /** Built, and up for review. */
  newName: string;
  newDigest: string;
  provider: string;
  adapter: string;
  /** Of the sample bank, which brought the account and the transaction. */
  connectionId: string;
  calendarId: string;
  eventId: string;
  placeId: string;
  accountId: string;
  transactionId: string;
  ruleId: string;
  mergeId: string;
  /** Nobody's yet: a bank's answer that can be used once, and the address of a feed. */
  publicToken: string;
  feedUrl: string;
}

/** Of the same shape, and nobody's. */
export const noThings: Things = {
  conversationId: "conv_none",
  runId: "run_none",
  callId: "call_none",
  waitingRunId: "run_nothing",
  approvalId: "appr_none",
  grantId: "grant_none",
  tokenId: "tok_none",
  category: "nowhere",
  name: "nothing",
  digest: `sha256:${"0".repeat(64)}`,
  newName: "nothing-new",
  newDigest: `sha256:${"1".repeat(64)}`,
  provider: "openai",
  adapter: "google-calendar",
  connectionId: "conn_none",
  calendarId: "cal_none",
  eventId: "cev_none",
  placeId: "place_none",
  accountId: "acc_none",
  transactionId: "txn_none",
  ruleId: "rule_none",
  mergeId: "merge_none",
  publicToken: "public-sandbox-none",
  feedUrl: "http://127.0.0.1:1/none.ics",
};

/** Stands in what the owner wrote. */
export const marker = "zebra";

/** Makes the owner one of everything, over the API. */
export async function makeThings(at: Installation, accounts: SampleAccounts): Promise<Things> {
  const remembered = await ask(at, `Remember that the ${marker} sleeps in the shed`, "done");
  const module = await build(at, "lists my holds, shows a book and places holds", "library");
  const path = `/api/modules/${module.category}/${module.name}`;
  await change(at, "POST", `${path}/versions/${module.digest}/approve`, {});
  const { credentials } = await read<{ credentials: { name: string }[] }>(at, path);
  await change(at, "PUT", `${path}/credentials`, { values: { [credentials[0]?.name ?? ""]: sampleLibraryKey } });
  const always = await askForHold(at, "b-102");
  await change(at, "POST", `/api/approvals/${always.approvalId}`, { decision: "allow", always: { only: ["book_id"] } });
  await expect.poll(async () => (await read<RunView>(at, `/api/runs/${always.runId}`)).status).toBe("done");
  const { grants } = await read<{ grants: GrantItem[] }>(at, "/api/grants");
  const newer = await build(at, "is called second-library", "second-library");
  const { approvalId, runId: waitingRunId } = await askForHold(at, "b-104");
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  const token = await change<{ id: string }>(at, "POST", "/api/tokens", { name: marker, scopes: ["chat"], expiresAt });
  const day = { ...defaultBudget.day, runs: 77 };
  await change(at, "PUT", "/api/settings/budget", { ...defaultBudget, day });
  const choice = { provider: "planner", model: marker };
  await change(at, "PUT", "/api/settings/models", { role: "builder", choice });
  await change(at, "PUT", "/api/settings/models/openai/key", { key: `${marker}-key` });
  return {
    conversationId: remembered.conversationId,
    runId: remembered.runId,
    callId: remembered.toolCalls[0]?.callId ?? "",
    waitingRunId,
    approvalId,
    grantId: grants[0]?.grantId ?? "",
    tokenId: token.id,
    ...module,
    newName: newer.name,
    newDigest: newer.digest,
    provider: "openai",
    ...(await connectThings(at, accounts)),
  };
}

/** A calendar, a bank and a place, with what hangs on them. */
async function connectThings(at: Installation, accounts: SampleAccounts) {
  const { google, plaid, feedUrl } = accounts;
  const { email, timeZone } = samplePerson;
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  const time = (clock: string) => ({ dateTime: `${day}T${clock}:00`, timeZone });
  google.control.putEvent(email, { summary: `Feed the ${marker}`, start: time("10:00"), end: time("11:00") });
  await connectGoogle(at, accounts);
  const bank = plaid.control.publicToken("ins_900001", { webhook: `${at.app.url}/api/webhooks/plaid` });
  const { connectionId } = await change<{ connectionId: string }>(at, "POST", "/api/connections/link", {
    publicToken: bank,
  });
  await expect
    .poll(async () => (await read<ConnectionsBody>(at, "/api/connections")).connections.map(({ health }) => health), {
      timeout: 90_000,
    })
    .toEqual(["good", "good"]);
  const { events } = await read<{ events: EventView[] }>(at, `/api/calendar/events?from=${day}&to=${day}`);
  const event = events.find(({ title }) => title.includes(marker));
  const house = { name: `${marker} house`, label: marker, latitude: 1, longitude: 2 };
  const { place } = await change<{ place: { id: string } }>(at, "PUT", "/api/places", house);
  const { transactions } = await read<{ transactions: { id: string; accountId: string }[] }>(
    at,
    "/api/money/transactions",
  );
  const [transaction] = transactions;
  await change(at, "PATCH", `/api/money/transactions/${transaction?.id}`, { note: marker });
  const sorted = { category: marker, transactionIds: [transaction?.id] };
  await change(at, "POST", "/api/money/transactions/categorize", sorted);
  const { merges } = await read<{ merges: { id: string }[] }>(at, "/api/money/merges");
  const { rule } = await change<{ rule: { id: string } }>(at, "POST", "/api/money/rules", {
    pattern: marker,
    category: marker,
  });
  return {
    ...{ adapter: "google-calendar", connectionId, feedUrl, publicToken: plaid.control.publicToken("ins_900002") },
    ...{ calendarId: event?.calendarId ?? "", eventId: event?.id ?? "", placeId: place.id, ruleId: rule.id },
    ...{ accountId: transaction?.accountId ?? "", transactionId: transaction?.id ?? "", mergeId: merges[0]?.id ?? "" },
  };
}

/** What a browser does, with a token in the place of its session. */
async function connectGoogle(at: Installation, { google }: SampleAccounts): Promise<void> {
  google.control.answerConsent({ email: samplePerson.email, decision: "allow" });
  const headers = { authorization: `Bearer ${at.token}`, "content-type": "application/json" };
  const body = JSON.stringify({ adapter: "google-calendar", isWriteWanted: true });
  const begun = await fetch(`${at.app.url}/api/connections/oauth`, { method: "POST", headers, body });
  const { location } = (await begun.json()) as { location: string };
  const asked = await fetch(location, { redirect: "manual" });
  const cookie = begun.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const back = await fetch(asked.headers.get("location") ?? "", {
    headers: { ...headers, cookie },
    redirect: "manual",
  });
  expect(back.headers.get("location")).toContain("connected=");
}

/** What goes on by itself. */
const moving = new Set(["lastUsedAt", "lastTriedAt", "lastGoodAt", "nextAt", "isSyncing", "provenance", "balanceAt"]);

/** All that the API shows its owner, by address. What only looking at it changes is left out. */
export async function readThings(at: Installation, things: Things): Promise<Record<string, unknown>> {
  const { category, name, newName, conversationId, runId, waitingRunId, eventId } = things;
  const paths = [
    ...["modules", `modules/${category}/${name}`, `modules/${category}/${newName}`, "runs", `runs/${runId}`],
    ...[`runs/${waitingRunId}`, "conversations", `conversations/${conversationId}`, "approvals"],
    ...["approvals?state=decided", "grants", "tokens", "usage", "settings/budget", "settings/models"],
    ...["connections", "calendar/calendars", `calendar/events/${eventId}`, "places", "settings/profile"],
    ...["money/accounts", "money/transactions", "money/rules", "money/merges", "money/summary"],
  ];
  const found: Record<string, unknown> = {};
  for (const path of paths)
    found[path] = JSON.parse(
      JSON.stringify(await read(at, `/api/${path}`), (key, value) => (moving.has(key) ? undefined : value)),
    );
  return found;
}

async function read<T>(at: Installation, path: string): Promise<T> {
  const { status, body } = await callApi<T>(at, "GET", path);
  expect([path, status]).toEqual([path, 200]);
  return body;
}

async function change<T>(at: Installation, method: string, path: string, sent: unknown): Promise<T> {
  const { status, body } = await callApi<T>(at, method, path, sent);
  expect([path, Math.floor(status / 100)]).toEqual([path, 2]);
  return body;
}

/** Asks, and waits until the run stands like that. */
async function ask(at: Installation, message: string, status: string): Promise<RunView> {
  const { runId } = await change<{ runId: string }>(at, "POST", "/api/runs", { message });
  const path = `/api/runs/${runId}`;
  await expect.poll(async () => (await read<RunView>(at, path)).status, { timeout: 60_000 }).toBe(status);
  return read<RunView>(at, path);
}

/** A module that places holds in the sample library, not yet approved. */
async function build(at: Installation, words: string, name: string) {
  await ask(at, `Build me a module from ${at.library}/openapi.json that ${words}`, "done");
  const { modules } = await read<{ modules: { category: string; name: string }[] }>(at, "/api/modules");
  const built = modules.find((module) => module.name === name);
  if (!built) throw new Error(`there is no ${name} among ${modules.map((module) => module.name).join(", ")}`);
  const { category } = built;
  const { versions } = await read<{ versions: { digest: string }[] }>(at, `/api/modules/${category}/${name}`);
  return { category, name, digest: versions[0]?.digest ?? "" };
}

async function askForHold(at: Installation, book: string): Promise<ApprovalItem> {
  const { runId } = await ask(at, `Place a hold on book ${book}`, "waiting");
  const { approvals } = await read<{ approvals: ApprovalItem[] }>(at, "/api/approvals");
  const asked = approvals.find((approval) => approval.runId === runId);
  if (!asked) throw new Error("the run waits for nothing");
  return asked;
}
