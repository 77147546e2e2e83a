import { beforeAll, describe, expect, it } from "vitest";
import { requestStop } from "@/lib/db/runs";
import { newThing, program } from "./testing-program";
import { begin, finish, finishWell, setUpScene } from "./testing-setup";

const stage = setUpScene();
/** Row 25: gone within 25 s, whatever it was doing. */
const goneWithinMs = 25_000;

describe.each([1, 3])("of %i workers one is asked to go (SIGTERM)", { timeout: 60_000 }, (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  async function dismissOwner(runId: string): Promise<number> {
    const owner = await stage.scene.ownerOf(runId);
    const askedAt = performance.now();
    owner.signal("SIGTERM");
    expect(await owner.ended).toEqual([0, null]);
    const tookMs = performance.now() - askedAt;
    expect(tookMs).toBeLessThan(goneWithinMs);
    return tookMs;
  }

  it("while the model speaks: another one goes on at once, and it does not count as a loss", async () => {
    const { scene } = stage;
    const started = await begin(scene, program({ trick: { kind: "stall", times: 1 } }));
    await expect
      .poll(() => scene.eventsOf(started.runId, "text-appended"), { timeout: 10_000, interval: 20 })
      .toHaveLength(1);
    await dismissOwner(started.runId);
    await finishWell(scene, started);
    const claims = await scene.eventsOf(started.runId, "run-claimed");
    expect(claims.map(({ attempt }) => attempt)).toEqual([1, 1]);
  });

  it("while an effect is under way: it finishes, is recorded, and is not repeated", async () => {
    const { scene } = stage;
    const thing = newThing("letter");
    await scene.world.behave({ thing, afterwards: "hold" });
    const started = await begin(scene, program({ calls: [{ tool: "send_letter", thing }] }));
    await expect.poll(() => scene.world.effectsOf("letter", thing), { timeout: 10_000 }).toBe(1);
    const gone = dismissOwner(started.runId);
    await scene.world.release(thing);
    await gone;
    await finishWell(scene, started);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
    expect(await scene.effectStates(started.runId)).toEqual(["done"]);
  });

  it("while an effect takes too long: it goes all the same, and the next one asks under the same key", async () => {
    const { scene } = stage;
    const thing = newThing("card");
    await scene.world.behave({ thing, afterwards: "hold" });
    const started = await begin(scene, program({ calls: [{ tool: "charge_card", thing }] }));
    await expect.poll(() => scene.world.effectsOf("keyed", thing), { timeout: 10_000 }).toBe(1);
    await dismissOwner(started.runId);
    await finishWell(scene, started);
    expect(await scene.world.effectsOf("keyed", thing)).toBe(1);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(2);
  });

  it("twice in a row, with runs coming in all the time: every run is answered once", async () => {
    const { scene } = stage;
    const runs = [];
    for (let n = 0; n < 12; n++) {
      runs.push(await begin(scene, program({ calls: [{ tool: "charge_card", thing: newThing("card") }] })));
      if (n === 4 || n === 8) scene.fleet.running.find((worker) => worker.isUp)?.signal("SIGTERM");
    }
    for (const started of runs) await finishWell(scene, started);
  });
});

describe.each([1, 3])("with %i workers, Stop is pressed", (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  it("during a side effect: it finishes and is recorded, and nothing begins after it", async () => {
    const { scene } = stage;
    const [first, second] = [newThing("letter"), newThing("letter")];
    await scene.world.behave({ thing: first, afterwards: "hold" });
    const started = await begin(
      scene,
      program({
        calls: [
          { tool: "send_letter", thing: first },
          { tool: "send_letter", thing: second },
        ],
      }),
    );
    await expect.poll(() => scene.world.effectsOf("letter", first), { timeout: 10_000 }).toBe(1);
    await requestStop(scene.viewer, started.runId);
    await scene.world.release(first);
    const view = await finish(scene, started);
    expect(view.status).toBe("stopped");
    expect(view.toolCalls.map(({ status }) => status)).toEqual(["done", "stopped"]);
    expect(await scene.world.requestsAbout(second)).toEqual([]);
    expect(await scene.effectStates(started.runId)).toEqual(["done"]);
  });

  it("while the model speaks and the worker is killed: the run ends as stopped and keeps its text", async () => {
    const { scene } = stage;
    const started = await begin(scene, program({ trick: { kind: "stall" } }));
    await expect
      .poll(() => scene.eventsOf(started.runId, "text-appended"), { timeout: 10_000, interval: 20 })
      .toHaveLength(1);
    const owner = await scene.ownerOf(started.runId);
    owner.signal("SIGSTOP");
    await requestStop(scene.viewer, started.runId);
    owner.signal("SIGKILL");
    const view = await finish(scene, started);
    expect(view).toMatchObject({ status: "stopped", answer: "Half an answ" });
  });
});
