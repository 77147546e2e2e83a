import { beforeAll, describe, expect, it } from "vitest";
import { newThing, program } from "./testing-program";
import { begin, finishWell, setUpScene } from "./testing-setup";

const stage = setUpScene();
/** I5: a killed run moves again within lease and poll; here a dead process is seen at once, and a new one takes a second to start. */
const movesWithinMs = 10_000;

describe.each([1, 3])("of %i workers one is killed with -9", (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  async function expectTakenOver(runId: string): Promise<void> {
    const { scene } = stage;
    const claims = await scene.eventsOf<{ attempt: number; worker: string }>(runId, "run-claimed");
    expect(claims).toHaveLength(2);
    expect(new Set(claims.map((claim) => claim.worker)).size).toBe(2);
    const [ms] = await scene.msBetweenClaims(runId);
    expect(ms).toBeLessThan(movesWithinMs);
  }

  it("after the claim, before the first step: it is claimed again and goes on", async () => {
    const { scene } = stage;
    const trap = scene.trap({ statement: "claim-run", answers: "run_", when: "after" }, "kill");
    const started = await begin(scene, program());
    await trap.sprung;
    await finishWell(scene, started);
    await expectTakenOver(started.runId);
    const claims = await scene.eventsOf(started.runId, "run-claimed");
    expect(claims.map((claim) => claim.attempt)).toEqual([1, 2]);
  });

  it.each([
    ["charge_card", "keyed"],
    ["add_event", "own"],
  ] as const)("after the intent of %s, before the call: it happens once", async (tool, kind) => {
    const { scene } = stage;
    const thing = newThing(kind);
    const trap = scene.trap({ statement: "record-intent", when: "after" }, "kill");
    const started = await begin(scene, program({ calls: [{ tool, thing }] }));
    await trap.sprung;
    await finishWell(scene, started);
    await expectTakenOver(started.runId);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
    expect(await scene.world.effectsOf(kind, thing)).toBe(1);
  });

  it("after a charge, before its record: the same key again, and one charge", async () => {
    const { scene } = stage;
    const thing = newThing("card");
    await scene.world.behave({ thing, afterwards: "kill" });
    const started = await begin(scene, program({ calls: [{ tool: "charge_card", thing }] }));
    const view = await finishWell(scene, started);
    await expectTakenOver(started.runId);
    const requests = await scene.world.requestsAbout(thing);
    expect(requests.map(({ status }) => status)).toEqual([null, 200]);
    expect(new Set(requests.map(({ key }) => key)).size).toBe(1);
    expect(await scene.world.effectsOf("keyed", thing)).toBe(1);
    expect(view.toolCalls).toMatchObject([{ status: "done", output: { replayed: true } }]);
  });

  it("after an insert under our own id, before its record: 409, a look, and it is recorded as done", async () => {
    const { scene } = stage;
    const thing = newThing("event");
    await scene.world.behave({ thing, afterwards: "kill" });
    const started = await begin(scene, program({ calls: [{ tool: "add_event", thing }] }));
    const view = await finishWell(scene, started);
    await expectTakenOver(started.runId);
    const requests = await scene.world.requestsAbout(thing);
    expect(requests.map(({ kind, status }) => [kind, status])).toEqual([
      ["POST own", null],
      ["POST own", 409],
      ["GET own", 200],
    ]);
    expect(view.toolCalls).toMatchObject([{ status: "done", output: { count: 1 } }]);
    expect(await scene.effectStates(started.runId)).toEqual(["done"]);
  });

  it.each([
    ["the record", { statement: "record-outcome", when: "after" }],
    ["the result is in the log", { statement: "append-", holds: ["tool-finished"], when: "after" }],
  ] as const)("after %s, before the next step: the call is not repeated", async (_name, place) => {
    const { scene } = stage;
    const thing = newThing("letter");
    const trap = scene.trap(place, "kill");
    const started = await begin(scene, program({ calls: [{ tool: "send_letter", thing }] }));
    await trap.sprung;
    const view = await finishWell(scene, started);
    await expectTakenOver(started.runId);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
    expect(view.toolCalls).toMatchObject([{ status: "done" }]);
    expect(await scene.effectStates(started.runId)).toEqual(["done"]);
  });

  it("while the model speaks: what it had said is kept, the step is asked again, and one answer is shown", async () => {
    const { scene } = stage;
    const started = await begin(scene, program({ trick: { kind: "stall", times: 1 }, chars: 7000 }));
    const trap = scene.trap({ statement: "append-", holds: ["Half an answ"], when: "after" }, "kill");
    await trap.sprung;
    const view = await finishWell(scene, started);
    await expectTakenOver(started.runId);
    expect(view.answer).not.toContain("Half an answ");
    expect(view.steps).toMatchObject([{ step: 1, attempts: 2 }]);
    const texts = await scene.eventsOf<{ attempt: number; text: string }>(started.runId, "text-appended");
    expect(texts[0]).toMatchObject({ attempt: 1, text: "Half an answ" });
    expect(texts.slice(1).every(({ attempt }) => attempt === 2)).toBe(true);
  });
});
