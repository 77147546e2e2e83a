import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { asSystem } from "@/lib/contracts/viewer";
import { claimRun, workerName } from "./claims";
import { dedicatedConnection, pool } from "./client";
import { appendEvents, LostRunError, readAllEvents } from "./events";
import { createRun } from "./runs";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser();
});
afterAll(() => database.close());

const said = (text: string) => ({ type: "text-appended", payload: { step: 1, attempt: 1, text } }) as const;
const start = async () => (await createRun(viewer, { message: "Hello", via: "api" })).conversationId;
const textsOf = async (conversationId: string) =>
  (await readAllEvents(viewer, conversationId)).flatMap((event) =>
    event.type === "text-appended" ? [event.payload.text] : [],
  );

describe("additions of many logs at once", () => {
  it("share few statements, and each log has its own in the order given", async () => {
    const ids = await Promise.all(Array.from({ length: 30 }, start));
    const query = vi.spyOn(pool(), "query");
    await Promise.all(
      ids.flatMap((conversationId) =>
        ["one", "two", "three"].map((text) => appendEvents(viewer, { conversationId }, [said(text), said(`${text}!`)])),
      ),
    );
    const statements = query.mock.calls.length;
    query.mockRestore();
    expect(statements).toBeLessThan(20);
    for (const id of ids) {
      expect(await textsOf(id)).toEqual(["one", "one!", "two", "two!", "three", "three!"]);
      const seqs = (await readAllEvents(viewer, id)).map(({ seq }) => seq);
      expect(seqs).toEqual(seqs.map((_, index) => index + 1));
    }
  });

  it("fail one by one: a lost claim, a stranger's log and a text that the database refuses take nobody with them", async () => {
    const [mine, other] = await Promise.all([start(), start()]);
    const run = await claimRun(asSystem("test"), workerName(1));
    if (!run) throw new Error("nothing to claim");
    const { conversationId, runId, fence } = run;
    const stranger = await testUser();
    const results = await Promise.allSettled([
      appendEvents(viewer, { conversationId: mine === conversationId ? other : mine }, [said("fine")]),
      appendEvents(asSystem("worker"), { conversationId, runId, fence: fence - 1 }, [said("stale")]),
      appendEvents(stranger, { conversationId: other }, [said("not mine")]),
      appendEvents(viewer, { conversationId: "conv_\u0000" }, [said("refused")]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "rejected"]);
    expect(results[1]).toMatchObject({ reason: expect.any(LostRunError) });
    expect(results[2]).toMatchObject({ reason: { code: "not-found" } });
    expect(await textsOf(conversationId)).not.toContain("stale");
    expect(await textsOf(other)).not.toContain("not mine");
  });

  it("do not wait for one whose log somebody else holds", async () => {
    const [held, free] = await Promise.all([start(), start()]);
    const holder = await dedicatedConnection("test-holder");
    await holder.query("BEGIN");
    await holder.query(`SELECT 1 FROM "Conversation" WHERE id = $1 FOR UPDATE`, [held]);
    const waits = appendEvents(viewer, { conversationId: held }, [said("late")]);
    await appendEvents(viewer, { conversationId: free }, [said("now")]);
    expect(await textsOf(free)).toEqual(["now"]);
    await holder.query("COMMIT");
    await holder.end();
    await waits;
    expect(await textsOf(held)).toEqual(["late"]);
  });

  it("never wait for each other when the same logs are written in opposite orders", async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, start));
    const write = (order: string[], text: string) =>
      Promise.all(order.map((conversationId) => appendEvents(viewer, { conversationId }, [said(text)])));
    const rounds = Array.from({ length: 20 }, (_, n) =>
      Promise.all([write(ids, `a${n}`), write([...ids].reverse(), `b${n}`)]),
    );
    await Promise.all(rounds);
    for (const id of ids) expect(await textsOf(id)).toHaveLength(40);
  });
});
