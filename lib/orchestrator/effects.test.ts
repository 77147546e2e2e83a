import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/contracts/errors";
import type { Tool } from "@/lib/contracts/tool";
import { decideApproval, listApprovals } from "@/lib/db/approvals";
import { asSystem } from "@/lib/contracts/viewer";
import { buryRuns, maxRecoveries } from "@/lib/db/claims";
import { pool } from "@/lib/db/client";
import { LostRunError } from "@/lib/db/events";
import { getRunView } from "@/lib/db/run-view";
import { toUnknownEnd } from "./left-effects";
import { done, person, ports, probe, start, setUpLoop, work } from "./testing-loop";

setUpLoop();

const script = (tool: Tool) =>
  ports((step) => (step === 0 ? { calls: [{ tool: tool.name, input: { n: 1 } }] } : { text: "All right." }), [tool])
    .given;
const withIdempotency = (tool: Tool, idempotency: Tool["idempotency"]): Tool => ({ ...tool, idempotency });
/** The process ends between the call and its record. */
const crash = () => probe("write_a", "write", async (_input, { runId }) => Promise.reject(new LostRunError(runId)));
const timedOut = () => Promise.reject(new AppError("unavailable", "It took too long."));

async function stateOf(runId: string) {
  const { rows } = await pool().query<{ state: string }>(`SELECT state FROM "Effect" WHERE "runId" = $1`, [runId]);
  return rows.map(({ state }) => state);
}
async function openQuestion() {
  const [asked] = await listApprovals(person.viewer, { state: "pending" });
  if (!asked) throw new Error("nothing was asked");
  return asked;
}
/** A run that was killed in the middle of an effect nobody can repeat, and taken over. */
async function interrupted(second: Tool) {
  const { runId } = await start("Go");
  await expect(work(runId, script(crash().tool))).rejects.toBeInstanceOf(LostRunError);
  return { runId, view: await work(runId, script(second)) };
}

describe("an effect whose outcome nobody knows", () => {
  it("is not tried again: the run waits, and the person is asked", async () => {
    const write = probe("write_a", "write", () => done("second time"));
    const { runId, view } = await interrupted(write.tool);
    expect(view).toMatchObject({ status: "waiting", toolCalls: [{ status: "waiting" }] });
    expect(await openQuestion()).toMatchObject({ kind: "outcome", runId, tool: "write_a", effect: "write" });
    expect(write.seen).toHaveLength(0);
  });

  it("happened, says the person: recorded as done, and the run goes on without it", async () => {
    const write = probe("write_a", "write", () => done("second time"));
    const { runId } = await interrupted(write.tool);
    await decideApproval(person.viewer, (await openQuestion()).approvalId, { decision: "happened" });
    expect(await work(runId, script(write.tool))).toMatchObject({ status: "done", toolCalls: [{ status: "done" }] });
    expect(write.seen).toHaveLength(0);
    expect(await stateOf(runId)).toEqual(["done"]);
  });

  it("did not, says the person: it is done once, under the same key, and one answer is good for one try", async () => {
    const again = crash();
    const write = probe("write_a", "write", () => done("second time"));
    const { runId } = await interrupted(write.tool);
    const first = await openQuestion();
    await decideApproval(person.viewer, first.approvalId, { decision: "allow" });
    await expect(work(runId, script(again.tool))).rejects.toBeInstanceOf(LostRunError);
    // The worker died again in the same place: the answer is used up, so the person is asked again.
    expect(await work(runId, script(write.tool))).toMatchObject({ status: "waiting" });
    expect(write.seen).toHaveLength(0);
    const second = await openQuestion();
    expect(second).toMatchObject({ kind: "outcome", round: 2 });
    await decideApproval(person.viewer, second.approvalId, { decision: "allow" });
    expect(await work(runId, script(write.tool))).toMatchObject({
      status: "done",
      toolCalls: [{ status: "done", output: "second time" }],
    });
    expect(write.seen).toEqual([{ n: 1, key: again.seen[0]?.key }]);
  });

  it("is left alone when the person says so, and the model is told", async () => {
    const write = probe("write_a", "write", () => done("second time"));
    const { runId } = await interrupted(write.tool);
    await decideApproval(person.viewer, (await openQuestion()).approvalId, { decision: "deny", note: "I will look" });
    const view = await work(runId, script(write.tool));
    expect(view).toMatchObject({ status: "done", toolCalls: [{ status: "failed" }] });
    expect(view.toolCalls[0]?.error).toMatch(/cannot tell whether it happened.*I will look/);
    expect(write.seen).toHaveLength(0);
    expect(await stateOf(runId)).toEqual(["unknown"]);
  });

  it("is asked about, too, when the call itself ended without an answer", async () => {
    const write = probe("write_a", "write", timedOut);
    const { runId } = await start("Go");
    expect(await work(runId, script(write.tool))).toMatchObject({ status: "waiting" });
    expect(await stateOf(runId)).toEqual(["unknown"]);
    expect(write.seen).toHaveLength(1);
  });

  it.each([
    ["done", { state: "done", output: "found it" } as const, { status: "done", output: "found it" }, 0],
    ["undone", { state: "undone" } as const, { status: "done", output: "second time" }, 1],
  ])("is looked up at the other side where the tool can: %s", async (_name, seen, expected, calls) => {
    const write = probe("write_a", "write", () => done("second time"));
    const { view } = await interrupted({ ...write.tool, reconcile: async () => seen });
    expect(view).toMatchObject({ status: "done", toolCalls: [expected] });
    expect(write.seen).toHaveLength(calls);
    expect(await listApprovals(person.viewer, { state: "pending" })).toEqual([]);
  });

  it("is put to the person when looking fails", async () => {
    const write = probe("write_a", "write", () => done("second time"));
    const { view } = await interrupted({ ...write.tool, reconcile: () => Promise.reject(new Error("no answer")) });
    expect(view.status).toBe("waiting");
    expect(write.seen).toHaveLength(0);
  });
});

describe("an effect of a run that is given up", () => {
  it("is told as one whose outcome nobody knows", async () => {
    const { runId } = await start("Go");
    const dying = withIdempotency(crash().tool, "keyed");
    // The first worker got on, by a step.
    for (let lost = 0; lost <= maxRecoveries; lost++)
      await expect(work(runId, script(dying))).rejects.toBeInstanceOf(LostRunError);
    expect(await buryRuns(asSystem("worker"), toUnknownEnd)).toEqual([runId]);
    const view = await getRunView(person.viewer, runId);
    expect(view).toMatchObject({ status: "dead", toolCalls: [{ status: "failed" }] });
    expect(view.toolCalls[0]?.error).toMatch(/"write a" was under way and cannot tell whether it happened/);
    expect(await stateOf(runId)).toEqual(["unknown"]);
  });
});

describe("an effect", () => {
  it("that is known by its key is repeated under the same key", async () => {
    const { runId } = await start("Go");
    const dying = crash();
    const write = probe("write_a", "write", () => done("once"));
    await expect(work(runId, script(withIdempotency(dying.tool, "keyed")))).rejects.toBeInstanceOf(LostRunError);
    expect(await work(runId, script(withIdempotency(write.tool, "keyed")))).toMatchObject({
      toolCalls: [{ status: "done", output: "once" }],
    });
    expect(write.seen[0]?.key).toBe(dying.seen[0]?.key);
  });

  it("known by its key gets one more try under it before the person is asked", async () => {
    let tries = 0;
    const write = probe("write_a", "write", () => (++tries === 1 ? timedOut() : done("once")));
    const { runId } = await start("Go");
    const view = await work(runId, script(withIdempotency(write.tool, "keyed")));
    expect(view).toMatchObject({ status: "done", toolCalls: [{ status: "done", output: "once" }] });
    expect(new Set(write.seen.map(({ key }) => key)).size).toBe(1);
  });

  it("that the other side refused is known not to have happened", async () => {
    const write = probe("write_a", "write", () => Promise.reject(new AppError("conflict", "Taken.")));
    const { runId } = await start("Go");
    expect(await work(runId, script(write.tool))).toMatchObject({ status: "done", toolCalls: [{ error: "Taken." }] });
    expect(await stateOf(runId)).toEqual(["undone"]);
  });

  it("that was done is not done again when only its record was lost", async () => {
    const { runId } = await start("Go");
    const write = probe("write_a", "write", async () => {
      // Another worker takes the run while the effect is under way: its outcome is known, its event is refused.
      await pool().query(`UPDATE "Run" SET fence = fence + 1 WHERE id = $1`, [runId]);
      return done("written");
    });
    const given = script(write.tool);
    await expect(work(runId, given)).rejects.toBeInstanceOf(LostRunError);
    expect(await work(runId, given)).toMatchObject({ status: "done", toolCalls: [{ output: "written" }] });
    expect(write.seen).toHaveLength(1);
  });
});
