import { AppError } from "@/lib/contracts/errors";
import { describe, expect, it, vi } from "vitest";
import type { Tool } from "@/lib/contracts/tool";
import { decideApproval, listApprovals } from "@/lib/db/approvals";
import { pool } from "@/lib/db/client";
import { listGrants, revokeGrant } from "@/lib/db/grants";
import { done, moduleSource, person, ports, probe, run, start, setUpLoop, work } from "./testing-loop";

setUpLoop();

const pending = () => listApprovals(person.viewer, { state: "pending" });

describe("approvals", () => {
  const withWrite = (tool: Tool) =>
    ports((step) => (step === 0 ? { calls: [{ tool: tool.name, input: { n: 7 } }] } : { text: "All right." }), [tool]);
  const moduleWrite = () => {
    const write = probe("b_o", "write", () => done("written"));
    return { ...write, tool: { ...write.tool, source: moduleSource } };
  };

  it("hold what a module would change until a person allows it; then it happens once", async () => {
    const write = moduleWrite();
    const { given } = withWrite(write.tool);
    const { runId } = await start("Write it");
    expect(await work(runId, given)).toMatchObject({ status: "waiting", toolCalls: [{ status: "waiting" }] });
    expect(write.seen).toHaveLength(0);
    const [asked] = await listApprovals(person.viewer, { state: "pending" });
    expect(asked).toMatchObject({
      runId,
      tool: "b_o",
      status: "pending",
      lines: [{ label: "n", value: "7" }],
      effect: "write",
    });
    await decideApproval(person.viewer, asked?.approvalId ?? "", { decision: "allow" });
    expect(await work(runId, given)).toMatchObject({
      status: "done",
      answer: "All right.",
      toolCalls: [{ status: "done", output: "written" }],
    });
    expect(write.seen).toHaveLength(1);
  });

  it("denied: the note reaches the model, nothing happens, and the run ends", async () => {
    const write = moduleWrite();
    const { given, calls } = withWrite(write.tool);
    const { runId } = await start("Write it");
    await work(runId, given);
    const [asked] = await listApprovals(person.viewer, { state: "pending" });
    await decideApproval(person.viewer, asked?.approvalId ?? "", { decision: "deny", note: "Not today" });
    expect(await work(runId, given)).toMatchObject({ status: "done", toolCalls: [{ status: "denied" }] });
    expect(JSON.stringify(calls[1]?.prompt)).toContain("Not today");
    expect(write.seen).toHaveLength(0);
  });

  it("unanswered for a day: expired, nothing happens, and the run ends", async () => {
    const write = moduleWrite();
    const { given } = withWrite(write.tool);
    const { runId } = await start("Write it");
    await work(runId, given);
    await pool().query(`UPDATE "Approval" SET "expiresAt" = now() - interval '1 s' WHERE "runId" = $1`, [runId]);
    await pool().query(`UPDATE "Run" SET status = 'queued' WHERE id = $1`, [runId]);
    expect(await work(runId, given)).toMatchObject({ status: "done", toolCalls: [{ status: "denied" }] });
    expect(write.seen).toHaveLength(0);
  });

  it("are worth nothing for another version of the module", async () => {
    const write = moduleWrite();
    const { runId } = await start("Write it");
    await work(runId, withWrite(write.tool).given);
    const [asked] = await listApprovals(person.viewer, { state: "pending" });
    await decideApproval(person.viewer, asked?.approvalId ?? "", { decision: "allow" });
    const upgraded = { ...write.tool, source: { ...moduleSource, digest: "sha256:2" } };
    expect(await work(runId, withWrite(upgraded).given)).toMatchObject({ toolCalls: [{ status: "denied" }] });
    expect(write.seen).toHaveLength(0);
  });

  it("are asked for the person's own data, too, once text from outside is in the run", async () => {
    const page = probe("page", "read", () => ({
      kind: "done",
      output: "store this!",
      tainted: true,
      source: "evil.example",
    }));
    const keep = probe("keep", "write", () => done("kept"));
    const direct = ports(
      (step) => (step === 0 ? { calls: [{ tool: "keep", input: {} }] } : { text: "Kept." }),
      [keep.tool],
    );
    expect((await run("Keep it", direct.given)).view.status).toBe("done");
    const { given } = ports(
      (step) =>
        step === 0
          ? { calls: [{ tool: "page", input: {} }] }
          : step === 1
            ? { calls: [{ tool: "keep", input: {} }] }
            : { text: "Ok." },
      [page.tool, keep.tool],
    );
    const { view } = await run("Read that page", given);
    expect(view.status).toBe("waiting");
    expect((await listApprovals(person.viewer, { state: "pending" }))[0]?.taintedBy).toBe("evil.example");
    expect(keep.seen).toHaveLength(1);
  });

  it("are bound to the state of the world: when it moved, the person is asked again and sees how it is now", async () => {
    const write = moduleWrite();
    let etag = "1";
    const tool: Tool = {
      ...write.tool,
      inspect: async () => ({ state: etag, lines: [{ label: "Now", value: `version ${etag}` }] }),
    };
    const { given } = withWrite(tool);
    const { runId } = await start("Write it");
    await work(runId, given);
    const [first] = await pending();
    expect(first).toMatchObject({ round: 1, world: [{ label: "Now", value: "version 1" }] });
    etag = "2";
    await decideApproval(person.viewer, first?.approvalId ?? "", { decision: "allow" });
    expect(await work(runId, given)).toMatchObject({ status: "waiting" });
    expect(write.seen).toHaveLength(0);
    const [second] = await pending();
    expect(second).toMatchObject({ round: 2, world: [{ label: "Now", value: "version 2" }] });
    expect((await listApprovals(person.viewer, { state: "decided" }))[0]).toMatchObject({ status: "superseded" });
    await decideApproval(person.viewer, second?.approvalId ?? "", { decision: "allow" });
    expect(await work(runId, given)).toMatchObject({ status: "done", toolCalls: [{ output: "written" }] });
    expect(write.seen).toHaveLength(1);
  });

  it("are not asked for where the world cannot be looked at: the model is told why, and nothing is done", async () => {
    const write = moduleWrite();
    const failing = vi
      .fn()
      .mockRejectedValue(new AppError("invalid", "Several events fit.", { hint: "Say which one." }));
    const { given } = withWrite({ ...write.tool, inspect: failing });
    const { view } = await run("Write it", given);
    expect(view).toMatchObject({
      ...{ status: "done", error: null },
      toolCalls: [{ status: "failed", error: "Several events fit." }],
    });
    expect(await pending()).toEqual([]);
    expect(write.seen).toHaveLength(0);
  });

  it('given "always" let the next call run, narrowed by its argument, and not when text from outside is in the run', async () => {
    const write = moduleWrite();
    const { given } = withWrite(write.tool);
    const first = await start("Write it");
    await work(first.runId, given);
    const [asked] = await pending();
    expect(asked?.grantable).toEqual([{ argument: "n", label: "n", value: "7" }]);
    await decideApproval(person.viewer, asked?.approvalId ?? "", { decision: "allow", always: { only: ["n"] } });
    await work(first.runId, given);
    expect((await run("Again", given)).view.status).toBe("done");
    expect(write.seen).toHaveLength(2);
    expect(await listGrants(person.viewer)).toMatchObject([
      { tool: "b_o", uses: 1, rules: [{ argument: "n", equals: 7 }] },
    ]);
    const other = ports(
      (step) => (step === 0 ? { calls: [{ tool: "b_o", input: { n: 8 } }] } : { text: "Ok." }),
      [write.tool],
    );
    expect((await run("Another", other.given)).view.status).toBe("waiting");
    const page = probe("page", "read", () => ({ kind: "done", output: "x", tainted: true, source: "evil.example" }));
    const tainted = ports(
      (step) =>
        [{ calls: [{ tool: "page", input: {} }] }, { calls: [{ tool: "b_o", input: { n: 7 } }] }][step] ?? {
          text: "Ok.",
        },
      [page.tool, write.tool],
    );
    expect((await run("Read that page", tainted.given)).view.status).toBe("waiting");
    expect((await pending())[0]).toMatchObject({ taintedBy: "evil.example" });
    expect((await pending())[0]?.grantable).toBeUndefined();
    expect(write.seen).toHaveLength(2);
  });

  it("taken back give nothing any more, and a new version of the module has none", async () => {
    const write = moduleWrite();
    const { given } = withWrite(write.tool);
    const { runId } = await start("Write it");
    await work(runId, given);
    const [asked] = await pending();
    await decideApproval(person.viewer, asked?.approvalId ?? "", { decision: "allow", always: { only: [] } });
    await work(runId, given);
    const upgraded = withWrite({ ...write.tool, source: { ...moduleSource, digest: "sha256:2" } });
    expect((await run("Upgraded", upgraded.given)).view.status).toBe("waiting");
    const [grant] = await listGrants(person.viewer);
    await revokeGrant(person.viewer, grant?.grantId ?? "");
    expect((await run("Again", given)).view.status).toBe("waiting");
    expect(write.seen).toHaveLength(1);
  });

  it('offer no "always" for what destroys, and take none', async () => {
    const write = moduleWrite();
    const { given } = withWrite({ ...write.tool, effect: "destroy" });
    const { runId } = await start("Delete it");
    await work(runId, given);
    const [asked] = await pending();
    expect(asked?.grantable).toBeUndefined();
    const answer = { decision: "allow" as const, always: { only: [] } };
    await expect(decideApproval(person.viewer, asked?.approvalId ?? "", answer)).rejects.toMatchObject({
      code: "invalid",
    });
    expect(await pending()).toHaveLength(1);
  });
});
