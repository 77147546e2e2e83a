import { describe, expect, it } from "vitest";
import type { Tool } from "@/lib/contracts/tool";
import { asSystem } from "@/lib/contracts/viewer";
import { claimRun, workerName } from "@/lib/db/claims";
import { pool } from "@/lib/db/client";
import { LostRunError, readAllEvents } from "@/lib/db/events";
import { requestStop } from "@/lib/db/runs";
import { RunInterrupt } from "./replay";
import { noUsage } from "./testing";
import { done, person, ports, probe, start, setUpLoop, work } from "./testing-loop";

setUpLoop();

describe("stop", () => {
  it("ends a stream that ignores its signal and keeps the partial text", async () => {
    const { runId } = await start("Tell me a story");
    const { given } = ports(() => ({
      parts: async function* () {
        yield { type: "text-delta", id: "1", delta: "Once upon " };
        yield { type: "text-delta", id: "1", delta: "a time" };
        await requestStop(person.viewer, runId);
        interrupt.abort(new RunInterrupt("stop"));
        await new Promise(() => undefined); // never ends by itself
      },
    }));
    const interrupt = new AbortController();
    expect(await work(runId, given, interrupt)).toMatchObject({
      status: "stopped",
      answer: "Once upon a time",
      error: null,
    });
  });

  it("is noticed at the next write without any notification", async () => {
    const { runId } = await start("Go");
    const { given, calls } = ports(() => ({
      parts: async function* () {
        await requestStop(person.viewer, runId);
        yield { type: "text-delta", id: "1", delta: "some text" };
        yield { type: "tool-call", toolCallId: "c1", toolName: "current_time", input: "{}" };
        yield { type: "finish", finishReason: { unified: "tool-calls", raw: undefined }, usage: noUsage };
      },
    }));
    expect(await work(runId, given)).toMatchObject({ status: "stopped", answer: "some text" });
    expect(calls).toHaveLength(1);
  });

  it("lets an effect that has begun finish and be recorded, and starts none after it", async () => {
    const { runId } = await start("Go");
    const interrupt = new AbortController();
    const write = probe("write_a", "write", async () => {
      await requestStop(person.viewer, runId);
      interrupt.abort(new RunInterrupt("stop"));
      return done("written");
    });
    const { given } = ports(
      () => ({
        calls: [
          { tool: "write_a", input: { n: 1 } },
          { tool: "write_a", input: { n: 2 } },
        ],
      }),
      [write.tool],
    );
    const view = await work(runId, given, interrupt);
    expect(view.status).toBe("stopped");
    expect(view.toolCalls.map((call) => call.status)).toEqual(["done", "stopped"]);
    expect(write.seen.map((call) => call.n)).toEqual([1]);
  });
});

describe("taking a run over", () => {
  it("repeats no recorded step and no recorded call", async () => {
    const read = probe("read_a", "read", () => done("value"));
    const { runId } = await start("Go");
    const first = ports(
      (step) => (step === 0 ? { calls: [{ tool: "read_a", input: {} }] } : { error: new Error("never") }),
      [read.tool],
    );
    const crashed = {
      ...first.given,
      resolveModel: async () => {
        if (read.seen.length > 0) throw new LostRunError(runId); // the worker is gone after the call was recorded
        return first.given.resolveModel(person.viewer, "assistant");
      },
    };
    await expect(work(runId, crashed)).rejects.toBeInstanceOf(LostRunError);
    const second = ports(
      (step) => (step === 1 ? { text: "Answer." } : { error: new Error("step 1 was asked again") }),
      [read.tool],
    );
    expect(await work(runId, second.given)).toMatchObject({ status: "done", answer: "Answer." });
    expect(read.seen).toHaveLength(1);
    expect(second.calls).toHaveLength(1);
  });

  it("writes nothing once the claim is lost", async () => {
    const { runId, conversationId } = await start("Go");
    const { given } = ports(() => ({
      parts: async function* () {
        yield { type: "text-delta", id: "1", delta: "mine" };
        expect(await claimRun(asSystem("worker"), workerName(2))).toMatchObject({ runId });
        yield { type: "text-delta", id: "1", delta: "x".repeat(5000) };
        yield { type: "finish", finishReason: { unified: "stop", raw: undefined }, usage: noUsage };
      },
    }));
    await expect(work(runId, given)).rejects.toBeInstanceOf(LostRunError);
    const events = await readAllEvents(person.viewer, conversationId);
    expect(events.at(-1)).toMatchObject({ type: "run-claimed", payload: { worker: workerName(2) } });
  });
});

describe("effects", () => {
  it("whose outcome is unknown after a crash are not tried again, and the person is told", async () => {
    const write = probe("write_a", "write", () => done("second time"));
    const { runId } = await start("Go");
    const crash = probe("write_a", "write", async (_input, { runId: id }) => {
      throw new LostRunError(id); // the process ends between the call and its record
    });
    const script = (tool: Tool) =>
      ports((step) => (step === 0 ? { calls: [{ tool: "write_a", input: {} }] } : { text: "Look." }), [tool]).given;
    await expect(work(runId, script(crash.tool))).rejects.toBeInstanceOf(LostRunError);
    const view = await work(runId, script(write.tool));
    expect(view).toMatchObject({
      status: "done",
      toolCalls: [{ status: "failed", error: expect.stringContaining("cannot tell whether it happened") }],
    });
    expect([crash.seen.length, write.seen.length]).toEqual([1, 0]);
    const { rows } = await pool().query(`SELECT state FROM "Effect" WHERE "runId" = $1`, [runId]);
    expect(rows).toEqual([{ state: "unknown" }]);
  });

  it("that may be repeated are repeated under the same key", async () => {
    const { runId } = await start("Go");
    const keyed = (tool: Tool): Tool => ({ ...tool, idempotency: "keyed" });
    const crash = probe("write_a", "write", async () => Promise.reject(new LostRunError(runId)));
    const write = probe("write_a", "write", () => done("once"));
    const script = (tool: Tool) =>
      ports((step) => (step === 0 ? { calls: [{ tool: "write_a", input: {} }] } : { text: "Ok." }), [tool]).given;
    await expect(work(runId, script(keyed(crash.tool)))).rejects.toBeInstanceOf(LostRunError);
    expect(await work(runId, script(keyed(write.tool)))).toMatchObject({
      toolCalls: [{ status: "done", output: "once" }],
    });
    expect(write.seen[0]?.key).toBe(crash.seen[0]?.key);
  });

  it("that were done are not done again when only their record was lost", async () => {
    const { runId } = await start("Go");
    const write = probe("write_a", "write", async () => {
      // Another worker takes the run while the effect is under way: its outcome is known, its event is refused.
      await pool().query(`UPDATE "Run" SET fence = fence + 1 WHERE id = $1`, [runId]);
      return done("written");
    });
    const { given } = ports(
      (step) => (step === 0 ? { calls: [{ tool: "write_a", input: {} }] } : { text: "Ok." }),
      [write.tool],
    );
    await expect(work(runId, given)).rejects.toBeInstanceOf(LostRunError);
    expect(await work(runId, given)).toMatchObject({
      status: "done",
      toolCalls: [{ status: "done", output: "written" }],
    });
    expect(write.seen).toHaveLength(1);
  });
});
