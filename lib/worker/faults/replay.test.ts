import type pg from "pg";
import { beforeAll, describe, expect, it } from "vitest";
import { logVersion } from "@/lib/contracts/conversation";
import { newThing, program } from "./testing-program";
import type { Started } from "./testing-scene";
import { begin, finish, finishWell, setUpScene } from "./testing-setup";

const stage = setUpScene();

describe.each([1, 3])("of %i workers one is killed in the middle of a run, and", (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  /** Kills the worker after the first effect is in the log; the next one may read the log when `meddle` is through. */
  async function interruptAnd(
    meddle: (runId: string) => Promise<void>,
  ): Promise<{ started: Started; things: string[] }> {
    const { scene } = stage;
    const things = [newThing("card"), newThing("card")];
    const started = await begin(
      scene,
      program(...things.map((thing) => ({ calls: [{ tool: "charge_card" as const, thing }], chars: 200 }))),
    );
    const meddled = Promise.withResolvers<void>();
    scene.trap(
      { statement: "read-replayable-events", holds: [started.conversationId], when: "before", nth: 2 },
      () => meddled.promise,
    );
    const trap = scene.trap({ statement: "append-", holds: ["tool-finished", things[0] ?? ""], when: "after" }, "kill");
    await trap.sprung;
    await meddle(started.runId);
    meddled.resolve();
    return { started, things };
  }

  /** Past the rule that events are append-only, as a broken disk or a hand in the database would be. */
  async function tamper(sql: string, values: unknown[]): Promise<pg.QueryResult> {
    const client = await stage.scene.database.connect();
    try {
      await client.query("SET session_replication_role = replica");
      return await client.query(sql, values);
    } finally {
      client.release(true);
    }
  }

  const change = (set: string) => async (runId: string) => {
    const { rowCount } = await tamper(`UPDATE "Event" SET ${set} WHERE "runId" = $1 AND type = 'step-finished'`, [
      runId,
    ]);
    expect(rowCount).toBe(1);
  };

  it("a row of its log is damaged: the run ends as dead with a reason, and nothing of it is replayed", async () => {
    const { scene } = stage;
    const { started, things } = await interruptAnd(change(`payload = jsonb_set(payload, '{toolCalls}', '[]')`));
    const view = await finish(scene, started);
    expect(view.status).toBe("dead");
    expect(view.error?.message).toMatch(/damaged/);
    expect(await scene.world.requestsAbout(things[0] ?? "")).toHaveLength(1);
    expect(await scene.world.requestsAbout(things[1] ?? "")).toEqual([]);
    expect(await scene.eventsOf(started.runId, "step-started")).toHaveLength(1);
    const alerts = scene.fleet.members.flatMap((worker) => worker.said(started.runId));
    expect(alerts.some((line) => line.includes("cannot be replayed"))).toBe(true);
  });

  it("a row of its log is missing: the same", async () => {
    const { scene } = stage;
    let lost: Record<string, unknown> | undefined;
    const { started, things } = await interruptAnd(async (runId) => {
      const { rows } = await tamper(`DELETE FROM "Event" WHERE "runId" = $1 AND type = 'step-finished' RETURNING *`, [
        runId,
      ]);
      lost = rows[0];
    });
    const view = await finish(scene, started);
    const columns = Object.keys(lost ?? {});
    await tamper(
      `INSERT INTO "Event" (${columns.map((name) => `"${name}"`).join(", ")}) VALUES (${columns.map((_, n) => `$${n + 1}`).join(", ")})`,
      Object.values(lost ?? {}),
    );
    expect(view.status).toBe("dead");
    expect(await scene.world.requestsAbout(things[0] ?? "")).toHaveLength(1);
  });

  it("its log was written by a newer Burgeon: the run ends as dead with a reason, and nothing is guessed", async () => {
    const { scene } = stage;
    const { started, things } = await interruptAnd(change(`version = ${logVersion + 1}`));
    const view = await finish(scene, started);
    expect(view.status).toBe("dead");
    expect(view.error?.message).toMatch(/newer Burgeon/);
    expect(await scene.world.requestsAbout(things[1] ?? "")).toEqual([]);
  });

  it("its log was written by an older Burgeon, before there were digests: it is read as what it is and goes on", async () => {
    const { scene } = stage;
    const { started, things } = await interruptAnd(async (runId) => {
      await tamper(`UPDATE "Event" SET digest = NULL, version = 1 WHERE "runId" = $1`, [runId]);
    });
    await finishWell(scene, started);
    for (const thing of things) expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
  });
});
