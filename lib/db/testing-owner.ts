import { type CheckReport, moduleManifestSchema } from "@/lib/contracts/module";
import { defaultBudget } from "@/lib/contracts/run";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { sampleModule } from "@/lib/module-host/testing";
import { decideApproval, requestApproval } from "./approvals";
import type { ApprovalRow } from "./approval-row";
import { setBudget } from "./budget";
import { createBuild, saveBuildStep } from "./builds";
import { type ClaimedRun, claimRun, finishRun, workerLockClass, workerName } from "./claims";
import { dedicatedConnection, pool } from "./client";
import { pinConversation } from "./conversations";
import { recordIntent, recordOutcome } from "./effects";
import { appendEvents } from "./events";
import { listGrants } from "./grants";
import { storeDocument } from "./knowledge";
import { recordModuleCall } from "./module-calls";
import { changeModule, type NewVersion, saveVersion } from "./modules";
import { createRun, type NewRun } from "./runs";
import { putSecret } from "./secrets";
import { putSetting } from "./settings";
import { insertToken } from "./tokens";
import { testUser } from "./testing";
import { plantConnection, type PlantedConnection } from "./testing-owner-connections";

/** One of everything that is stored for a person. Every text holds the word "zebra". */
export interface Planted {
  owner: Viewer;
  /** At work under this claim, in the conversation of everything else. */
  run: ClaimedRun;
  /** Finished, with one step. */
  doneRunId: string;
  build: { buildId: string; runId: string; fence: number };
  /** Questions about calls of the run: open, allowed, and past its time but still open. */
  approvals: { open: ApprovalRow; allowed: ApprovalRow; old: ApprovalRow };
  grantId: string;
  documentId: string;
  tokenId: string;
  module: { moduleId: string; category: string; name: string; digest: string; waitingDigest: string };
  /** Somebody else who has things, too: a finished run, and one at work on a build. */
  neighbour: { viewer: Viewer; conversationId: string; doneRunId: string; build: Planted["build"] };
  connected: PlantedConnection;
  /** Of the owner's conversations, runs, modules, builds, connections and what hangs on them. */
  ids: string[];
}

/** Idempotency keys of the run's effects: one that was begun, one that was done and can be taken back. */
export const effectKeys = { begun: "begun zebra", done: "done zebra" };
/** The tool call that is answered by the build. */
export const buildCallId = "call-build";
export const secret = { scope: "module:gaming/test-game", name: "game_key", sealed: Buffer.from("zebra"), keyId: "k" };

/** A person with one of everything, and a neighbour. */
export async function plantOwner(): Promise<Planted> {
  // Runs of a worker without its lock are free to be claimed again.
  const worker = await dedicatedConnection("test");
  try {
    await worker.query("SELECT pg_advisory_lock($1, 1)", [workerLockClass]);
    return await plantAll();
  } finally {
    await worker.end();
  }
}

async function plantAll(): Promise<Planted> {
  const neighbour = await plantNeighbour();
  const owner = await testUser();
  const { conversationId, runId: doneRunId } = await answer(owner, { message: "Where is the zebra?" });
  await createRun(owner, { message: "And the other zebra?", conversationId, via: "api", idempotencyKey: "key" });
  const run = await claim();
  const approvals = await plantApprovals(owner, run);
  await plantEffects(owner, run);
  const build = await plantBuild(owner, { conversationId, parentRunId: run.runId, callId: buildCallId });
  const module = await plantModule(owner, run.runId);
  const documentId = await storeDocument(owner, { title: "zebra", content: "A zebra has stripes.", source: null });
  const token = { name: "zebra", hash: "zebra", prefix: "bgn_zebr", scopes: ["chat"] as const };
  const { id: tokenId } = await insertToken(owner, { ...token, expiresAt: new Date(Date.now() + 86_400_000) });
  await putSecret(owner, secret);
  await putSecret(owner, { ...secret, scope: "model:openai", name: "key" });
  await putSetting(owner, "animal", "zebra");
  await setBudget(owner, { ...defaultBudget, day: { ...defaultBudget.day, runs: 7 } });
  // Somebody was at the chain: its owner is to learn of it, and nobody else.
  await pool().query(
    `UPDATE "AuditEntry" SET action = 'zebra' WHERE id = (SELECT max(id) FROM "AuditEntry" WHERE "userId" = $1)`,
    [owner.userId],
  );
  const grantId = (await listGrants(owner))[0]?.grantId ?? "";
  await pinConversation(owner, conversationId, true);
  await answer(owner, { message: "Where is the third zebra?" });
  const connected = await plantConnection(owner);
  const ids = await listIds(owner);
  return { connected, owner, run, doneRunId, build, approvals, grantId, documentId, tokenId, module, neighbour, ids };
}

async function listIds({ userId }: Viewer): Promise<string[]> {
  const tables = ["Conversation", "Run", "Module", "Build", "Connection", "Calendar", "FinancialAccount"];
  const selects = tables.map((table) => `SELECT id FROM "${table}" WHERE "userId" = $1`);
  const { rows } = await pool().query<{ id: string }>(selects.join(" UNION ALL "), [userId]);
  return rows.map(({ id }) => id);
}

async function plantNeighbour(): Promise<Planted["neighbour"]> {
  const viewer = await testUser();
  const { conversationId, runId: doneRunId } = await answer(viewer, { message: "Where is the horse?" });
  return { viewer, conversationId, doneRunId, build: await plantBuild(viewer, { conversationId }) };
}

async function claim(): Promise<ClaimedRun> {
  const run = await claimRun(asSystem("test"), workerName(1));
  if (!run) throw new Error("nothing to claim");
  return run;
}

/** A turn that is done, with one step. */
async function answer(viewer: Viewer, asked: Omit<NewRun, "via">) {
  const created = await createRun(viewer, { ...asked, via: "api" });
  const run = await claim();
  const step = { step: 1, attempt: 1 };
  await appendEvents(viewer, run, [
    { type: "step-started", payload: { ...step, model: "m" } },
    { type: "text-appended", payload: { ...step, text: asked.message ?? "" } },
    {
      type: "step-finished",
      payload: {
        ...step,
        finishReason: "stop",
        toolCalls: [],
        usage: { inputTokens: 10, outputTokens: 5 },
        durationMs: 1,
      },
    },
  ]);
  await finishRun(asSystem("test"), run, { status: "done" });
  return created;
}

async function plantApprovals(owner: Viewer, run: ClaimedRun): Promise<Planted["approvals"]> {
  const { conversationId, runId, fence } = run;
  const request = {
    title: "Feed the zebra",
    lines: [{ label: "animal", value: "zebra" }],
    effect: "write" as const,
    grantable: [{ argument: "animal", label: "animal", value: "zebra" }],
    arguments: { animal: "zebra" },
    toolVersion: "v1",
  };
  const ask = (callId: string) =>
    requestApproval(owner, { conversationId, runId, fence, callId, tool: "feed", argumentsHash: "h", request });
  const old = await ask("call-old");
  await pool().query(`UPDATE "Approval" SET "expiresAt" = now() - interval '1 minute' WHERE id = $1`, [old.id]);
  const allowed = await ask("call-allowed");
  await decideApproval(owner, allowed.id, { decision: "allow" });
  const always = await ask("call-always");
  await decideApproval(owner, always.id, { decision: "allow", always: { only: ["animal"] } });
  return { open: await ask("call-open"), allowed, old };
}

async function plantEffects(owner: Viewer, { runId, fence }: ClaimedRun): Promise<void> {
  const intent = { runId, fence, tool: "feed", requestHash: "h", target: null };
  await recordIntent(owner, { ...intent, idempotencyKey: effectKeys.begun, callId: "call-begun" });
  await recordIntent(owner, { ...intent, idempotencyKey: effectKeys.done, callId: "call-done" });
  const undoUntil = new Date(Date.now() + 86_400_000);
  await recordOutcome(owner, effectKeys.done, { state: "done", result: { fed: "zebra" }, undoUntil });
}

async function plantBuild(viewer: Viewer, origin: Parameters<typeof createBuild>[2]): Promise<Planted["build"]> {
  const { id: buildId } = await createBuild(viewer, { wish: "Build me a stable" }, origin);
  await saveBuildStep(viewer, buildId, "plan", { animal: "zebra" });
  const { runId, fence } = await claim();
  return { buildId, runId, fence };
}

const report: CheckReport = {
  ok: true,
  stages: [],
  findings: [],
  tests: [],
  coverage: { operations: 2, tested: [] },
  cassetteRequests: 0,
};

/** A version of the sample module that passed its check. */
export function sampleVersion(digest: string): NewVersion {
  const files = sampleModule({ baseUrl: "https://zebra.example.com" });
  const manifest = moduleManifestSchema.parse(JSON.parse(files["manifest.json"] ?? ""));
  return { digest, files, manifest, report, origin: "built" };
}

/** One version in use, and a newer one that waits for review. */
async function plantModule(owner: Viewer, runId: string): Promise<Planted["module"]> {
  const [category, name, digest, waitingDigest] = ["gaming", "test-game", "sha256:1", "sha256:2"];
  const { moduleId } = await saveVersion(owner, sampleVersion(digest));
  await changeModule(owner, { category, name }, () => ({
    action: "module-approved",
    module: { state: "active", activeDigest: digest },
    version: { digest, state: "approved" },
  }));
  await saveVersion(owner, sampleVersion(waitingDigest));
  await recordModuleCall(owner, moduleCall(moduleId, digest, runId));
  return { moduleId, category, name, digest, waitingDigest };
}

/** A call that failed by the module's own fault. */
export function moduleCall(moduleId: string, digest: string, runId: string | null) {
  return {
    moduleId,
    digest,
    runId,
    operation: "list_scores",
    ok: false,
    errorCode: "guest_error",
    isModulesFault: true,
    durationMs: 1,
    requests: [{ host: "zebra.example.com", method: "GET", path: "/scores", durationMs: 1 }],
  };
}
