import pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { POST as startRun } from "@/app/api/runs/route";
import { createToken } from "@/lib/auth/tokens";
import { newThing, program } from "./testing-program";
import { OwnPostgres, type SmallDisk } from "./testing-postgres";
import { Scene } from "./testing-scene";
import { begin, finishWell, setUpScene } from "./testing-setup";

let postgres: OwnPostgres;
let disk: SmallDisk | null = null;
const stage = setUpScene(
  async () => {
    postgres = await OwnPostgres.create();
    return Scene.open(postgres.url);
  },
  async () => {
    await postgres.stop();
    disk?.unmount();
    postgres.remove();
  },
);

/** Long enough for a few attempts. */
const outageMs = 4000;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Shortage {
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** A tablespace on a disk of eight megabytes, where this account may mount one. */
async function fullDisk(): Promise<Shortage | null> {
  if (!disk) {
    disk = postgres.smallDisk(8);
    if (!disk) return null;
    await postgres.query(`CREATE TABLESPACE small LOCATION '${disk.space}'`);
    await stage.scene.database.query(`ALTER TABLE "Event" SET TABLESPACE small`);
  }
  const small = disk;
  return { begin: async () => small.fill(), end: async () => small.empty() };
}

/** What the server would say when there is room for a line and none for a page. */
async function noRoomForMuch(): Promise<Shortage> {
  await raiseOnEvent("53100", "could not extend file: No space left on device", "length(NEW.payload::text) > 500");
  const set = async (value: string) => {
    await stage.scene.database.query(`ALTER TABLE "Event" ${value} TRIGGER fault_raise`);
  };
  await set("DISABLE");
  return { begin: () => set("ENABLE"), end: () => set("DISABLE") };
}

async function raiseOnEvent(code: string, message: string, condition: string): Promise<void> {
  await stage.scene.database.query(`
    CREATE OR REPLACE FUNCTION fault_raise() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF ${condition} THEN RAISE EXCEPTION '${message}' USING ERRCODE = '${code}'; END IF;
      RETURN NEW;
    END $$;
    CREATE OR REPLACE TRIGGER fault_raise BEFORE INSERT ON "Event" FOR EACH ROW EXECUTE FUNCTION fault_raise()`);
}

function readOnly(): Shortage {
  const set = async (value: string) => {
    await postgres.query(`ALTER SYSTEM SET default_transaction_read_only = ${value}`);
    await postgres.query("SELECT pg_reload_conf()");
  };
  return { begin: () => set("on"), end: () => set("off") };
}

describe.each([1, 3])("with %i workers, the database", { timeout: 60_000 }, (count) => {
  beforeAll(() => stage.scene.staff(count, { leaseMs: 1500 }), 60_000);

  async function endure(shortage: Shortage): Promise<void> {
    const { scene } = stage;
    const thing = newThing("card");
    await scene.world.behave({ thing, afterwards: "hold" });
    const started = await begin(scene, program({ calls: [{ tool: "charge_card", thing }] }, { chars: 30_000 }));
    await expect.poll(() => scene.world.effectsOf("keyed", thing), { timeout: 10_000 }).toBe(1);
    await shortage.begin();
    try {
      await scene.world.release(thing);
      await wait(outageMs);
      expect(await scene.isFinished(started.runId)).toBe(false);
    } finally {
      await shortage.end();
    }
    await finishWell(scene, started, 20_000);
    expect(await scene.world.effectsOf("keyed", thing)).toBe(1);
    // An outage is nobody's fault: however long it lasts, it does not bring a run nearer to being given up.
    const claims = await scene.eventsOf<{ attempt: number }>(started.runId, "run-claimed");
    expect(Math.max(...claims.map(({ attempt }) => attempt))).toBeLessThanOrEqual(2);
  }

  it("has no room left (53100): the run pauses, nothing is half-written, and it goes on when there is room", async ({
    skip,
  }) => {
    const shortage = await fullDisk();
    if (!shortage) return skip("this account may not mount a small disk");
    await endure(shortage);
  });

  it("has room for a line and none for a page (53100, said by a trigger): the same", async () => {
    await endure(await noRoomForMuch());
  });

  it("is read-only after a failover (25006): the run pauses and goes on; the web says when to come back", async () => {
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const { token } = await createToken(stage.scene.viewer, { name: newThing("t"), scopes: ["chat"], expiresAt });
    const shortage = readOnly();
    const asking = endure({
      ...shortage,
      async begin() {
        await shortage.begin();
        const refused = await startRun(
          new Request("http://127.0.0.1:3000/api/runs", {
            method: "POST",
            body: JSON.stringify({ message: "Hello" }),
            headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
          }),
          { params: Promise.resolve({}) },
        );
        expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "2"]);
      },
    });
    await asking;
  });

  it.each(["40001", "40P01"])("undoes a write because of another one (%s): it is written again, once", async (code) => {
    const { scene } = stage;
    await scene.database.query("DROP SEQUENCE IF EXISTS fault_times; CREATE SEQUENCE fault_times");
    await raiseOnEvent(
      code,
      "could not serialize",
      `NEW.type IN ('step-finished', 'tool-finished') AND nextval('fault_times') <= 3`,
    );
    const thing = newThing("letter");
    const started = await begin(scene, program({ calls: [{ tool: "send_letter", thing }] }));
    await finishWell(scene, started);
    await scene.database.query(`DROP TRIGGER fault_raise ON "Event"`);
    expect(await scene.eventsOf(started.runId, "run-claimed")).toHaveLength(1);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
  });

  it("breaks a deadlock between a worker and somebody else: the worker's write is done again", async () => {
    const { scene } = stage;
    const thing = newThing("card");
    await scene.world.behave({ thing, afterwards: "hold" });
    const started = await begin(scene, program({ calls: [{ tool: "charge_card", thing }] }));
    await expect.poll(() => scene.world.effectsOf("keyed", thing), { timeout: 10_000 }).toBe(1);
    const other = new pg.Client({ connectionString: scene.databaseUrl });
    await other.connect();
    try {
      // The worker's session notices first, and is the one whose statement is undone.
      await other.query("BEGIN; SET LOCAL deadlock_timeout = '20s'");
      await other.query(`SELECT 1 FROM "Conversation" WHERE id = $1 FOR UPDATE`, [started.conversationId]);
      await scene.world.release(thing);
      await expect.poll(() => waitingForLocks(scene), { timeout: 10_000, interval: 20 }).toBeGreaterThan(0);
      await other.query(`SELECT 1 FROM "Run" WHERE id = $1 FOR UPDATE`, [started.runId]);
      await other.query("COMMIT");
    } finally {
      await other.end();
    }
    await finishWell(scene, started);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
  });
});

async function waitingForLocks(scene: Scene): Promise<number> {
  const { rows } = await scene.database.query(
    `SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')`,
  );
  return rows[0].n;
}
