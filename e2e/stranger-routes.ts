import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { defaultBudget } from "../lib/contracts/run";
import { marker, type Things } from "./owners-things";

const app = join(import.meta.dirname, "..", "app");

/** What a stranger gets who asks for the owner's. */
interface RouteCase {
  /** `hidden`: 404, in the same words as for what does not exist. A body: this and nothing else. `own`: something of their own. `away`: a redirect. `open`: for anybody. */
  answers: "hidden" | "own" | "open" | "away" | { body: unknown };
  /** What stands for the brackets in the address. */
  ids?: (keyof Things)[];
  queries?: ((things: Things) => string)[];
  bodies?: ((things: Things) => unknown)[];
}

const hidden = (ids: (keyof Things)[], ...bodies: ((things: Things) => unknown)[]): RouteCase => ({
  answers: "hidden",
  ids,
  bodies,
});
const only = (body: unknown, ...queries: ((things: Things) => string)[]): RouteCase => ({
  answers: { body },
  queries: [() => "", ...queries],
});
const own = (...bodies: unknown[]): RouteCase => ({ answers: "own", bodies: bodies.map((body) => () => body) });
const open: RouteCase = { answers: "open" };

/** Something of one's own, under what is only known when the test runs. */
const ownWith = (...bodies: ((things: Things) => unknown)[]): RouteCase => ({ answers: "own", bodies });
const ownAt = (...queries: string[]): RouteCase => ({ answers: "own", queries: queries.map((query) => () => query) });

const file = { name: "may.csv", text: "Date,Description,Amount\n2026-05-01,Coffee,-3.50\n" };
const mapping = { date: "Date", amount: "Amount", description: "Description", dateFormat: "yyyy-MM-dd" };
const options = { format: "csv", mapping, currency: "CAD", accountName: "Mine" };
const event = { title: "x", start: "2030-01-01", end: "2030-01-01", idempotencyKey: "stranger-key" };
const noProfile = { timeZone: null, currency: "CAD", transport: "driving" } as const;

const module: (keyof Things)[] = ["category", "name"];
const newVersion: (keyof Things)[] = ["category", "newName", "newDigest"];
const today = () => new Date().toISOString().slice(0, 10);
const soon = () => new Date(Date.now() + 86_400_000).toISOString();
const noKey = { provider: "openai", model: "m" };
const asDelivered = expect.objectContaining({ source: "default" });

/**
 * Every method of every route. Those that only read come first: later the stranger has things, too. Deleting comes last: at the
 * end the owner asks in this order.
 */
export const routes: Record<string, RouteCase> = {
  "GET /api/approvals": only({ approvals: [] }, () => "?state=decided"),
  "GET /api/conversations": only({ conversations: [] }, () => `?query=${marker}`),
  "GET /api/grants": only({ grants: [] }),
  "GET /api/modules": only({ modules: [] }),
  "GET /api/runs": only({ runs: [] }, ({ waitingRunId }) => `?before=${waitingRunId}`),
  "GET /api/usage": only({ days: [] }),
  "GET /api/settings/budget": only(defaultBudget),
  "GET /api/settings/models": only({
    roles: { assistant: asDelivered, builder: asDelivered },
    providers: expect.not.arrayContaining([expect.objectContaining({ keySource: "settings" })]),
  }),
  "GET /api/calendar/calendars": only({ calendars: [] }),
  "GET /api/calendar/events": {
    answers: { body: expect.objectContaining({ events: [] }) },
    queries: [() => `?from=${today()}&to=${today()}`],
  },
  "GET /api/connections": only(expect.objectContaining({ connections: [] })),
  "GET /api/money/accounts": only({ accounts: [] }),
  "GET /api/money/merges": only({ merges: [] }, ({ transactionId }) => `?of=${transactionId}`),
  "GET /api/money/summary": only(
    expect.objectContaining({ count: 0, groups: [], totals: [] }),
    ({ accountId }) => `?accountId=${accountId}`,
  ),
  "GET /api/money/transactions": only(
    expect.objectContaining({ transactions: [] }),
    () => `?text=${marker}`,
    ({ accountId }) => `?accountId=${accountId}`,
  ),
  "GET /api/places": only({ places: [] }),
  "GET /api/settings/profile": only(noProfile),
  "GET /api/context": ownAt("", "?categories=calendar,finance"),
  "GET /api/briefing": ownAt(""),
  "GET /api/money/rules": ownAt(""),
  "GET /api/places/search": ownAt("?q=Toronto"),
  // Totals of the installation, for its admins.
  "GET /api/metrics": ownAt(""),
  "GET /api/connect/[adapter]/callback": { answers: "away", ids: ["adapter"], queries: [() => "?state=x&code=x"] },
  "GET /api/tokens": only({ tokens: [expect.objectContaining({ name: "the stranger's" })] }),

  "GET /api/conversations/[id]": hidden(["conversationId"]),
  "GET /api/conversations/[id]/events": hidden(["conversationId"]),
  "GET /api/runs/[id]": hidden(["runId"]),
  "GET /api/runs/[id]/events": hidden(["waitingRunId"]),
  "GET /api/modules/[category]/[name]": hidden(module),

  "GET /api/calendar/events/[id]": hidden(["eventId"]),
  "GET /api/money/transactions/[id]": hidden(["transactionId"]),
  "PATCH /api/calendar/calendars/[id]": hidden(["calendarId"], () => ({ isShown: true })),
  "PATCH /api/calendar/events/[id]": hidden(["eventId"], () => ({ title: "x" })),
  "POST /api/calendar/events": hidden([], ({ calendarId }) => ({ ...event, calendarId })),
  "POST /api/connections/[id]/sync": hidden(["connectionId"]),
  "POST /api/connections/[id]/balances": hidden(["connectionId"]),
  "POST /api/connections/[id]/repaired": hidden(["connectionId"]),
  "POST /api/connections/oauth": hidden([], ({ connectionId }) => ({ adapter: "google-calendar", connectionId })),
  "POST /api/connections/link-token": hidden([], ({ connectionId }) => ({ connectionId })),
  "PATCH /api/money/accounts/[id]": hidden(
    ["accountId"],
    () => ({ isHidden: false }),
    () => ({ name: "x" }),
  ),
  "PATCH /api/money/transactions/[id]": hidden(["transactionId"], () => ({ note: "x" })),
  "PATCH /api/money/rules/[id]": hidden(["ruleId"], () => ({ category: "x" })),
  "POST /api/money/merges/[id]/undo": hidden(["mergeId"]),
  "POST /api/money/transactions/categorize": hidden([], ({ transactionId }) => ({
    category: "x",
    transactionIds: [transactionId],
  })),

  "PATCH /api/conversations/[id]": hidden(
    ["conversationId"],
    () => ({ title: "x" }),
    () => ({ pinned: true }),
  ),
  "POST /api/conversations/[id]/branch": hidden(["conversationId"], ({ runId }) => ({ runId })),
  "POST /api/conversations/[id]/branches": hidden(["conversationId"], ({ runId }) => ({ runId })),
  "POST /api/runs": hidden(
    [],
    ({ conversationId }) => ({ message: "x", conversationId }),
    ({ runId }) => ({ message: "x", parentRunId: runId }),
    ({ runId }) => ({ regenerate: runId }),
    ({ runId }) => ({ fork: { runId, step: 1 } }),
  ),
  "POST /api/runs/[id]/stop": hidden(["waitingRunId"]),
  "POST /api/runs/[id]/calls/[callId]/undo": hidden(["runId", "callId"]),
  "POST /api/approvals/[id]": hidden(
    ["approvalId"],
    () => ({ decision: "allow" }),
    () => ({ decision: "deny" }),
  ),
  "DELETE /api/calendar/events/[id]": hidden(["eventId"]),
  "DELETE /api/money/rules/[id]": hidden(["ruleId"]),
  "DELETE /api/places/[id]": hidden(["placeId"]),
  "DELETE /api/connections/[id]": hidden(["connectionId"]),
  "DELETE /api/grants/[id]": hidden(["grantId"]),
  "DELETE /api/tokens/[id]": hidden(["tokenId"]),
  "PUT /api/modules/[category]/[name]/credentials": hidden(module, () => ({ values: { api_key: "x" } })),
  "POST /api/modules/[category]/[name]/disable": hidden(module),
  "POST /api/modules/[category]/[name]/enable": hidden(module),
  "POST /api/modules/[category]/[name]/rollback": hidden(module),
  "POST /api/modules/[category]/[name]/versions/[digest]/changes": hidden(newVersion, () => ({ note: "x" })),
  "POST /api/modules/[category]/[name]/versions/[digest]/approve": hidden(newVersion),
  "POST /api/modules/[category]/[name]/versions/[digest]/reject": hidden(newVersion),
  "POST /api/modules/[category]/[name]/versions/[digest]/quarantine": hidden(newVersion),
  "DELETE /api/modules/[category]/[name]": hidden(module),
  "DELETE /api/conversations/[id]": hidden(["conversationId"]),

  // The owner has a key for this provider; the stranger has none, so nobody is asked anything.
  "POST /api/settings/models/test": {
    answers: { body: { ok: false, latencyMs: expect.any(Number), message: expect.stringContaining("needs a key") } },
    bodies: [() => noKey],
  },
  "PUT /api/settings/budget": own(defaultBudget),
  "PUT /api/settings/models": own({ role: "assistant", choice: { provider: "planner" } }),
  "PUT /api/settings/models/[provider]/key": { ...own({ key: "another-key" }), ids: ["provider"] },
  "DELETE /api/settings/models/[provider]/key": { ...own(), ids: ["provider"] },
  "POST /api/money/rules": own({ pattern: "x", category: "x" }),
  "POST /api/money/rules/preview": own({}),
  "POST /api/money/rules/apply": own(),
  "POST /api/money/imports/inspect": own(file),
  "POST /api/money/imports/preview": own({ ...file, options }),
  "POST /api/money/imports/commit": own({ ...file, options }),
  "POST /api/connections/feeds": ownWith(({ feedUrl }) => ({ adapter: "ics", url: feedUrl })),
  "POST /api/connections/link": ownWith(({ publicToken }) => ({ publicToken })),
  "PUT /api/places": own({ name: "home", label: "x", latitude: 0, longitude: 0 }),
  "PUT /api/settings/profile": own(noProfile),
  "POST /api/tokens": own({ name: "x", scopes: ["chat"], expiresAt: soon() }),
  "POST /api/modules/builds": own({ wish: "Count horses", sample: '{"horses":1}' }),
  "POST /api/modules/rescan": own(),

  // Providers prove who they are, each in its own way; anybody else is told that they are not.
  "POST /api/webhooks/[adapter]": { answers: "open", ids: ["adapter"] },

  "GET /api/first-run": open,
  "POST /api/first-run": open,
  "GET /api/health/live": open,
  "GET /api/health/ready": open,
  // There is nothing, and everybody is told so.
  ...Object.fromEntries(
    ["GET", "POST", "PUT", "PATCH", "DELETE"].map((method) => [`${method} /api/[...address]`, open]),
  ),
  // next-auth guards itself, with a token in the form.
  "GET /api/auth/[...nextauth]": open,
  "POST /api/auth/[...nextauth]": open,
};

/** Every page, with what stands for the brackets in its address. Those without brackets show the stranger their own. */
export const pages: Record<string, (keyof Things)[]> = {
  "/": [],
  "/sign-in": [],
  "/welcome": [],
  "/chat": [],
  "/modules": [],
  "/modules/new": [],
  "/activity": [],
  "/approvals": [],
  "/calendar": [],
  "/connections": [],
  "/money": [],
  "/money/doubles": [],
  "/money/import": [],
  "/money/rules": [],
  "/money/transactions": [],
  "/today": [],
  "/settings": [],
  "/settings/limits": [],
  "/settings/models": [],
  "/settings/places": [],
  "/settings/tokens": [],
  "/chat/[id]": ["conversationId"],
  "/activity/[runId]": ["runId"],
  "/modules/[category]/[name]": module,
  "/modules/[category]/[name]/review/[digest]": newVersion,
};

/** The address with these things for its brackets, one after the other. */
export function fill(address: string, ids: readonly (keyof Things)[], things: Things): string {
  return ids.reduce((filled, id) => filled.replace(/\[[^\]]+\]/, encodeURIComponent(things[id])), address);
}

/** Method and address of everything that the source offers over HTTP. */
export function listRoutes(): string[] {
  return filesNamed("route.ts").flatMap((file) => {
    const source = readFileSync(join(app, file), "utf8");
    const named = [...source.matchAll(/^export (?:const|function|async function) ([A-Z]+)\b/gm)].map(
      ([, name]) => name,
    );
    const listed = [...source.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, names = ""]) =>
      names.split(",").map((name) => name.trim().split(" as ").at(-1)),
    );
    if (named.length + listed.length === 0) throw new Error(`${file} exports no method that can be read from its text`);
    return [...named, ...listed].map((method) => `${method} ${addressOf(file)}`);
  });
}

/** The address of every page. */
export function listPages(): string[] {
  return filesNamed("page.tsx").map(addressOf);
}

function filesNamed(name: string): string[] {
  return readdirSync(app, { recursive: true, encoding: "utf8" }).filter((file) => file.split("/").at(-1) === name);
}

/** Folders in parentheses group files and are no part of the address. */
function addressOf(file: string): string {
  const folders = file.split("/").slice(0, -1);
  return `/${folders.filter((folder) => !folder.startsWith("(")).join("/")}`;
}
