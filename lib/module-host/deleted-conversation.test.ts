import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { createBuild } from "@/lib/db/builds";
import { claimRun, finishRun, workerName } from "@/lib/db/claims";
import { dedicatedConnection, pool } from "@/lib/db/client";
import { deleteConversation } from "@/lib/db/conversations";
import { appendEvents } from "@/lib/db/events";
import { saveVersion } from "@/lib/db/modules";
import { testDatabase, testUser } from "@/lib/db/testing";
import { sampleVersion } from "@/lib/db/testing-owner";
import { approve, quarantine, requestChanges, setCredentials, setEnabled } from "./decide";
import { digestOf } from "./digest";
import { executeBuild } from "./execute-build";
import { findReview } from "./review";
import { sampleKey } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
const system = asSystem("test");
const at = ["gaming", "test-game"] as const;
const digest = digestOf(sampleVersion("").files);

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await pool().query(`UPDATE "Run" SET status = 'done', "finishedAt" = now() WHERE "finishedAt" IS NULL`);
  viewer = await testUser();
});

async function claim() {
  const run = await claimRun(system, workerName(1));
  if (!run) throw new Error("nothing to claim");
  return run;
}

/** A module that was built in a conversation. */
async function buildModule(): Promise<string> {
  const { id, conversationId } = await createBuild(viewer, { wish: "My games" }, {});
  await saveVersion(viewer, { ...sampleVersion(digest), buildId: id });
  await finishRun(system, await claim(), { status: "done" });
  return conversationId;
}

describe("a module whose conversation was deleted", () => {
  it("is reviewed, approved, given its key, switched and locked away as any other", async () => {
    await deleteConversation(viewer, await buildModule());
    expect(await findReview(viewer, ...at, digest)).toMatchObject({
      ...{ isCurrent: true, conversationId: null },
      version: { digest, state: "awaiting_review", report: { ok: true } },
    });
    expect(await approve(viewer, ...at, digest)).toMatchObject({ state: "needs_credentials", activeDigest: digest });
    expect(await setCredentials(viewer, ...at, { game_key: sampleKey })).toMatchObject({ state: "active" });
    expect(await setEnabled(viewer, ...at, false)).toMatchObject({ state: "disabled" });
    expect(await setEnabled(viewer, ...at, true)).toMatchObject({ state: "active" });
    expect(await quarantine(viewer, ...at, digest)).toMatchObject({ state: "quarantined" });
  });

  it("can be changed: from its files and the reviewer's words, in a conversation of its own", async () => {
    const gone = await buildModule();
    await deleteConversation(viewer, gone);
    const { buildId, conversationId } = await requestChanges(viewer, ...at, digest, "Show the best ten");
    expect(conversationId).not.toBe(gone);
    const run = await claim();
    const outcome = await executeBuild({
      ...{ buildId, viewer, runId: run.runId, fence: run.fence, signal: new AbortController().signal },
      append: (events) => appendEvents(system, run, events),
    });
    // The built-in planner makes everything anew and asks for the document; a model goes on from the files.
    expect(outcome).toMatchObject({ state: "failed", reason: expect.stringContaining("where the API is") });
  });

  it("is decided on also when the conversation goes at this very moment", async () => {
    const conversationId = await buildModule();
    const other = await dedicatedConnection("test-other");
    await other.query("BEGIN");
    await other.query(`DELETE FROM "Conversation" WHERE id = $1`, [conversationId]);
    const approving = approve(viewer, ...at, digest);
    const isWaiting = async () => {
      const { rows } = await pool().query(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      return rows.length > 0;
    };
    await expect.poll(isWaiting, { interval: 10 }).toBe(true);
    await other.query("COMMIT");
    expect(await approving).toMatchObject({ activeDigest: digest });
    await other.end();
  });
});
