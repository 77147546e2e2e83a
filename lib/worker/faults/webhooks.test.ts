import { beforeAll, describe, expect, it } from "vitest";
import { saveConnection } from "@/lib/db/connections";
import { requestSync } from "@/lib/db/jobs";
import { testUser } from "@/lib/db/testing";
import { tokenSealer } from "@/lib/connections/tokens";
import { eventsOf, expectTruth, jobsOf, type Linked, NewsSources, standingOf } from "./testing-news";
import { OwnPostgres } from "./testing-postgres";
import { Scene } from "./testing-scene";
import { setUpScene } from "./testing-setup";

let postgres: OwnPostgres;
const sources = new NewsSources();
const { control } = sources.plaid;
const stage = setUpScene(
  async () => {
    await sources.open();
    postgres = await OwnPostgres.create();
    return Scene.open(postgres.url, "testing-sync-worker");
  },
  async () => {
    await sources.close();
    await postgres.stop();
    postgres.remove();
  },
);
/** A job of a dead worker: 10 s of heartbeat, 5 s until somebody looks, a pause, 5 s until it is taken. Twice that. */
const retakenWithinMs = 50_000;
const all = (count: number, status: number | null) => Array.from({ length: count }, () => status);
function syncCalls(itemId: string): number {
  const token = control.items().find((item) => item.itemId === itemId)?.accessToken;
  return control.requests.filter(({ path, body }) => path === "/transactions/sync" && body.access_token === token)
    .length;
}

/** Where a worker is killed: the job is taken; within its transaction; it is committed; and recorded, but the job not ended. */
const places = [
  { statement: "get-connection", when: "after" },
  { statement: "keep-finance-cursor", when: "after" },
  { statement: "record-try", when: "before" },
  { statement: "record-try", when: "after" },
] as const;

describe.each([1, 3])("news of a bank, with %i workers,", { timeout: 120_000 }, (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  /** Connected and read once. */
  async function linkAndRead(): Promise<Linked> {
    const linked = await sources.linkBank();
    await requestSync({ userId: linked.viewer.userId, connectionId: linked.connectionId });
    await expectTruth(stage.scene, sources, linked);
    return linked;
  }

  it("five times at once, while nobody works: five 200s, and one job", async () => {
    const { scene } = stage;
    const linked = await linkAndRead();
    await scene.fleet.clear();
    const news = sources.happen(linked.itemId).at(-1);
    if (!news) throw new Error("no news");
    const before = syncCalls(linked.itemId);
    const statuses = await Promise.all(all(5, 0).map(() => control.deliver([news])));
    expect(statuses.flat()).toEqual(all(5, 200));
    expect(await jobsOf(scene, linked.connectionId)).toMatchObject({ created: 1 });
    await scene.staff(count);
    await expectTruth(scene, sources, linked);
    // Each worker that starts asks for what is due by itself, and may do so just before the job on its way is over.
    expect(syncCalls(linked.itemId) - before).toBeLessThanOrEqual(1 + count);
  });

  it("each twice, the last first, all at once, while others happen: what is held is what the bank has, once", async () => {
    const linked = await linkAndRead();
    for (let round = 1; round <= 5; round++) {
      const news = sources.happen(linked.itemId, 100 * round).reverse();
      const statuses = await Promise.all([...news, ...news].map((one) => control.deliver([one])));
      expect(statuses.flat()).toEqual(all(2 * news.length, 200));
    }
    await expectTruth(stage.scene, sources, linked);
  });

  it("of a sign-in that is missing, after those of its repair: the connection is well", async () => {
    const linked = await linkAndRead();
    const from = control.webhooks.length;
    control.resetLogin(linked.itemId);
    control.repairLogin(linked.itemId);
    sources.happen(linked.itemId);
    const [missing, ...later] = control.webhooks.slice(from);
    expect(await control.deliver(later.reverse())).toEqual(all(later.length, 200));
    await expectTruth(stage.scene, sources, linked);
    expect(await control.deliver(missing ? [missing] : [])).toEqual([200]);
    await expectTruth(stage.scene, sources, linked);
  });

  it("of a sign-in that is missing: it is asked for, and of its repair: it is read again", async () => {
    const { scene } = stage;
    const linked = await linkAndRead();
    control.resetLogin(linked.itemId);
    await control.deliver(control.webhooks.slice(-1));
    const waits = { state: "needs_reauth", isWarned: true, isDue: false };
    await expect.poll(() => standingOf(scene, linked.connectionId), { timeout: 10_000 }).toMatchObject(waits);
    control.repairLogin(linked.itemId);
    // As when the job of a repair is lost: that it is due is all there is.
    await scene.fleet.clear();
    await control.deliver(control.webhooks.slice(-1));
    await scene.database.query(`DELETE FROM jobs.job WHERE singleton_key = $1`, [linked.connectionId]);
    await scene.staff(count);
    await expectTruth(scene, sources, linked);
  });

  it("before the connection is there: 200, and they are in its first reading, which needs nobody to ask for it", async () => {
    const { scene } = stage;
    const viewer = await testUser("member");
    const { access_token: accessToken, item_id: itemId } = (await ask("/item/public_token/exchange", {
      public_token: sources.bankToken(),
    })) as { access_token: string; item_id: string };
    const news = sources.happen(itemId);
    expect(await control.deliver([...news, ...news])).toEqual(all(2 * news.length, 200));
    await scene.fleet.clear();
    const seal = await tokenSealer(viewer);
    const { id: connectionId } = await saveConnection(viewer, {
      ...{ adapter: "plaid", accountKey: itemId, title: "Bank", isWriteAllowed: false },
      seal: (id) => seal(id, { accessToken, accessExpiresAt: null, refreshToken: null }),
    });
    // The process that connected it is gone before it could ask for a reading.
    await scene.staff(count);
    await expectTruth(scene, sources, { viewer, connectionId, itemId });
  });

  it("with a kill -9 at every place of its job: all of them are held, once", async () => {
    const { scene } = stage;
    const struck: Linked[] = [];
    const tellOf = async (linked: Linked, cents: number) => {
      const news = sources.happen(linked.itemId, cents);
      expect(await control.deliver([...news.toReversed(), ...news])).toEqual(all(2 * news.length, 200));
    };
    for (const place of places) {
      const linked = await linkAndRead();
      const trap = scene.trap({ ...place, holds: [linked.connectionId] }, "kill");
      await tellOf(linked, 1234);
      await trap.sprung;
      // What comes while its job is held by the dead is not lost either.
      await tellOf(linked, 77);
      struck.push(linked);
    }
    const linked = await linkAndRead();
    const before = syncCalls(linked.itemId);
    control.fail({ kind: "hold", path: "/transactions/sync" });
    await tellOf(linked, 1234);
    await expect.poll(() => syncCalls(linked.itemId), { timeout: 10_000 }).toBeGreaterThan(before);
    for (const worker of scene.fleet.running) worker.signal("SIGKILL");
    control.release();
    for (const one of [...struck, linked]) await expectTruth(scene, sources, one, retakenWithinMs);
  });

  it("while the worker that reads is frozen for longer than its job is its own: nothing is missed when it goes on", async () => {
    const { scene } = stage;
    const linked = await linkAndRead();
    if (count === 1) await scene.fleet.keep(1);
    const trap = scene.trap({ statement: "lock-money", holds: [linked.viewer.userId], when: "before" }, "freeze");
    await control.deliver(sources.happen(linked.itemId));
    const tag = await trap.sprung;
    const more = sources.happen(linked.itemId, 99);
    expect(await control.deliver(more)).toEqual(all(more.length, 200));
    await endHeartbeats(scene);
    // Others took its job, and left it, because the frozen one still has the connection.
    const left = async () => (await jobsOf(scene, linked.connectionId)).completed ?? 0;
    await expect.poll(left, { timeout: retakenWithinMs }).toBeGreaterThan(1);
    scene.fleet.worker(tag).signal("SIGCONT");
    await expectTruth(scene, sources, linked, retakenWithinMs);
  });

  it("while the process that takes them is killed -9 between marking and asking: it is due, and read", async () => {
    const { scene } = stage;
    const linked = await linkAndRead();
    await scene.fleet.clear();
    const web = await scene.fleet.spawn({ isWeb: true });
    await expect.poll(() => web.isUp, { timeout: 20_000 }).toBe(true);
    const port = /"port":(\d+)/.exec(web.output)?.[1];
    const trap = scene.trap({ statement: "adjust-connection", when: "after" }, "kill");
    const target = `http://127.0.0.1:${port}/plaid`;
    const news = sources.happen(linked.itemId).map((one) => ({ ...one, target }));
    expect(await control.deliver(news.slice(-1))).toEqual([null]);
    await trap.sprung;
    expect(await standingOf(scene, linked.connectionId)).toMatchObject({ isDue: true });
    expect(await jobsOf(scene, linked.connectionId)).not.toHaveProperty("created");
    await scene.staff(count);
    await expectTruth(scene, sources, linked);
  });

  it("while PostgreSQL goes down: no 200 until it is back, and then they are held", async () => {
    const { scene } = stage;
    const linked = await linkAndRead();
    const caught = control.requests.length;
    control.fail({ kind: "hold", path: "/transactions/sync" });
    await control.deliver(sources.happen(linked.itemId));
    await expect.poll(() => control.requests.length, { timeout: 10_000 }).toBeGreaterThan(caught);
    await postgres[count === 1 ? "crash" : "shutDown"]();
    control.release();
    const more = sources.happen(linked.itemId, 55);
    expect(await control.deliver(more)).toEqual(all(more.length, 503));
    await postgres.up();
    // As Plaid does with what got no 200.
    expect(await control.deliver([...more.toReversed(), ...more])).toEqual(all(2 * more.length, 200));
    await endHeartbeats(scene);
    await expectTruth(scene, sources, linked, retakenWithinMs);
  });
});

describe.each([1, 3])("news of a calendar, with %i workers,", { timeout: 60_000 }, (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  it("between its first reading and the opening of its channel, and while nobody works: they are held, once", async () => {
    const { scene } = stage;
    const { viewer, connectionId } = await sources.linkCalendar();
    const titles = (await eventsOf(scene, viewer)).concat(`Early ${count}`);
    const refused: number[] = [];
    const trap = scene.trap({ statement: "save-channel", holds: [connectionId], when: "before" }, async () => {
      refused.push(...(await sources.putEvent(`Early ${count}`)));
    });
    await requestSync({ userId: viewer.userId, connectionId });
    await trap.sprung;
    expect(refused).toContain(401);
    await expect.poll(() => eventsOf(scene, viewer), { timeout: 15_000 }).toEqual(expect.arrayContaining(titles));
    await expect.poll(() => jobsOf(scene, connectionId), { timeout: 15_000 }).not.toHaveProperty("created");
    await expect.poll(() => jobsOf(scene, connectionId), { timeout: 15_000 }).not.toHaveProperty("active");
    await scene.fleet.clear();
    const more = ["A", "B", "C", "D", "E"].map((letter) => `Late ${count} ${letter}`);
    const statuses = await Promise.all(more.map((title) => sources.putEvent(title)));
    expect(statuses.flat()).toEqual(expect.arrayContaining(all(5, 200)));
    expect(await jobsOf(scene, connectionId)).toMatchObject({ created: 1 });
    await scene.staff(count);
    await expect
      .poll(async () => (await eventsOf(scene, viewer)).filter((title) => title.startsWith(`Late ${count}`)), {
        timeout: 15_000,
      })
      .toEqual(more);
  });
});

/** As if the 10 s of a heartbeat had passed for whoever holds a job. That they do pass is seen with those who are killed. */
async function endHeartbeats({ database }: Scene): Promise<void> {
  await database.query(`UPDATE jobs.job SET heartbeat_on = heartbeat_on - interval '10 s' WHERE state = 'active'`);
}

async function ask(path: string, body: object): Promise<unknown> {
  const keys = { "plaid-client-id": "sample-client", "plaid-secret": "sample-secret" };
  const request = new Request(`http://bank${path}`, { method: "POST", headers: keys, body: JSON.stringify(body) });
  return (await sources.plaid.fetch(request)).json();
}
