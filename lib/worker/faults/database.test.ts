import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { GET as askReady } from "@/app/api/health/ready/route";
import { POST as startRun } from "@/app/api/runs/route";
import { closeDatabase } from "@/lib/db/client";
import { createToken } from "@/lib/auth/tokens";
import { newThing, program } from "./testing-program";
import { OwnPostgres } from "./testing-postgres";
import { Scene, type Started } from "./testing-scene";
import { begin, finishWell, setUpScene } from "./testing-setup";

let postgres: OwnPostgres;
const stage = setUpScene(
  async () => {
    postgres = await OwnPostgres.create();
    return Scene.open(postgres.url);
  },
  async () => {
    await postgres.stop();
    postgres.remove();
  },
);
const leaseMs = 1500;

/** Three runs, each with an effect at the provider that is held back, so that the fault meets all of them in the middle. */
async function beginInTheMiddle(): Promise<{ runs: Started[]; things: string[]; letGo(): Promise<void> }> {
  const { scene } = stage;
  const things = [newThing("card"), newThing("card")];
  for (const thing of things) await scene.world.behave({ thing, afterwards: "hold" });
  const runs = [
    ...(await Promise.all(things.map((thing) => begin(scene, program({ calls: [{ tool: "charge_card", thing }] }))))),
    await begin(scene, program({ calls: [{ tool: "add_event", thing: newThing("event") }] }, { chars: 9000 })),
  ];
  for (const thing of things)
    await expect.poll(() => scene.world.effectsOf("keyed", thing), { timeout: 10_000 }).toBe(1);
  return {
    runs,
    things,
    async letGo() {
      for (const thing of things) await scene.world.release(thing);
    },
  };
}

function ready(): Promise<Response> {
  return askReady(new Request("http://127.0.0.1:3000/api/health/ready"), { params: Promise.resolve({}) });
}

async function post(token: string, body: unknown): Promise<Response> {
  const request = new Request("http://127.0.0.1:3000/api/runs", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
  });
  return startRun(request, { params: Promise.resolve({}) });
}

describe.each([1, 3])("with %i workers, PostgreSQL", { timeout: 60_000 }, (count) => {
  beforeAll(() => stage.scene.staff(count, { concurrency: 4, leaseMs }), 60_000);

  async function token(): Promise<string> {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    return (await createToken(stage.scene.viewer, { name: newThing("t"), scopes: ["chat"], expiresAt })).token;
  }

  it.each(["crash", "shutDown"] as const)(
    "goes down (%s) in the middle of runs and comes back: they go on",
    async (how) => {
      const { scene } = stage;
      const processes = scene.fleet.members.length;
      const bearer = await token();
      expect((await ready()).status).toBe(200);
      const { runs, things, letGo } = await beginInTheMiddle();
      await postgres[how]();
      await letGo();
      const [unready, refused] = [await ready(), await post(bearer, { message: "Hello" })];
      expect([unready.status, refused.status, refused.headers.get("retry-after")]).toEqual([503, 503, "2"]);
      await postgres.up();
      for (const started of runs) await finishWell(scene, started, 20_000);
      for (const thing of things) expect(await scene.world.effectsOf("keyed", thing)).toBe(1);
      await expect.poll(async () => (await ready()).status, { timeout: 10_000 }).toBe(200);
      expect(scene.fleet.members).toHaveLength(processes);
    },
  );

  it("hangs for longer than a lease and goes on: so do the runs", async () => {
    const { scene } = stage;
    const { runs, things, letGo } = await beginInTheMiddle();
    postgres.freeze();
    await letGo();
    await wait(2 * leaseMs);
    postgres.thaw();
    for (const started of runs) await finishWell(scene, started, 20_000);
    for (const thing of things) expect(await scene.world.effectsOf("keyed", thing)).toBe(1);
  });

  it("refuses connections for a while: the workers wait, the web says when to come back, and no run is lost", async () => {
    const { scene } = stage;
    const processes = scene.fleet.members.length;
    const { runs, letGo } = await beginInTheMiddle();
    await Promise.all(scene.fleet.running.map((worker) => worker.proxy.refuse()));
    await letGo();
    const meanwhile = await begin(scene, program());
    await wait(3 * leaseMs);
    await Promise.all(scene.fleet.running.map((worker) => worker.proxy.open()));
    for (const started of [...runs, meanwhile]) {
      await finishWell(scene, started, 20_000);
      // Once before and once after; one more when a claim's answer was lost with its connection.
      expect((await scene.eventsOf(started.runId, "run-claimed")).length).toBeLessThanOrEqual(3);
    }
    expect(scene.fleet.members).toHaveLength(processes);
  });

  it("has no connection left: the web answers 503, and everything goes on when there are some again", async () => {
    const { scene } = stage;
    const bearer = await token();
    const { runs, letGo } = await beginInTheMiddle();
    await closeDatabase();
    const taken = await takeEveryConnection();
    try {
      for (const worker of scene.fleet.running) worker.proxy.cut();
      taken.push(...(await takeEveryConnection()));
      await letGo();
      const refused = await post(bearer, { message: "Hello" });
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
    } finally {
      await Promise.all(taken.map((client) => client.end()));
    }
    for (const started of runs) await finishWell(scene, started, 20_000);
  });

  it("is there and its answers never come (a pulled cable): workers give up waiting and connect again", async () => {
    const { scene } = stage;
    await scene.staff(count, { concurrency: 4, leaseMs });
    const { runs, things, letGo } = await beginInTheMiddle();
    for (const worker of scene.fleet.running) worker.proxy.strand();
    await letGo();
    for (const started of runs) await finishWell(scene, started, 40_000);
    for (const thing of things) expect(await scene.world.effectsOf("keyed", thing)).toBe(1);
  });

  it.skipIf(count > 1)(
    "does not answer: health says so, and a worker that is asked to go (SIGTERM) is gone within 25 s",
    async () => {
      const { scene } = stage;
      const [worker] = scene.fleet.running.filter((one) => one.isUp);
      if (!worker) throw new Error("no worker");
      postgres.freeze();
      const askedAt = performance.now();
      worker.signal("SIGTERM");
      try {
        expect(await Promise.race([ready().then(({ status }) => status), wait(15_000)])).toBe(503);
        await expect.poll(() => worker.isRunning, { timeout: 25_000 }).toBe(false);
      } finally {
        postgres.thaw();
      }
      expect(performance.now() - askedAt).toBeLessThan(25_000);
    },
  );
});

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

async function takeEveryConnection(): Promise<pg.Client[]> {
  const taken: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: postgres.url });
    client.on("error", () => undefined);
    try {
      await client.connect();
      taken.push(client);
    } catch {
      return taken;
    }
  }
}
