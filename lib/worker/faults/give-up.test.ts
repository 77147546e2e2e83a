import { beforeAll, describe, expect, it } from "vitest";
import { maxRecoveries } from "@/lib/db/claims";
import { newThing, program } from "./testing-program";
import { begin, finish, finishWell, setUpScene } from "./testing-setup";

const stage = setUpScene();
const patience = { timeout: 60_000 };

describe.each([1, 3])("with %i workers, a run that kills every worker that takes it", patience, (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  it("is given up with a reason and an alert, and the others are answered", async () => {
    const { scene } = stage;
    const poison = await begin(scene, program({ trick: { kind: "poison" } }));
    const others = await Promise.all([1, 2, 3].map(() => begin(scene, program({ calls: [page()] }))));
    const view = await finish(scene, poison, 30_000);
    expect(view).toMatchObject({ status: "dead", error: { code: "unavailable" } });
    expect(view.error?.message).toMatch(/6 workers in a row/);
    expect(await scene.eventsOf(poison.runId, "run-claimed")).toHaveLength(maxRecoveries + 1);
    for (const other of others) await finishWell(scene, other, 30_000);
    const alerts = scene.fleet.members
      .flatMap((worker) => worker.said("run given up"))
      .filter((line) => line.includes(poison.runId));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toContain('"level":"error"');
  });

  it("in the middle of an effect tells what nobody knows, and does it once", async () => {
    const { scene } = stage;
    const thing = newThing("card");
    await scene.world.behave({ thing, afterwards: "kill", times: 99 });
    const poison = await begin(scene, program({ calls: [{ tool: "charge_card", thing }] }));
    const view = await finish(scene, poison, 40_000);
    expect(view).toMatchObject({ status: "dead", toolCalls: [{ status: "failed" }] });
    expect(view.toolCalls[0]?.error).toMatch(/cannot tell whether it happened/);
    expect(await scene.effectStates(poison.runId)).toEqual(["unknown"]);
    expect(await scene.world.effectsOf("keyed", thing)).toBe(1);
  });

  it("does not take along one that only happens to be in the same worker and needs its time", async () => {
    const { scene } = stage;
    const slow = program({ calls: [page()], trick: { kind: "pause", ms: 2500 } });
    const innocent = await begin(scene, slow);
    const poison = await begin(scene, program({ trick: { kind: "poison" } }));
    expect((await finish(scene, poison, 40_000)).status).toBe("dead");
    await finishWell(scene, innocent, 30_000);
  });
});

describe.each([1, 3])("with %i workers, a refusal of the model's provider", (count) => {
  beforeAll(() => stage.scene.staff(count, { concurrency: 1 }), 60_000);

  it.skipIf(count > 1).each([
    [400, "invalid"],
    [401, "auth-required"],
  ])("that is final (%i) ends the run and is not tried again", async (status, code) => {
    const { scene } = stage;
    const asked = program({ trick: { kind: "ask-provider" } });
    await scene.world.behave({ thing: `${asked.id}-0`, status, times: 9 });
    const view = await finish(scene, await begin(scene, asked));
    expect(view).toMatchObject({ status: "failed", error: { code } });
    expect(await scene.world.requestsAbout(`${asked.id}-0`)).toHaveLength(1);
  });

  it("that asks for patience (429) is waited out and not asked before", async () => {
    const { scene } = stage;
    const asked = program({ trick: { kind: "ask-provider" } });
    const thing = `${asked.id}-0`;
    await scene.world.behave({ thing, status: 429, retryAfterS: 2 });
    await finishWell(scene, await begin(scene, asked));
    const [first, second] = await scene.world.requestsAbout(thing);
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1950);
  });

  it("that asks for patience holds no worker meanwhile: another person's run is answered first", async () => {
    const { scene } = stage;
    const patients = await Promise.all(
      Array.from({ length: count }, async () => {
        const asked = program({ trick: { kind: "ask-provider" } });
        await scene.world.behave({ thing: `${asked.id}-0`, status: 429, retryAfterS: 6 });
        return begin(scene, asked);
      }),
    );
    for (const { program: asked } of patients)
      await expect.poll(() => scene.world.requestsAbout(`${asked.id}-0`), { timeout: 10_000 }).toHaveLength(1);
    const newcomer = await begin(scene, program());
    for (const started of [newcomer, ...patients]) await finishWell(scene, started, 20_000);
    const { rows } = await scene.database.query(
      `SELECT "runId" FROM fault_audit WHERE type = 'run-finished' AND "runId" = ANY($1) ORDER BY at`,
      [[newcomer, ...patients].map(({ runId }) => runId)],
    );
    expect(rows[0].runId).toBe(newcomer.runId);
  });

  it("of a tool's provider (429) means that it was not done: the model is told, and the run goes on", async () => {
    const { scene } = stage;
    const thing = newThing("letter");
    await scene.world.behave({ thing, status: 429, retryAfterS: 1 });
    const view = await finishWell(scene, await begin(scene, program({ calls: [{ tool: "send_letter", thing }] })));
    expect(view.toolCalls).toMatchObject([{ status: "failed" }]);
    expect(await scene.world.effectsOf("letter", thing)).toBe(0);
  });
});

describe("a provider whose connection breaks", () => {
  it("is not mistaken for the database: the step is tried again at once and the run ends well", async () => {
    const { scene } = stage;
    await scene.staff(1);
    const started = await begin(scene, program({ trick: { kind: "reset", times: 1 } }));
    await finishWell(scene, started);
    expect(await scene.eventsOf(started.runId, "run-claimed")).toHaveLength(1);
  });
});

function page() {
  return { tool: "read_page" as const, thing: newThing("page") };
}
