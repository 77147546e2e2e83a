import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/contracts/id";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { requestApproval } from "./approvals";
import { createBuild, findBuildConversation, saveBuildStep, updateBuild } from "./builds";
import { claimRun, finishRun, workerName } from "./claims";
import { dedicatedConnection, type DedicatedConnection, pool } from "./client";
import { deleteConversation } from "./conversations";
import { recordIntent, recordOutcome } from "./effects";
import { listVersionRows } from "./module-versions";
import { saveVersion } from "./modules";
import { createRun, getRun } from "./runs";
import { sampleVersion } from "./testing-owner";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
/** Nothing else in the database is about it. */
let quagga: string;
const system = asSystem("test");

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  viewer = await testUser();
  quagga = `quagga ${newId("run")}`;
});

async function claim() {
  const run = await claimRun(system, workerName(1));
  if (!run) throw new Error("nothing to claim");
  return run;
}

/** A conversation in which something was done, asked and built; all of it is about this animal. */
async function plant(animal: string) {
  const { conversationId } = await createRun(viewer, { message: `Feed my ${animal}`, via: "api" });
  const run = await claim();
  const { runId, fence } = run;
  const effect = { runId, fence, callId: "fed", tool: "feed", requestHash: "h", target: { animal } };
  await recordIntent(viewer, { ...effect, idempotencyKey: `fed ${animal}` });
  await recordOutcome(viewer, `fed ${animal}`, { state: "done", result: { output: `The ${animal} is fed` } });
  const request = { title: `Feed the ${animal}`, lines: [], effect: "write" as const };
  const question = { callId: "asked", tool: "feed", argumentsHash: "h", request };
  await requestApproval(viewer, { conversationId, runId, fence, ...question });
  await finishRun(system, run, { status: "done" });
  const build = await createBuild(viewer, { wish: `A stable for my ${animal}`, sample: animal }, { conversationId });
  const building = await claim();
  await saveBuildStep(viewer, build.id, "generate:1", { value: animal });
  const plan = { title: animal, summary: animal, hosts: [], credentials: [], operations: [], source: "wish" as const };
  const work = { buildId: build.id, runId: build.runId, fence: building.fence };
  await updateBuild(viewer, work, { plan: { category: "a", name: "b", ...plan } });
  await finishRun(system, building, { status: "done" });
  return { conversationId, runId, buildId: build.id };
}

/** The tables in which something stands of this word. The chain of who changed what is closed to everybody. */
async function tablesWith(word: string): Promise<string[]> {
  const { rows } = await pool().query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'AuditEntry'`,
  );
  const found: string[] = [];
  for (const { name } of rows) {
    const { rowCount } = await pool().query(`SELECT 1 FROM "${name}" t WHERE to_jsonb(t)::text LIKE '%' || $1 || '%'`, [
      word,
    ]);
    if (rowCount !== 0) found.push(name);
  }
  return found.sort();
}

describe("a conversation that is deleted", () => {
  it("takes everything along that was said, done and built in it, and nothing of another one", async () => {
    const gone = await plant(quagga);
    const okapi = `okapi ${newId("run")}`;
    const kept = await plant(okapi);
    const everywhere = await tablesWith(quagga);
    expect(everywhere).toEqual(["Approval", "Build", "BuildStep", "Conversation", "Effect", "Event"]);
    await deleteConversation(viewer, gone.conversationId);
    expect(await tablesWith(quagga)).toEqual([]);
    expect(await tablesWith(gone.conversationId)).toEqual([]);
    expect(await tablesWith(okapi)).toEqual(everywhere);
    expect((await getRun(viewer, kept.runId)).status).toBe("done");
    await expect(deleteConversation(viewer, gone.conversationId)).rejects.toMatchObject({ code: "not-found" });
  });

  it("leaves the module that was built in it, which no longer names its build", async () => {
    const { conversationId, buildId } = await plant(quagga);
    const { moduleId } = await saveVersion(viewer, { ...sampleVersion("sha256:1"), buildId });
    expect(await findBuildConversation(viewer, buildId)).toBe(conversationId);
    await deleteConversation(viewer, conversationId);
    expect(await listVersionRows(viewer, moduleId)).toMatchObject([
      { digest: "sha256:1", state: "awaiting_review", origin: "built", buildId: null, report: { ok: true } },
    ]);
    expect(await findBuildConversation(viewer, buildId)).toBeNull();
    const other = await plant(`okapi ${newId("run")}`);
    await pool().query(`DELETE FROM "Conversation" WHERE id = $1`, [other.conversationId]);
    expect(await findBuildConversation(viewer, other.buildId)).toBeNull();
  });

  it("leaves nothing behind that was deleted before its effects and builds went with it", async () => {
    const { conversationId, buildId } = await plant(quagga);
    const { moduleId } = await saveVersion(viewer, { ...sampleVersion("sha256:1"), buildId });
    const okapi = `okapi ${newId("run")}`;
    const kept = await plant(okapi);
    await saveVersion(viewer, { ...sampleVersion("sha256:2"), buildId: kept.buildId });
    const before = await tablesWith(okapi);
    // As it was deleted then.
    await pool().query(`DELETE FROM "Approval" WHERE "conversationId" = $1`, [conversationId]);
    await pool().query(`DELETE FROM "Conversation" WHERE id = $1`, [conversationId]);
    expect(await tablesWith(quagga)).toEqual(["Build", "BuildStep", "Effect"]);
    await pool().query(
      await readFile("prisma/migrations/20261128170000_deleted_conversations/migration.sql", { encoding: "utf8" }),
    );
    expect(await tablesWith(quagga)).toEqual([]);
    expect(await tablesWith(okapi)).toEqual(before);
    const versions = await listVersionRows(viewer, moduleId);
    expect(versions.map((version) => version.buildId)).toEqual([kept.buildId, null]);
  });

  it("is not deleted by a stranger, and none of its rows", async () => {
    const { conversationId } = await plant(quagga);
    const before = await tablesWith(quagga);
    await expect(deleteConversation(await testUser(), conversationId)).rejects.toMatchObject({ code: "not-found" });
    expect(await tablesWith(quagga)).toEqual(before);
  });
});

describe("what comes at the very moment in which a conversation is deleted", () => {
  let other: DedicatedConnection;
  beforeEach(async () => {
    other = await dedicatedConnection("test-other");
    await other.query("BEGIN");
    return async () => other.end();
  });
  const isSomebodyWaiting = async () => {
    const { rows } = await pool().query(
      `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
    );
    return rows.length > 0;
  };

  it("goes with it when it came before: an effect that begins, a step of its build", async () => {
    const { conversationId, runId, buildId } = await plant(quagga);
    // As `recordIntent` and `saveBuildStep` do.
    await other.query(`SELECT 1 FROM "Run" WHERE id = $1 FOR UPDATE`, [runId]);
    await other.query(
      `INSERT INTO "Effect" ("idempotencyKey", "userId", "runId", "callId", tool, state, "requestHash") VALUES ($3, $1, $2, 'c', 't', 'intent', 'h')`,
      [viewer.userId, runId, quagga],
    );
    await other.query(`SELECT 1 FROM "Build" WHERE id = $1 FOR KEY SHARE`, [buildId]);
    await other.query(`INSERT INTO "BuildStep" ("buildId", key, output) VALUES ($1, 'late', to_jsonb($2::text))`, [
      ...[buildId, quagga],
    ]);
    const deleting = deleteConversation(viewer, conversationId);
    await expect.poll(isSomebodyWaiting, { interval: 10 }).toBe(true);
    await other.query("COMMIT");
    await deleting;
    expect(await tablesWith(quagga)).toEqual([]);
  });

  it("finds nothing to add to when it comes after: a step of its build", async () => {
    const { buildId } = await plant(quagga);
    // As `deleteConversation` does.
    await other.query(`DELETE FROM "BuildStep" WHERE "buildId" = $1`, [buildId]);
    await other.query(`DELETE FROM "Build" WHERE id = $1`, [buildId]);
    const saving = saveBuildStep(viewer, buildId, "late", quagga);
    await expect.poll(isSomebodyWaiting, { interval: 10 }).toBe(true);
    await other.query("COMMIT");
    await saving;
    expect(await tablesWith(quagga)).not.toContain("BuildStep");
  });
});
