import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AppError, type ErrorCode } from "@/lib/contracts/errors";
import type { Tool } from "@/lib/contracts/tool";
import { decideApproval, listApprovals } from "@/lib/db/approvals";
import { pool } from "@/lib/db/client";
import { LostRunError } from "@/lib/db/events";
import { requestStop } from "@/lib/db/runs";
import { done, moduleSource, person, ports, probe, start, setUpLoop, work } from "./testing-loop";

setUpLoop();

const script = (...tools: Tool[]) =>
  ports((step) => (step === 0 ? { calls: [{ tool: "write_a", input: { n: 1 } }] } : { text: "All right." }), tools)
    .given;
const keyed = (tool: Tool): Tool => ({ ...tool, idempotency: "keyed" });
/** The process ends between the call and its record. */
const crash = () => probe("write_a", "write", async (_input, { runId }) => Promise.reject(new LostRunError(runId)));
const fail = (code: ErrorCode) => Promise.reject(new AppError(code, "It said no."));

async function stateOf(runId: string) {
  const { rows } = await pool().query<{ state: string }>(`SELECT state FROM "Effect" WHERE "runId" = $1`, [runId]);
  return rows.map(({ state }) => state);
}
async function answer(decision: "happened" | "allow") {
  const [asked] = await listApprovals(person.viewer, { state: "pending" });
  if (!asked) throw new Error("nothing was asked");
  await decideApproval(person.viewer, asked.approvalId, { decision });
  return asked;
}
async function die(runId: string, ...tools: Tool[]) {
  await expect(work(runId, script(...tools))).rejects.toBeInstanceOf(LostRunError);
}

describe("an effect that may have happened", () => {
  it.each(["rate-limited", "auth-expired", "not-found", "conflict"] as const)(
    "in a try without an answer is not undone because a second one is refused as %s",
    async (code) => {
      let tries = 0;
      const write = probe("write_a", "write", () => fail(++tries === 1 ? "unavailable" : code));
      const { runId } = await start("Go");
      expect(await work(runId, script(keyed(write.tool)))).toMatchObject({ status: "waiting" });
      expect(write.seen).toHaveLength(2);
      expect(await stateOf(runId)).toEqual(["unknown"]);
      expect(await listApprovals(person.viewer, { state: "pending" })).toMatchObject([{ kind: "outcome" }]);
    },
  );

  it("before a crash is not undone because its repetition is refused", async () => {
    const { runId } = await start("Go");
    await die(runId, keyed(crash().tool));
    const write = probe("write_a", "write", () => fail("auth-expired"));
    expect(await work(runId, script(keyed(write.tool)))).toMatchObject({ status: "waiting" });
    expect(await stateOf(runId)).toEqual(["unknown"]);
  });

  it("is not certain where the answer cannot be read", async () => {
    const write = probe("write_a", "write", () => done("not a number"));
    const { runId } = await start("Go");
    const view = await work(runId, script({ ...write.tool, output: z.number() }));
    expect(view).toMatchObject({ status: "waiting" });
    expect(await stateOf(runId)).toEqual(["unknown"]);
  });

  it("is undone where its only try was refused", async () => {
    const write = probe("write_a", "write", () => fail("rate-limited"));
    const { runId } = await start("Go");
    expect(await work(runId, script(keyed(write.tool)))).toMatchObject({ status: "done" });
    expect(write.seen).toHaveLength(1);
    expect(await stateOf(runId)).toEqual(["undone"]);
  });
});

describe("an effect that began", () => {
  const at = (digest: string, tool: Tool): Tool => ({ ...tool, source: { ...moduleSource, digest } });

  it("is what the person says it is, also when its tool is gone", async () => {
    const { runId } = await start("Go");
    await die(runId, crash().tool);
    await work(runId, script(crash().tool));
    await answer("happened");
    const view = await work(runId, script());
    expect(view).toMatchObject({ status: "done", toolCalls: [{ status: "done" }] });
    expect(await stateOf(runId)).toEqual(["done"]);
  });

  it("is what the person says it is, also when its module has a new version", async () => {
    const { runId } = await start("Go");
    await work(runId, script(at("sha256:1", crash().tool)));
    await answer("allow");
    await die(runId, at("sha256:1", crash().tool));
    await work(runId, script(at("sha256:1", crash().tool)));
    expect((await answer("happened")).kind).toBe("outcome");
    const write = probe("write_a", "write", () => done("again"));
    const view = await work(runId, script(at("sha256:2", write.tool)));
    expect(view).toMatchObject({ status: "done", toolCalls: [{ status: "done" }] });
    expect(write.seen).toHaveLength(0);
  });

  it("is not begun anew where its arguments mean something else by now; that nobody knows is told", async () => {
    const { runId } = await start("Go");
    await die(runId, crash().tool);
    const write = probe("write_a", "write", () => done("again"));
    const input = z.strictObject({ n: z.number().optional(), m: z.number().default(1) });
    const view = await work(runId, script({ ...write.tool, input }));
    expect(view).toMatchObject({ status: "done", toolCalls: [{ status: "failed" }] });
    expect(view.toolCalls[0]?.error).toMatch(/cannot tell whether it happened. What would do it was changed/);
    expect(write.seen).toHaveLength(0);
    expect(await stateOf(runId)).toEqual(["unknown"]);
  });

  it("means the same in every try, whatever its words would mean by then", async () => {
    const met: unknown[] = [];
    let looks = 0;
    const meant = (tool: Tool): Tool => ({
      ...keyed(tool),
      inspect: async () => ({ state: "s", lines: [], target: { event: ++looks } }),
    });
    const meet = (act: Tool["execute"]) =>
      meant({
        ...probe("write_a", "write", () => done(null)).tool,
        execute: async (input, context) => {
          met.push(context.target);
          return act(input, context);
        },
      });
    const { runId } = await start("Go");
    await die(
      runId,
      meet(async (_input, context) => Promise.reject(new LostRunError(context.runId))),
    );
    expect(await work(runId, script(meet(async () => done("once"))))).toMatchObject({ status: "done" });
    expect(met).toEqual([{ event: 1 }, { event: 1 }]);
  });

  it("under a version that kept no meaning is put to the person, and then means what it means now", async () => {
    const { runId } = await start("Go");
    await die(runId, keyed(crash().tool));
    const write = probe("write_a", "write", (_input, { target }) => done(target));
    const inspect = async () => ({ state: "s", lines: [], target: "the next one" });
    const tool = { ...keyed(write.tool), inspect };
    expect(await work(runId, script(tool))).toMatchObject({ status: "waiting" });
    await answer("allow");
    expect(await work(runId, script(tool))).toMatchObject({ toolCalls: [{ status: "done", output: "the next one" }] });
  });
});

describe("after Stop", () => {
  it("an effect whose intent was being written does not begin, and nothing is left of it", async () => {
    const write = probe("write_a", "write", () => done("sent"));
    const { runId } = await start("Go");
    await stopAsIntentIsWritten(async () => {
      expect(await work(runId, script(write.tool))).toMatchObject({ status: "stopped" });
    });
    expect(write.seen).toHaveLength(0);
    expect(await stateOf(runId)).toEqual([]);
  });

  it("a call without an answer is not sent again", async () => {
    const write = probe("write_a", "write", async (_input, { runId }) => {
      await requestStop(person.viewer, runId);
      interrupt.abort(new Error("stopped"));
      return fail("unavailable");
    });
    const interrupt = new AbortController();
    const { runId } = await start("Go");
    await work(runId, script(keyed(write.tool)), interrupt).catch(() => null);
    expect(write.seen).toHaveLength(1);
    expect(await stateOf(runId)).toEqual(["unknown"]);
  });
});

/** Stop is committed after the loop's last look at its signal, together with the intent. */
async function stopAsIntentIsWritten(act: () => Promise<void>) {
  await pool().query(`CREATE FUNCTION stop_run() RETURNS trigger LANGUAGE plpgsql AS $f$
    BEGIN UPDATE "Run" SET "stopRequestedAt" = clock_timestamp() WHERE id = NEW."runId"; RETURN NEW; END $f$`);
  await pool().query(`CREATE TRIGGER stop_run BEFORE INSERT ON "Effect" FOR EACH ROW EXECUTE FUNCTION stop_run()`);
  try {
    await act();
  } finally {
    await pool().query(`DROP TRIGGER stop_run ON "Effect"`);
    await pool().query(`DROP FUNCTION stop_run()`);
  }
}
