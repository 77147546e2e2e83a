import { beforeAll, describe, expect, it } from "vitest";
import { decideApproval } from "@/lib/db/approvals";
import { newThing, program } from "./testing-program";
import type { TrapPlace } from "./testing-proxy";
import type { Started } from "./testing-scene";
import { begin, finish, finishWell, setUpScene } from "./testing-setup";

const stage = setUpScene();

describe.each([1, 3])("of %i workers one is killed around a question to the person", (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  const erase = (thing: string) => program({ calls: [{ tool: "erase_file", thing }] });

  async function waitForQuestion({ runId }: Started): Promise<string> {
    const { scene } = stage;
    await expect.poll(() => scene.statusOf(runId), { timeout: 15_000, interval: 20 }).toBe("waiting");
    const asked = await scene.eventsOf<{ approvalId: string }>(runId, "approval-requested");
    expect(asked).toHaveLength(1);
    return asked[0]?.approvalId ?? "";
  }

  async function allow(approvalId: string): Promise<void> {
    await decideApproval(stage.scene.viewer, approvalId, { decision: "allow" });
  }

  const approvalRow = async (approvalId: string) => {
    const { rows } = await stage.scene.database.query(`SELECT * FROM "Approval" WHERE id = $1`, [approvalId]);
    return rows[0];
  };

  const places: [string, TrapPlace][] = [
    ["in the transaction that asks", { statement: "insert-approval", when: "after" }],
    ["when the question is committed", { statement: "COMMIT", when: "after" }],
    ["before the run sleeps", { statement: "wait-on", when: "before" }],
    ["when the run sleeps", { statement: "wait-on", when: "after" }],
  ];
  it.each(places)("%s: it is asked once, and the answer resumes the run once", async (_name, place) => {
    const { scene } = stage;
    const thing = newThing("file");
    const trap = scene.trap(place, "kill");
    const started = await begin(scene, erase(thing));
    await trap.sprung;
    const approvalId = await waitForQuestion(started);
    expect(await scene.world.requestsAbout(thing)).toEqual([]);
    await allow(approvalId);
    await finishWell(scene, started);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
  });

  it("while it waits: the question is as it was, still open, and the answer resumes the run once", async () => {
    const { scene } = stage;
    const thing = newThing("file");
    const started = await begin(scene, erase(thing));
    const approvalId = await waitForQuestion(started);
    const before = await approvalRow(approvalId);
    await scene.staff(count);
    expect(await approvalRow(approvalId)).toEqual(before);
    expect(await scene.statusOf(started.runId)).toBe("waiting");
    await allow(approvalId);
    await finishWell(scene, started);
    expect(await scene.world.effectsOf("keyed", thing)).toBe(1);
  });

  it("when the answer is there and the run is taken up again: the answer still holds, and it is done once", async () => {
    const { scene } = stage;
    const thing = newThing("file");
    const started = await begin(scene, erase(thing));
    const approvalId = await waitForQuestion(started);
    const trap = scene.trap({ statement: "record-intent", when: "before" }, "kill");
    await allow(approvalId);
    await trap.sprung;
    await finishWell(scene, started);
    expect((await approvalRow(approvalId)).status).toBe("allowed");
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
  });

  it("after a no: it stays a no", async () => {
    const { scene } = stage;
    const thing = newThing("file");
    const started = await begin(scene, erase(thing));
    const approvalId = await waitForQuestion(started);
    const trap = scene.trap({ statement: "claim-run", answers: started.runId, when: "after" }, "kill");
    await decideApproval(scene.viewer, approvalId, { decision: "deny" });
    await trap.sprung;
    const view = await finish(scene, started);
    expect(view.toolCalls).toMatchObject([{ status: "denied" }]);
    expect(await scene.world.requestsAbout(thing)).toEqual([]);
  });

  it("answered by two people at once while a worker takes it up: one answer counts", async () => {
    const { scene } = stage;
    const thing = newThing("file");
    const started = await begin(scene, erase(thing));
    const approvalId = await waitForQuestion(started);
    const answers = await Promise.allSettled(
      (["allow", "deny", "allow"] as const).map((decision) => decideApproval(scene.viewer, approvalId, { decision })),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await finish(scene, started);
    const { status } = await approvalRow(approvalId);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(status === "allowed" ? 1 : 0);
  });

  it("and the answer comes before the run sleeps: it does not sleep through it", async () => {
    const { scene } = stage;
    const thing = newThing("file");
    const answer = Promise.withResolvers<void>();
    scene.trap({ statement: "wait-on", when: "before" }, () => answer.promise);
    const started = await begin(scene, erase(thing));
    await expect
      .poll(() => scene.eventsOf(started.runId, "approval-requested"), { timeout: 10_000, interval: 20 })
      .toHaveLength(1);
    const [asked] = await scene.eventsOf<{ approvalId: string }>(started.runId, "approval-requested");
    await allow(asked?.approvalId ?? "");
    answer.resolve();
    await finishWell(scene, started, 3000);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
  });
});
