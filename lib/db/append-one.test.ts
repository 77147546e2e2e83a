import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { NewEvent } from "@/lib/contracts/conversation";
import { asSystem } from "@/lib/contracts/viewer";
import type { Addition } from "./addition";
import { add } from "./append";
import { claimRun, workerName } from "./claims";
import { dedicatedConnection, pool } from "./client";
import { readAllEvents } from "./events";
import { createRun } from "./runs";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
let listener: Awaited<ReturnType<typeof dedicatedConnection>>;
const heard: string[] = [];
beforeAll(async () => {
  database = await testDatabase();
  listener = await dedicatedConnection("test-listener");
  listener.on("notification", ({ payload = "" }) => heard.push(payload));
  await listener.query("LISTEN burgeon_events");
});
afterAll(async () => {
  await listener.end();
  await database.close();
});

const said = (text: string): NewEvent => ({ type: "text-appended", payload: { step: 1, attempt: 1, text } });
type Finished = Extract<NewEvent, { type: "step-finished" }>["payload"];
const finished = (more: Pick<Finished, "usage"> & Partial<Finished>): NewEvent => ({
  type: "step-finished",
  payload: { step: 1, attempt: 1, finishReason: "stop", durationMs: 5, toolCalls: [], ...more },
});
const calls = [{ callId: "call_1", tool: "look", input: { n: [1, 2] } }];
const additions: NewEvent[][] = [
  [said("a")],
  [said("b"), finished({ toolCalls: calls, usage: { inputTokens: 3, outputTokens: 4 } })],
  [finished({ usage: { inputTokens: 1, outputTokens: 1 }, costMicros: 9 })],
  // More, and longer, than a notice holds.
  Array.from({ length: 9 }, (_, n) => said(`${n}`)),
  [said("x".repeat(8000)), said("after")],
];

/** A run that has cost three workers, and what it adds: alone, or by one statement together with somebody else's. */
async function write(isAlone: boolean) {
  const [person, stranger] = await Promise.all([testUser(), testUser()]);
  const { conversationId } = await createRun(person, { message: "Hello", via: "api" });
  const run = await claimRun(asSystem("test"), workerName(1));
  if (run?.conversationId !== conversationId) throw new Error("another run was claimed");
  const { runId, fence } = run;
  await pool().query(`UPDATE "Run" SET attempts = 3 WHERE id = $1`, [runId]);
  const other = await createRun(stranger, { message: "Hello", via: "api" });
  await pool().query(`UPDATE "Run" SET status = 'done' WHERE id = $1`, [other.runId]);
  const theirs = { caller: stranger, conversationId: other.conversationId, runId: null, fence: null };
  heard.splice(0);
  const told: unknown[] = [];
  for (const events of additions) {
    const mine: Addition = { caller: asSystem("worker"), conversationId, runId, fence, events };
    // One is under way when mine and another one come.
    const all = isAlone ? [mine] : [theirs, mine, theirs].map((one) => ({ events: [said("other")], ...one }));
    const added = (await Promise.all(all.map(add)))[isAlone ? 0 : 1];
    const { rows } = await pool().query(`SELECT attempts FROM "Run" WHERE id = $1`, [runId]);
    const { lastSeq, stop, tokens, costMicros } = added ?? {};
    told.push({ lastSeq, stop, tokens, costMicros, ...rows[0] });
  }
  // What was told before this answer has been heard by then.
  await listener.query("SELECT 1");
  await pool().query(`UPDATE "Run" SET status = 'done' WHERE id = $1`, [runId]);
  const use = `SELECT steps, "toolCalls", "inputTokens", "outputTokens", "costMicros" FROM "Usage" WHERE "userId" = $1`;
  return {
    told,
    events: (await readAllEvents(person, conversationId)).map(({ seq, type, payload }) => ({ seq, type, payload })),
    use: (await pool().query(use, [person.userId])).rows,
    notices: heard
      .filter((notice) => notice.startsWith(conversationId))
      .map((notice) =>
        notice
          .replace(conversationId, "c")
          .replace(runId, "r")
          .replace(/ \d{4}-\S+Z /, " t "),
      ),
  };
}

describe("what a run adds alone", () => {
  it("is written, counted and told as it is together with others", async () => {
    const query = vi.spyOn(pool(), "query");
    const named = (name: string) => query.mock.calls.filter(([one]) => (one as { name?: string }).name === name).length;
    const alone = await write(true);
    expect([named("append-one"), named("append-events")]).toEqual([additions.length, 0]);
    query.mockClear();
    const together = await write(false);
    expect(named("append-one")).toBe(0);
    query.mockRestore();
    expect(alone).toEqual(together);
    expect(alone.told).toMatchObject([
      { lastSeq: 3, stop: false, tokens: null, attempts: 3 },
      { lastSeq: 5, tokens: 7, costMicros: 0, attempts: 1 },
      { lastSeq: 6, tokens: 9, costMicros: 9 },
      { lastSeq: 15, tokens: null },
      { lastSeq: 17, tokens: null },
    ]);
    expect(alone.use).toEqual([{ steps: 2, toolCalls: 1, inputTokens: "4", outputTokens: "5", costMicros: "9" }]);
    expect(alone.notices.map((notice) => notice.split(" ").slice(0, 5).join(" "))).toEqual([
      "c 3 t r text-appended",
      "c 4 t r text-appended",
      "c 5 t r step-finished",
      "c 6 t r step-finished",
      "c",
      "c",
    ]);
  });
});
