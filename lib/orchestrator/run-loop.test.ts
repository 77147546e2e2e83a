import { APICallError } from "@ai-sdk/provider";
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { asSystem } from "@/lib/contracts/viewer";
import { claimRun, postponeRun, workerName } from "@/lib/db/claims";
import { pool } from "@/lib/db/client";
import { readAllEvents } from "@/lib/db/events";
import { getRunView } from "@/lib/db/run-view";
import { currentTime } from "@/lib/tools/builtin/current-time";
import type { ResolvedModel } from "./ports";
import { noUsage } from "./testing";
import { PostponeError } from "./replay";
import { runChat } from "./run-loop";
import { done, person, ports, probe, run, setUpLoop, start } from "./testing-loop";

setUpLoop();

describe("a chat run", () => {
  it("goes model, tool, model and ends with the answer", async () => {
    const { given, calls } = ports((step) =>
      step === 0
        ? { text: "Let me look.", calls: [{ tool: "current_time", input: { time_zone: "UTC" } }] }
        : { text: ["It is ", "late."] },
    );
    const { view, events } = await run("What time is it?", given);
    expect(view.error).toBeNull();
    expect(view.status).toBe("done");
    expect(view.answer).toBe("Let me look.\n\nIt is late.");
    expect(view.toolCalls).toMatchObject([{ tool: "current_time", status: "done", output: { time_zone: "UTC" } }]);
    expect(view.usage).toEqual({ inputTokens: 20, outputTokens: 10 });
    expect(calls).toHaveLength(2);
    expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
  });

  it("answers the second question with the first turn in view", async () => {
    const { given, calls } = ports(() => ({ text: "Yes." }));
    const { conversationId } = await run("First?", given);
    await run("Second?", given, conversationId);
    expect(calls[1]?.prompt.map((message) => message.role)).toEqual(["system", "user", "assistant", "user"]);
  });

  it("runs reads side by side and effects one by one, in the model's order", async () => {
    const log: string[] = [];
    let both: () => void = () => undefined;
    const together = new Promise<void>((resolve) => {
      both = resolve;
    });
    const read = probe("read_a", "read", async ({ n }) => {
      log.push(`read ${n}`);
      if (log.length === 2) both();
      await together; // ends only when the other one has begun, too
      return done(n);
    });
    const write = probe("write_a", "write", async ({ n }) => {
      log.push(`begin ${n}`);
      await Promise.resolve();
      log.push(`end ${n}`);
      return done(n);
    });
    const { given } = ports(
      (step) =>
        step === 0
          ? {
              calls: ["read_a", "read_a", "write_a", "write_a", "read_a"].map((tool, n) => ({
                tool,
                input: { n },
              })),
            }
          : { text: "Done." },
      [read.tool, write.tool],
    );
    const { view } = await run("Go", given);
    expect(view.toolCalls.map((call) => [call.status, call.output])).toEqual([0, 1, 2, 3, 4].map((n) => ["done", n]));
    expect(log.slice(0, 2).sort()).toEqual(["read 0", "read 1"]);
    expect(log.slice(2)).toEqual(["begin 2", "end 2", "begin 3", "end 3", "read 4"]);
  });

  it("gives wrong arguments, unknown tools and failing tools back to the model", async () => {
    const failing = probe("fails", "read", () => Promise.reject(new Error("secret detail")));
    const { given, calls } = ports(
      (step) =>
        step === 0
          ? {
              calls: [
                { tool: "current_time", input: { zone: 1 } },
                { tool: "no_such_tool", input: {} },
                { tool: "fails", input: {} },
                { tool: "current_time", input: "not an object" },
              ],
            }
          : { text: "Sorry." },
      [currentTime, failing.tool],
    );
    const { view } = await run("Go", given);
    expect(view.status).toBe("done");
    expect(view.toolCalls.map((call) => call.status)).toEqual(["failed", "failed", "failed", "failed"]);
    expect(view.toolCalls[1]?.error).toContain("current_time");
    const seen = JSON.stringify(calls[1]?.prompt);
    expect(seen).toContain("Unrecognized key");
    expect(seen).toContain("not a JSON object");
    expect(seen).not.toContain("secret detail");
  });

  it("gives repeated or odd call ids new ones, so that results never mix", async () => {
    const { given } = ports((step) =>
      step < 2
        ? {
            calls: [
              { id: "same", tool: "current_time", input: {} },
              { id: "not ok!", tool: "current_time", input: {} },
            ],
          }
        : { text: "Ok." },
    );
    const { view } = await run("Go", given);
    const ids = view.toolCalls.map((call) => call.callId);
    expect(ids[0]).toBe("same");
    expect(new Set(ids).size).toBe(4);
    expect(view.toolCalls.every((call) => call.status === "done")).toBe(true);
  });

  it.each([
    ["steps", { steps: 2, toolCalls: 9, tokens: 999, wallMs: 99_999 }],
    ["toolCalls", { steps: 9, toolCalls: 1, tokens: 999, wallMs: 99_999 }],
    ["tokens", { steps: 9, toolCalls: 9, tokens: 20, wallMs: 99_999 }],
  ] as const)("ends at its bound on %s, by that name", async (bound, budget) => {
    const { given } = ports(
      () => ({ text: "Again.", calls: [{ tool: "current_time", input: {} }] }),
      [currentTime],
      budget,
    );
    const { view } = await run("Go", given);
    expect(view).toMatchObject({ status: "budget_exhausted", error: { code: bound } });
    expect(view.answer).toContain("Again.");
  });

  it("ends at its bound on time also when it says nothing and only reads", async () => {
    const budget = { steps: 99, toolCalls: 99, tokens: 9999, wallMs: 20 };
    const { given } = ports(() => ({ calls: [{ tool: "current_time", input: {} }] }), [currentTime], budget);
    const { view } = await run("Go", given);
    expect(view).toMatchObject({ status: "budget_exhausted", error: { code: "wallMs" } });
  });

  it("writes a quick step and a quick read as one event each", async () => {
    // However slow the machine is: the moment after which a beginning is written for itself never passes.
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    try {
      const { given } = ports((step) =>
        step === 0 ? { calls: [{ tool: "current_time", input: {} }] } : { text: "Ok." },
      );
      const { view, events } = await run("Go", given);
      expect(view).toMatchObject({ answer: "Ok.", steps: [{ step: 1 }, { step: 2 }], toolCalls: [{ status: "done" }] });
      expect(events.map(({ type }) => type)).toEqual([
        ...["message-sent", "run-claimed", "step-finished", "tool-finished"],
        ...["step-started", "text-appended", "step-finished", "run-finished"],
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("shows a slow read while it is at work", async () => {
    const typesOf = async (conversationId: string) =>
      (await readAllEvents(asSystem("test"), conversationId)).map(({ type }) => type);
    const slow = probe("slow", "read", async (_input, { conversationId }) => {
      await expect.poll(() => typesOf(conversationId)).toContain("tool-started");
      return done(0);
    });
    const { given } = ports(
      (step) => (step === 0 ? { calls: [{ tool: "slow", input: {} }] } : { text: "Ok." }),
      [slow.tool],
    );
    const { view, events } = await run("Go", given);
    expect(view.toolCalls).toMatchObject([{ status: "done", output: 0 }]);
    expect(events.filter(({ type }) => type === "tool-started")).toHaveLength(1);
  });

  it("begins an effect only when the step that asks for it is stored", async () => {
    const stored: string[][] = [];
    const { tool } = probe("act", "write", async (_input, { conversationId }) => {
      stored.push((await readAllEvents(asSystem("test"), conversationId)).map(({ type }) => type));
      return done(0);
    });
    const { given } = ports((step) => (step === 0 ? { calls: [{ tool: "act", input: {} }] } : { text: "Ok." }), [tool]);
    await run("Go", given);
    expect(stored).toEqual([expect.arrayContaining(["step-finished", "tool-started"])]);
  });

  it.each(["waits itself", "holds its requests"])(
    "asks the model again only when the step before is stored, where the model %s",
    async (how) => {
      const order: string[] = [];
      const query = pool().query.bind(pool());
      const slowly = async (statement: { name?: string; values?: unknown[] }) => {
        const isStep = statement.name === "append-one" && String(statement.values?.[7]).includes("step-finished");
        // Many turns of this thread, in which nobody may go on.
        for (let turn = 0; isStep && turn < 100; turn++) await nextTurn();
        const result = await query(statement as never);
        if (isStep) order.push("stored");
        return result;
      };
      const slow = vi.spyOn(pool(), "query").mockImplementation(slowly as never);
      let isReady: () => Promise<void> = async () => undefined;
      const { given } = ports(
        (step) => ({
          parts: async function* () {
            await isReady();
            order.push("asked");
            if (step < 2) yield { type: "tool-call", toolCallId: `c${step}`, toolName: "look", input: "{}" };
            else yield { type: "text-delta", id: "1", delta: "Late." };
            yield { type: "finish", finishReason: { unified: "stop", raw: undefined }, usage: noUsage };
          },
        }),
        [
          probe("look", "read", () => {
            order.push("read");
            return done(0);
          }).tool,
        ],
      );
      const holdRequests: ResolvedModel["holdRequests"] = (until, call) => {
        isReady = until;
        return call();
      };
      const resolve = given.resolveModel;
      if (how === "holds its requests")
        given.resolveModel = async (...asked) => ({ ...(await resolve(...asked)), holdRequests });
      expect((await run("What time is it?", given)).view).toMatchObject({ status: "done" });
      slow.mockRestore();
      // The read runs meanwhile, and nothing else does.
      expect(order).toEqual(["asked", "read", "stored", "asked", "read", "stored", "asked", "stored"]);
    },
  );
});

describe("faults of the model", () => {
  const apiError = (statusCode: number, retryAfter = "0") =>
    new APICallError({
      message: "provider says sk-secret",
      url: "http://x",
      requestBodyValues: {},
      statusCode,
      responseHeaders: { "retry-after": retryAfter },
    });

  it("are tried again when they may pass; the person sees only the attempt that counts", async () => {
    const { given } = ports((_step, call) =>
      call === 1
        ? {
            parts: async function* () {
              yield { type: "text-delta", id: "1", delta: "Half a " };
              throw apiError(503);
            },
          }
        : { text: "Whole." },
    );
    const { view, events } = await run("Go", given);
    expect(view).toMatchObject({ status: "done", answer: "Whole.", steps: [{ attempts: 2 }] });
    expect(JSON.stringify(events)).toContain("Half a ");
  });

  it.each([
    [401, "auth-required", 1],
    [400, "invalid", 1],
    [429, "rate-limited", 3],
    [500, "unavailable", 3],
  ])("end the run with who failed and what to do: %i", async (status, code, tries) => {
    const { given, calls } = ports(() => ({ error: apiError(status) }));
    const { view, events } = await run("Go", given);
    expect(view).toMatchObject({
      status: "failed",
      error: { code, message: expect.stringContaining("Scripted"), hint: expect.stringMatching(/./) },
    });
    expect(calls).toHaveLength(tries);
    expect(JSON.stringify(events)).not.toContain("sk-secret");
  });

  it("are not asked for patience for ever, however quickly they refuse: every claim's attempt counts", async () => {
    const { given, calls } = ports(() => ({ error: apiError(429, "2") }));
    const { runId } = await start("Go");
    const system = asSystem("worker");
    for (let claims = 1; (await getRunView(person.viewer, runId)).status === "queued"; claims++) {
      expect(claims).toBeLessThan(9);
      const claimed = await claimRun(system, workerName(1));
      if (!claimed) throw new Error("nothing to claim");
      await runChat(claimed, given, new AbortController()).catch((cause: unknown) => {
        expect(cause).toBeInstanceOf(PostponeError);
        return postponeRun(system, claimed, 0);
      });
    }
    expect(await getRunView(person.viewer, runId)).toMatchObject({ status: "failed", error: { code: "rate-limited" } });
    expect(calls).toHaveLength(6);
  });

  it("include saying nothing at all, and a fault inside the stream", async () => {
    const { given } = ports((_step, call) =>
      call === 1
        ? { text: "" }
        : call === 2
          ? { parts: () => [{ type: "error", error: apiError(500) }] }
          : { text: "There." },
    );
    expect((await run("Go", given)).view).toMatchObject({
      status: "done",
      answer: "There.",
      steps: [{ attempts: 3 }],
    });
  });
});
