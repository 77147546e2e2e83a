import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { defaultBudget } from "../lib/contracts/run";
import { marker, type Things } from "./owners-things";

const app = join(import.meta.dirname, "..", "app");

/** What a stranger gets who asks for the owner's. */
interface RouteCase {
  /** `hidden`: 404, in the same words as for what does not exist. A body: this and nothing else. `own`: something of their own. `open`: for anybody. */
  answers: "hidden" | "own" | "open" | { body: unknown };
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

const module: (keyof Things)[] = ["category", "name"];
const newVersion: (keyof Things)[] = ["category", "newName", "newDigest"];
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
  "GET /api/tokens": only({ tokens: [expect.objectContaining({ name: "the stranger's" })] }),

  "GET /api/conversations/[id]": hidden(["conversationId"]),
  "GET /api/conversations/[id]/events": hidden(["conversationId"]),
  "GET /api/runs/[id]": hidden(["runId"]),
  "GET /api/runs/[id]/events": hidden(["waitingRunId"]),
  "GET /api/modules/[category]/[name]": hidden(module),

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
  "POST /api/tokens": own({ name: "x", scopes: ["chat"], expiresAt: soon() }),
  "POST /api/modules/builds": own({ wish: "Count horses", sample: '{"horses":1}' }),
  "POST /api/modules/rescan": own(),

  "GET /api/first-run": open,
  "POST /api/first-run": open,
  "GET /api/health/live": open,
  "GET /api/health/ready": open,
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
  "/settings": [],
  "/settings/limits": [],
  "/settings/models": [],
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
