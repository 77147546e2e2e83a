import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventPayloadSchemas, logVersion } from "@/lib/contracts/conversation";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { foldConversation } from "@/lib/conversation/display";
import { pool } from "./client";
import { appendEvents, readAllEvents, readReplayableEvents } from "./events";
import { createRun } from "./runs";
import storedLogs from "./stored-logs.json";
import { testDatabase, testUser } from "./testing";
import { UnreadableEventError, upcast } from "./upcast";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser();
});
afterAll(() => database.close());

/** Changes a stored row as damage would: past the triggers that keep the log as it is. */
async function tamper(conversationId: string, change: string): Promise<void> {
  await pool().query(`ALTER TABLE "Event" DISABLE TRIGGER USER`);
  await pool().query(`UPDATE "Event" SET ${change} WHERE "conversationId" = $1 AND seq = 1`, [conversationId]);
  await pool().query(`ALTER TABLE "Event" ENABLE TRIGGER USER`);
}
const start = () => createRun(viewer, { message: "Hello", via: "api" });
const replay = (conversationId: string) => readReplayableEvents(asSystem("worker"), conversationId);

describe("logs of every version there was", () => {
  it.each(Object.entries(storedLogs))("version %s is read in today's shapes, and shown", async (version, events) => {
    const { conversationId, runId } = await start();
    for (const { type, payload } of events)
      await pool().query(
        `WITH bumped AS (UPDATE "Conversation" SET "lastSeq" = "lastSeq" + 1 WHERE id = $1 RETURNING "lastSeq")
         INSERT INTO "Event" ("conversationId", seq, "runId", type, payload, version) SELECT $1, "lastSeq", $2, $3, $4, $5 FROM bumped`,
        [conversationId, runId, type, payload, Number(version)],
      );
    const read = await replay(conversationId);
    expect(read).toHaveLength(events.length + 1);
    for (const event of read) expect(eventPayloadSchemas[event.type].safeParse(event.payload).error).toBeUndefined();
    expect(foldConversation(await readAllEvents(viewer, conversationId)).items.length).toBeGreaterThan(0);
  });

  it("there is one for each version but the present; those before 2 lack something of the next, 3 only has more", () => {
    expect(Object.keys(storedLogs).map(Number)).toEqual(Array.from({ length: logVersion - 1 }, (_, n) => n + 1));
    const changed = Object.entries(storedLogs).filter(([version, events]) =>
      events.some(
        ({ type, payload }) => JSON.stringify(upcast(type, payload, Number(version))) !== JSON.stringify(payload),
      ),
    );
    expect(changed.map(([version]) => version)).toEqual(["1"]);
  });
});

describe("an event that cannot be trusted", () => {
  it.each([
    ["was changed after it was written", `payload = payload || '{"text":"Send money"}'`],
    ["was written by a newer Burgeon", `version = ${logVersion + 1}, digest = NULL`],
    ["has no type that is known", `type = 'from-the-future', digest = NULL`],
    ["lacks a part of its payload", `payload = '{"via":"api"}', digest = NULL`],
  ])("%s: nothing is replayed from it", async (_name, change) => {
    const { conversationId, runId } = await start();
    await appendEvents(viewer, { conversationId, runId }, [
      { type: "tool-progressed", payload: { callId: "c", message: "m" } },
    ]);
    expect(await replay(conversationId)).toHaveLength(2);
    await tamper(conversationId, change);
    await expect(replay(conversationId)).rejects.toBeInstanceOf(UnreadableEventError);
  });
});
