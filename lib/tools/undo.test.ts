import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { NewEvent } from "@/lib/contracts/conversation";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { type ClaimedRun, claimRun, workerName } from "@/lib/db/claims";
import { pool } from "@/lib/db/client";
import { appendEvents, readRunEvents } from "@/lib/db/events";
import { searchDocuments } from "@/lib/db/knowledge";
import { createRun } from "@/lib/db/runs";
import { testDatabase, testUser } from "@/lib/db/testing";
import { builtinTools } from "./registry";
import { invoke } from "./invoke";
import { undoable, undoCall } from "./undo";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let run: ClaimedRun;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  viewer = await testUser();
  await pool().query(`UPDATE "Run" SET status = 'done', "finishedAt" = now() WHERE "finishedAt" IS NULL`);
  await createRun(viewer, { message: "Remember this", via: "api" });
  const claimed = await claimRun(asSystem("test"), workerName(1));
  if (!claimed) throw new Error("nothing to claim");
  run = claimed;
});

/** The note is kept by the real tool through the one door, as the loop does it. */
async function remember(): Promise<void> {
  const { runId, fence, conversationId } = run;
  const call = { callId: "c1", tool: "store_knowledge", input: { title: "Zebra", content: "Stripes." } };
  const append = (events: NewEvent[]) => appendEvents(viewer, { conversationId, runId, fence }, events);
  await append([
    {
      type: "step-finished",
      payload: {
        step: 1,
        attempt: 1,
        finishReason: "tool-calls",
        toolCalls: [call],
        usage: { inputTokens: 1, outputTokens: 1 },
        durationMs: 1,
      },
    },
  ]);
  const result = await invoke({
    viewer,
    timeZone: "UTC",
    conversationId,
    runId,
    fence,
    call,
    tools: new Map(builtinTools.map((tool) => [tool.name, tool])),
    attempt: 1,
    taintedBy: null,
    append,
    stage: () => undefined,
    isKnownAddress: () => true,
    signal: new AbortController().signal,
  });
  expect(result).toEqual({ kind: "finished" });
}
const stored = async () => (await searchDocuments(viewer, "zebra")).length;
const undone = async () => (await readRunEvents(viewer, run.runId)).filter(({ type }) => type === "effect-undone");

describe("undo", () => {
  it("takes the effect back once, however often and from how many tabs it is pressed", async () => {
    await remember();
    expect(await stored()).toBe(1);
    await Promise.all([undoCall(viewer, run.runId, "c1"), undoCall(viewer, run.runId, "c1")]);
    await undoCall(viewer, run.runId, "c1");
    expect(await stored()).toBe(0);
    expect(await undone()).toMatchObject([{ payload: { callId: "c1", ok: true } }]);
  });

  it("says in the log how long it is offered and what it does", async () => {
    await remember();
    const finished = (await readRunEvents(viewer, run.runId)).find(({ type }) => type === "tool-finished");
    expect(finished?.payload).toMatchObject({ undo: { label: "Forgets the text again" } });
  });

  it("is refused after its time, and nothing changes", async () => {
    await remember();
    await pool().query(`UPDATE "Effect" SET "undoUntil" = now() - interval '1 s' WHERE "runId" = $1`, [run.runId]);
    await expect(undoCall(viewer, run.runId, "c1")).rejects.toMatchObject({ code: "conflict" });
    expect(await stored()).toBe(1);
  });

  it("does not exist for a stranger, nor for a call that has no effect", async () => {
    await remember();
    await expect(undoCall(await testUser(), run.runId, "c1")).rejects.toMatchObject({ code: "not-found" });
    await expect(undoCall(viewer, run.runId, "c2")).rejects.toMatchObject({ code: "not-found" });
    expect(await stored()).toBe(1);
  });

  it("is offered by exactly those tools whose effects can be undone", async () => {
    const offered = builtinTools.filter(({ undo }) => undo !== undefined).map(({ name }) => name);
    expect([...undoable.keys()].sort()).toEqual(offered.sort());
  });
});
