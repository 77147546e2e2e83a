import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { claimRun, finishRun, workerName } from "./claims";
import { dedicatedConnection, pool } from "./client";
import { deleteConversation, listConversations, pinConversation, renameConversation } from "./conversations";
import { appendEvents, readAllEvents, readEvents } from "./events";
import { listen } from "./listen";
import { createRun } from "./runs";
import { countReaders, tailEvents } from "./tail";
import { testDatabase, testUser } from "./testing";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
const system = asSystem("test");

beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser();
});
afterAll(() => database.close());

const said = (text: string) => ({ type: "text-appended", payload: { step: 1, attempt: 1, text } }) as const;
const conversation = async (message = "Hello") => (await createRun(viewer, { message, via: "api" })).conversationId;

describe("the log", () => {
  it("has no gap and no repeat when many write at once, and each batch stands together", async () => {
    const conversationId = await conversation();
    const batches = await Promise.all(
      Array.from({ length: 60 }, (_, n) => appendEvents(system, { conversationId }, [said(`${n}a`), said(`${n}b`)])),
    );
    const seqs = batches.flat().sort((a, b) => a - b);
    expect(seqs).toEqual(Array.from({ length: 120 }, (_, index) => index + 2));
    for (const [a, b] of batches) expect(b).toBe((a ?? 0) + 1);
    const stored = await readEvents(viewer, conversationId, 0, 1000);
    expect(stored.map((event) => event.seq)).toEqual(Array.from({ length: 121 }, (_, index) => index + 1));
  });

  it("takes text that a database would refuse: NUL and halves of characters", async () => {
    const conversationId = await conversation();
    await appendEvents(system, { conversationId }, [said('a\u0000b \ud800 \\u0000 "quoted" 😀')]);
    expect((await readEvents(viewer, conversationId, 1))[0]?.payload).toMatchObject({
      text: 'a\ufffdb \ufffd \\u0000 "quoted" 😀',
    });
  });

  it("cannot be changed afterwards", async () => {
    const conversationId = await conversation();
    await expect(
      pool().query(`UPDATE "Event" SET type = 'x' WHERE "conversationId" = $1`, [conversationId]),
    ).rejects.toThrow("append-only");
  });

  it("writes as many bytes for the thousandth event as for the first", async () => {
    const conversationId = await conversation();
    const written = async () => {
      const { rows } = await pool().query(`SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS bytes`);
      return Number(rows[0].bytes);
    };
    const cost = async () => {
      const before = await written();
      for (let n = 0; n < 50; n++) await appendEvents(system, { conversationId }, [said("x".repeat(200))]);
      return (await written()) - before;
    };
    await pool().query("CHECKPOINT");
    const costs: number[] = [];
    for (let round = 0; round < 12; round++) costs.push(await cost());
    const early = Math.min(...costs.slice(1, 5));
    const late = Math.min(...costs.slice(-4));
    expect(late / early).toBeLessThan(1.3);
  });
});

describe("tailing", () => {
  it("gives every event once and in order while others write, from wherever the reader begins", async () => {
    const conversationId = await conversation();
    const controller = new AbortController();
    const read = async (after: number, until: number) => {
      const seqs: number[] = [];
      for await (const batch of tailEvents(viewer, conversationId, after, {
        signal: controller.signal,
        idleMs: 60_000,
      })) {
        seqs.push(...batch.map((event) => event.seq));
        if ((seqs.at(-1) ?? 0) >= until) return seqs;
      }
      return seqs;
    };
    const readers = [read(0, 301), read(100, 301), read(0, 301)];
    for (let n = 0; n < 300; n += 10)
      await Promise.all(
        Array.from({ length: 10 }, (_, k) => appendEvents(system, { conversationId }, [said(`${n + k}`)])),
      );
    const [all, later, again] = await Promise.all(readers);
    expect(all).toEqual(Array.from({ length: 301 }, (_, index) => index + 1));
    expect(later).toEqual(Array.from({ length: 201 }, (_, index) => index + 101));
    expect(again).toEqual(all);
    controller.abort();
  });

  it("ends with its signal and leaves no listener behind", async () => {
    const conversationId = await conversation();
    const controller = new AbortController();
    const tail = tailEvents(viewer, conversationId, 1, { signal: controller.signal, idleMs: 60_000 });
    const next = tail.next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(countReaders()).toBe(0);
  });

  it("serves two hundred readers at once, each with every event, and the slow ones slow nobody", async () => {
    const conversationId = await conversation();
    const controller = new AbortController();
    const options = { signal: controller.signal, idleMs: 60_000 };
    const slow = Array.from({ length: 50 }, () => tailEvents(viewer, conversationId, 1, options));
    // They begin and then take nothing: what they miss is kept by the database, not by us.
    const begun = slow.map((tail) => tail.next());
    const readers = Array.from({ length: 150 }, async () => {
      const seen: number[] = [];
      for await (const events of tailEvents(viewer, conversationId, 1, options)) {
        seen.push(...events.map(({ seq }) => seq));
        if (seen.length >= 60) return seen;
      }
      return seen;
    });
    for (let n = 0; n < 60; n++) await appendEvents(viewer, { conversationId }, [said(`${n}`)]);
    const expected = Array.from({ length: 60 }, (_, n) => n + 2);
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(expected);
    // A slow one that comes back later finds all of it, in order.
    await Promise.all(begun);
    const late = slow[0];
    const rest: number[] = [];
    const first = (await begun[0])?.value ?? [];
    rest.push(...first.map(({ seq }) => seq));
    while (late && rest.length < 60) rest.push(...((await late.next()).value ?? []).map(({ seq }) => seq));
    expect(rest).toEqual(expected);
    controller.abort();
    await Promise.all(slow.map((tail) => tail.return(undefined)));
    expect(countReaders()).toBe(0);
  }, 60_000);

  it("is told small events of a run, and reads the large ones and what stands before a gap", async () => {
    const { conversationId, runId } = await createRun(viewer, { message: "Hello", via: "api" });
    const controller = new AbortController();
    const tail = tailEvents(viewer, conversationId, 0, { signal: controller.signal, idleMs: 60_000 });
    const seen: ConversationEvent[] = [...((await tail.next()).value ?? [])];
    const texts = ["small", "x".repeat(20_000), 'ümläut \u0000 "quoted" and  spaces', "small again"];
    for (const text of texts) await appendEvents(viewer, { conversationId, runId }, [said(text)]);
    await appendEvents(viewer, { conversationId, runId }, [said("one"), said("of two")]);
    while (seen.length < 7) seen.push(...((await tail.next()).value ?? []));
    // What was told is what is stored, to the last character and millisecond.
    expect(seen).toEqual(await readAllEvents(viewer, conversationId));
    controller.abort();
    await tail.return(undefined);
  });

  it("asks the database for nothing while a question is asked, taken, answered and done", async () => {
    const conversationId = await conversation();
    const controller = new AbortController();
    const tail = tailEvents(viewer, conversationId, 1, {
      signal: controller.signal,
      idleMs: 60_000,
      startsAtOnce: true,
    });
    expect((await tail.next()).value).toEqual([]);
    await expect.poll(listeningConnections).toBe(1);
    // What the connection that begins to listen may have missed is asked for once; that is over with what comes next.
    await appendEvents(system, { conversationId }, [said("before")]);
    expect((await tail.next()).value).toMatchObject([{ seq: 2 }]);
    const sent = vi.spyOn(pool(), "query");
    await pool().query(`UPDATE "Run" SET status = 'done', "finishedAt" = now() WHERE "finishedAt" IS NULL`);
    const { runId } = await createRun(viewer, { message: "And then?", via: "browser", conversationId });
    const run = await claimRun(system, workerName(1));
    if (run?.runId !== runId) throw new Error("not claimed");
    const started = { type: "step-started", payload: { step: 1, attempt: 1, model: "m" } } as const;
    await appendEvents(system, run, [started, said("First words")]);
    await finishRun(system, run, { status: "done" });
    const seen: ConversationEvent[] = [];
    while (seen.at(-1)?.type !== "run-finished") seen.push(...((await tail.next()).value ?? []));
    const names = sent.mock.calls.map(([statement]) => (statement as unknown as { name?: string }).name);
    expect(names).not.toContain("read-events");
    expect(seen.map(({ type }) => type)).toEqual([
      "message-sent",
      "run-claimed",
      "step-started",
      "text-appended",
      "run-finished",
    ]);
    expect(seen).toEqual(await readEvents(viewer, conversationId, 2));
    controller.abort();
    await tail.return(undefined);
  });

  it("speaks up in silence, so that a dead connection is noticed", async () => {
    const conversationId = await conversation();
    const controller = new AbortController();
    const tail = tailEvents(viewer, conversationId, 1, { signal: controller.signal, idleMs: 20 });
    expect((await tail.next()).value).toEqual([]);
    await tail.return(undefined);
  });

  it("goes on when the listening connection is lost", async () => {
    const conversationId = await conversation();
    const controller = new AbortController();
    const tail = tailEvents(viewer, conversationId, 1, { signal: controller.signal, idleMs: 60_000 });
    const next = tail.next();
    await expect.poll(listeningConnections).toBe(1);
    await pool().query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'burgeon-listen'`,
    );
    await appendEvents(system, { conversationId }, [said("after the fall")]);
    expect((await next).value).toMatchObject([{ seq: 2 }]);
    controller.abort();
    await tail.return(undefined);
  });

  it("tells a listener of every channel only what it asked for", async () => {
    const heard: string[] = [];
    const stop = listen("burgeon_scan", (payload) => heard.push(payload));
    const sender = await dedicatedConnection("test-sender");
    await expect
      .poll(async () => {
        await sender.query("SELECT pg_notify('burgeon_scan', 'go'), pg_notify('burgeon_runs', 'other')");
        return heard.includes("go");
      })
      .toBe(true);
    expect(heard).not.toContain("other");
    stop();
    await sender.end();
  });
});

async function listeningConnections(): Promise<number> {
  const { rows } = await pool().query(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'burgeon-listen' AND datname = current_database()`,
  );
  return rows[0].n;
}

describe("conversations", () => {
  it("are listed newest first with the pinned ones on top, found by title and by text, and removed with everything", async () => {
    viewer = await testUser();
    const [a, b, c] = [await conversation("Apples 100%"), await conversation("Bears"), await conversation("Cats")];
    await pool().query(`UPDATE "Conversation" SET "updatedAt" = "updatedAt" + interval '1 s' WHERE id = $1`, [c]);
    await pinConversation(viewer, a, true);
    await renameConversation(viewer, b, "Bears in winter");
    await appendEvents(system, { conversationId: c }, [said("they purr")]);
    expect((await listConversations(viewer)).map((one) => one.title)).toEqual([
      "Apples 100%",
      "Cats",
      "Bears in winter",
    ]);
    const search = async (query: string) =>
      (await listConversations(viewer, { query })).map((one) => one.conversationId);
    expect(await search("WINTER")).toEqual([b]);
    expect(await search("purr")).toEqual([c]);
    expect(await search("100%")).toEqual([a]);
    expect(await search("%")).toEqual([a]);
    await deleteConversation(viewer, c);
    await expect(readEvents(viewer, c, 0)).rejects.toMatchObject({ code: "not-found" });
    expect(await listConversations(viewer)).toHaveLength(2);
  });
});
