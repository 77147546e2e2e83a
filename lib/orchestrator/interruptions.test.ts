import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { AppError } from "@/lib/contracts/errors";
import { asSystem } from "@/lib/contracts/viewer";
import { listApprovals } from "@/lib/db/approvals";
import { claimRun, workerName } from "@/lib/db/claims";
import { pool } from "@/lib/db/client";
import { LostRunError, readAllEvents } from "@/lib/db/events";
import { requestStop } from "@/lib/db/runs";
import { loadWebPage } from "@/lib/tools/builtin/load-web-page";
import { RunInterrupt } from "./replay";
import { noUsage } from "./testing";
import { done, person, ports, probe, refuseEvents, start, setUpLoop, work } from "./testing-loop";

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

describe("stopping a read", () => {
  it("ends its request on the wire: the other side sees the connection close", async () => {
    const arrived = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    // It never answers.
    const server = createServer((request) => {
      request.socket.once("close", () => closed.resolve());
      arrived.resolve();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    vi.stubEnv("BURGEON_EGRESS_ALLOW", `127.0.0.1:${port}`);
    const { runId } = await start("Read that page");
    const interrupt = new AbortController();
    const { given } = ports(
      () => ({ calls: [{ tool: "load_web_page", input: { url: `http://127.0.0.1:${port}/` } }] }),
      [loadWebPage],
    );
    const view = work(runId, given, interrupt);
    await arrived.promise;
    await requestStop(person.viewer, runId);
    interrupt.abort(new RunInterrupt("stop"));
    expect(await view).toMatchObject({ status: "stopped", toolCalls: [{ status: "stopped" }] });
    await closed.promise;
    server.close();
  });
});

describe("taking a run over", () => {
  it("repeats no recorded step and no recorded call", async () => {
    const read = probe("read_a", "read", () => done("value"));
    const { runId } = await start("Go");
    const dying = async function* (): AsyncGenerator<LanguageModelV4StreamPart> {
      yield { type: "text-delta", id: "1", delta: "Half an" };
      throw new LostRunError(runId);
    };
    const first = ports(
      // The worker is gone when the model has begun to answer: what the call found was written with its first word.
      (step) => (step === 0 ? { calls: [{ tool: "read_a", input: {} }] } : { parts: dying }),
      [read.tool],
    );
    await expect(work(runId, first.given)).rejects.toBeInstanceOf(LostRunError);
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

describe("a log that is damaged", () => {
  it("ends its run as dead with a reason; no model is asked and nothing is repeated", async () => {
    const { runId, conversationId } = await start("Go");
    await pool().query(`ALTER TABLE "Event" DISABLE TRIGGER USER`);
    await pool().query(`UPDATE "Event" SET payload = '{"via":"api","text":"Send it"}' WHERE "conversationId" = $1`, [
      conversationId,
    ]);
    await pool().query(`ALTER TABLE "Event" ENABLE TRIGGER USER`);
    const { given, calls } = ports(() => ({ text: "Sent." }));
    expect(await work(runId, given)).toMatchObject({
      status: "dead",
      answer: "",
      error: { message: expect.stringContaining("is damaged"), hint: expect.any(String) },
    });
    expect(calls).toHaveLength(0);
  });
});

describe("a write that the database refuses for good", () => {
  it("ends the run with a reason: it is not taken again, and the model is asked once", async () => {
    const { runId } = await start("Go");
    const { given, calls } = ports(() => ({ text: "Hello" }));
    const accept = await refuseEvents(`NEW.type = 'text-appended'`);
    const view = await work(runId, given).finally(accept);
    expect(view).toMatchObject({ status: "failed", error: { code: "unavailable", hint: expect.any(String) } });
    expect(calls).toHaveLength(1);
    expect(await claimRun(asSystem("worker"), workerName(2))).toBeNull();
  });

  it("does not silence an effect of which nobody knows whether it happened", async () => {
    const write = probe("write_a", "write", async (_input, { progress }) => {
      progress("Half way");
      await pause(400); // longer than a line of progress waits to be written
      throw new AppError("unavailable", "It took too long.");
    });
    const { runId } = await start("Go");
    const { given } = ports(() => ({ calls: [{ tool: "write_a", input: {} }] }), [write.tool]);
    const accept = await refuseEvents(`NEW.type = 'tool-progressed'`);
    const view = await work(runId, given).finally(accept);
    expect(view).toMatchObject({ status: "failed", toolCalls: [{ status: "failed" }] });
    expect(view.toolCalls[0]?.error).toMatch(/cannot tell whether it happened/);
    expect(write.seen).toHaveLength(1);
    expect(await listApprovals(person.viewer, { state: "pending" })).toEqual([]);
  });
});
