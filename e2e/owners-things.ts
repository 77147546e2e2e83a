import type { ApprovalItem, GrantItem } from "../lib/contracts/approval";
import { defaultBudget, type RunView } from "../lib/contracts/run";
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
};

/** Stands in what the owner wrote. */
export const marker = "zebra";

/** Makes the owner one of everything, over the API. */
export async function makeThings(at: Installation): Promise<Things> {
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
  };
}

/** All that the API shows its owner, by address. What only looking at it changes is left out. */
export async function readThings(at: Installation, things: Things): Promise<Record<string, unknown>> {
  const { category, name, newName, conversationId, runId, waitingRunId } = things;
  const paths = [
    ...["modules", `modules/${category}/${name}`, `modules/${category}/${newName}`, "runs", `runs/${runId}`],
    ...[`runs/${waitingRunId}`, "conversations", `conversations/${conversationId}`, "approvals"],
    ...["approvals?state=decided", "grants", "tokens", "usage", "settings/budget", "settings/models"],
  ];
  const found: Record<string, unknown> = {};
  for (const path of paths)
    found[path] = JSON.parse(
      JSON.stringify(await read(at, `/api/${path}`), (key, value) => (key === "lastUsedAt" ? undefined : value)),
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
