import { beforeAll, describe, expect, it } from "vitest";
import { decideApproval } from "@/lib/db/approvals";
import { requestStop } from "@/lib/db/runs";
import { newThing, type Program, program } from "./testing-program";
import { begin, finish, finishWell, killOwner, setUpScene } from "./testing-setup";
import type { Started } from "./testing-scene";

const stage = setUpScene();

interface Asked {
  approvalId: string;
  kind: string;
  title: string;
}

describe("a provider that does it and answers with a fault", () => {
  beforeAll(() => stage.scene.staff(1), 60_000);

  it.each([
    ["charge_card", "keyed"],
    ["add_event", "own"],
    ["send_parcel", "letter"],
  ] as const)("%s: Burgeon finds out that it happened, and does not do it again", async (tool, kind) => {
    const { scene } = stage;
    const thing = newThing(kind);
    await scene.world.behave({ thing, afterwards: "fault" });
    const view = await finishWell(scene, await begin(scene, program({ calls: [{ tool, thing }] })));
    expect(view.toolCalls).toMatchObject([{ status: "done" }]);
    expect(await scene.world.effectsOf(kind, thing)).toBe(1);
  });

  it("without keys and without a way to look: the person is asked", async () => {
    const { scene } = stage;
    const thing = newThing("letter");
    await scene.world.behave({ thing, afterwards: "fault" });
    const started = await begin(scene, program({ calls: [{ tool: "send_letter", thing }] }));
    await expect.poll(() => scene.statusOf(started.runId), { timeout: 15_000, interval: 20 }).toBe("waiting");
    const [asked] = await scene.eventsOf<{ approvalId: string }>(started.runId, "approval-requested");
    await decideApproval(scene.viewer, asked?.approvalId ?? "", { decision: "happened" });
    await finishWell(scene, started);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
  });
});

describe.each([1, 3])("of %i workers one is killed and nobody knows whether it happened", (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  const letter = (thing: string): Program => program({ calls: [{ tool: "send_letter", thing }] });

  /** A letter that was sent by a worker that was killed before it knew. */
  async function sendIntoTheDark(): Promise<{ started: Started; thing: string; asked: Asked }> {
    const { scene } = stage;
    const thing = newThing("letter");
    await scene.world.behave({ thing, afterwards: "kill" });
    const started = await begin(scene, letter(thing));
    return { started, thing, asked: await waitForQuestion(started) };
  }

  async function waitForQuestion({ runId }: Started): Promise<Asked> {
    const { scene } = stage;
    await expect.poll(() => scene.statusOf(runId), { timeout: 15_000, interval: 20 }).toBe("waiting");
    const asked = await scene.eventsOf<Asked>(runId, "approval-requested");
    const last = asked.at(-1);
    if (!last) throw new Error("nobody was asked");
    return last;
  }

  it("without keys and without a way to look: the person is asked, and what they say is recorded", async () => {
    const { scene } = stage;
    const { started, thing, asked } = await sendIntoTheDark();
    expect(asked).toMatchObject({ kind: "outcome" });
    expect(await scene.effectStates(started.runId)).not.toContain("done");
    await decideApproval(scene.viewer, asked.approvalId, { decision: "happened" });
    const view = await finishWell(scene, started);
    expect(view.toolCalls).toMatchObject([{ status: "done" }]);
    expect(await scene.effectStates(started.runId)).toEqual(["done"]);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
  });

  it("told to do it now: once more, and no more than that", async () => {
    const { scene } = stage;
    const { started, thing, asked } = await sendIntoTheDark();
    scene.repeatable.add(thing);
    await decideApproval(scene.viewer, asked.approvalId, { decision: "allow" });
    const view = await finishWell(scene, started);
    expect(view.toolCalls).toMatchObject([{ status: "done" }]);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(2);
    expect(await scene.effectStates(started.runId)).toEqual(["done"]);
  });

  it("told to do it now, and killed again: the person is asked again", async () => {
    const { scene } = stage;
    const { started, thing, asked } = await sendIntoTheDark();
    scene.repeatable.add(thing);
    await scene.world.behave({ thing, afterwards: "kill" });
    await decideApproval(scene.viewer, asked.approvalId, { decision: "allow" });
    await expect.poll(() => scene.world.requestsAbout(thing), { timeout: 10_000 }).toHaveLength(2);
    await expect
      .poll(() => scene.eventsOf(started.runId, "approval-requested"), { timeout: 15_000, interval: 20 })
      .toHaveLength(2);
    const again = await waitForQuestion(started);
    expect(again.approvalId).not.toBe(asked.approvalId);
    await decideApproval(scene.viewer, again.approvalId, { decision: "happened" });
    await finishWell(scene, started);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(2);
  });

  it("told to leave it: it is left, the model is told that nobody knows, and the run goes on", async () => {
    const { scene } = stage;
    const { started, thing, asked } = await sendIntoTheDark();
    await decideApproval(scene.viewer, asked.approvalId, { decision: "deny" });
    const view = await finishWell(scene, started);
    expect(view.toolCalls[0]?.error).toContain("cannot tell whether it happened");
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
    expect(await scene.effectStates(started.runId)).toEqual(["unknown"]);
  });

  it("with a way to look: what is there is recorded, and nobody is asked", async () => {
    const { scene } = stage;
    const thing = newThing("parcel");
    await scene.world.behave({ thing, afterwards: "kill" });
    const started = await begin(scene, program({ calls: [{ tool: "send_parcel", thing }] }));
    const view = await finishWell(scene, started);
    expect(view.toolCalls).toMatchObject([{ status: "done", output: { count: 1 } }]);
    const requests = await scene.world.requestsAbout(thing);
    expect(requests.map(({ kind }) => kind)).toEqual(["POST letter", "GET letter"]);
    expect(await scene.eventsOf(started.runId, "approval-requested")).toEqual([]);
  });

  it("with a way to look, and it is not there: it is done, once", async () => {
    const { scene } = stage;
    const thing = newThing("parcel");
    const trap = scene.trap({ statement: "record-intent", when: "after" }, "kill");
    const started = await begin(scene, program({ calls: [{ tool: "send_parcel", thing }] }));
    await trap.sprung;
    await finishWell(scene, started);
    const requests = await scene.world.requestsAbout(thing);
    expect(requests.map(({ kind }) => kind)).toEqual(["GET letter", "POST letter"]);
    expect(await scene.effectStates(started.runId)).toEqual(["done"]);
  });

  it("with a way to look that does not answer: the person is asked", async () => {
    const { scene } = stage;
    const thing = newThing("parcel");
    await scene.world.behave({ thing, afterwards: "kill" });
    await scene.world.behave({ thing, status: 500, times: 5 });
    const started = await begin(scene, program({ calls: [{ tool: "send_parcel", thing }] }));
    const asked = await waitForQuestion(started);
    expect(asked).toMatchObject({ kind: "outcome" });
    await decideApproval(scene.viewer, asked.approvalId, { decision: "happened" });
    await finishWell(scene, started);
    expect(await scene.world.effectsOf("letter", thing)).toBe(1);
  });

  it("and Stop was pressed while it was under way: it does not end in silence", async () => {
    const { scene } = stage;
    const thing = newThing("letter");
    await scene.world.behave({ thing, afterwards: "hold" });
    const started = await begin(scene, letter(thing));
    await expect.poll(() => scene.world.effectsOf("letter", thing), { timeout: 10_000 }).toBe(1);
    await requestStop(scene.viewer, started.runId);
    await killOwner(scene, started.runId);
    const view = await finish(scene, started);
    expect(view.status).toBe("stopped");
    expect(view.toolCalls).toMatchObject([{ error: expect.stringContaining("cannot tell whether it happened") }]);
    expect(await scene.effectStates(started.runId)).toEqual(["unknown"]);
  });
});
