import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { isFinished } from "@/lib/contracts/run";
import { asSystem, type Viewer } from "@/lib/contracts/viewer";
import { claimRun, workerName } from "@/lib/db/claims";
import { decideApproval, listApprovals } from "@/lib/db/approvals";
import { dedicatedConnection, pool } from "@/lib/db/client";
import { readAllEvents } from "@/lib/db/events";
import { getRunView } from "@/lib/db/run-view";
import { createRun, getRun, requestStop } from "@/lib/db/runs";
import { testDatabase, testUser } from "@/lib/db/testing";
import { noUsage, scriptedModel } from "@/lib/orchestrator/testing";
import { startWorker } from "./start-worker";
import { finalAnswer, type TestWorkerOptions, testPorts } from "./testing-worker";

// In the checkout, so that packages are found; in a cache, so that nobody commits it.
const bundle = join(process.cwd(), "node_modules", ".cache", `burgeon-test-worker-${process.pid}.mjs`);
const folder = mkdtempSync(join(tmpdir(), "burgeon-worker-"));
const children: ChildProcess[] = [];
let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let files = 0;

beforeAll(async () => {
  database = await testDatabase();
  viewer = await testUser();
  await build({
    entryPoints: [join(process.cwd(), "lib/worker/testing-worker.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    logLevel: "error",
  });
});
afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});
afterAll(async () => {
  rmSync(bundle, { force: true });
  rmSync(folder, { recursive: true, force: true });
  await database.close();
});

function options(script: TestWorkerOptions["script"], killAt: TestWorkerOptions["killAt"] = null): TestWorkerOptions {
  files += 1;
  return { callsFile: join(folder, `calls-${files}`), killAt, script };
}

function spawnWorker(given: TestWorkerOptions) {
  const child = spawn(process.execPath, [bundle, JSON.stringify(given)], {
    env: { ...process.env, DATABASE_URL: database.url, LOG_LEVEL: "silent" },
    stdio: "inherit",
  });
  children.push(child);
  return { child, ended: once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]> };
}

const start = () => createRun(viewer, { message: "Go", via: "api" });
const callsOf = (given: TestWorkerOptions, tool: string) =>
  existsSync(given.callsFile)
    ? readFileSync(given.callsFile, "utf8")
        .split("\n")
        .filter((line) => line === tool).length
    : 0;

/** Looks on the other side when Burgeon asks whether an interrupted letter was sent, and answers what is true. */
async function answerTruthfully(given: TestWorkerOptions): Promise<void> {
  for (const { approvalId, kind } of await listApprovals(viewer, { state: "pending" })) {
    expect(kind).toBe("outcome");
    await decideApproval(viewer, approvalId, { decision: callsOf(given, "send_letter") > 0 ? "happened" : "allow" });
  }
}

async function finished(runId: string, withinMs = 10_000) {
  await expect
    .poll(async () => isFinished((await getRun(viewer, runId)).status), { timeout: withinMs, interval: 20 })
    .toBe(true);
  return getRunView(viewer, runId);
}

// How the last deltas are gathered varies by a write: the answer's run takes 11 to 16 of them, and 18 must be past its end.
const writesOfARun = 17;

async function waitingWatchers(): Promise<number> {
  const { rows } = await pool().query(
    `SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
  );
  return rows[0].n;
}

describe("a worker killed with -9", () => {
  const points = Array.from({ length: writesOfARun }, (_, index) => index + 1).flatMap((statement) =>
    (["before", "after"] as const).map((when) => ({ statement, when })),
  );

  it.each(points)(
    "$when write $statement of a run: the next one gives one answer, repeats no record and no effect",
    async (killAt) => {
      const given = options("tools", killAt);
      const { runId, conversationId } = await start();
      const doomed = spawnWorker(given);
      const [, signal] = await Promise.race([doomed.ended, finished(runId).then(() => [null, "none"] as const)]);
      if (killAt.statement <= 10) expect(signal).toBe("SIGKILL");
      const restartedAt = performance.now();
      const next = await startWorker(testPorts({ ...given, killAt: null }), 2);
      await expect
        .poll(
          async () => {
            await answerTruthfully(given);
            return isFinished((await getRun(viewer, runId)).status);
          },
          { timeout: 10_000, interval: 20 },
        )
        .toBe(true);
      const view = await getRunView(viewer, runId);
      expect(performance.now() - restartedAt).toBeLessThan(5000);
      await next.stop();

      expect(view.answer).toBe(finalAnswer);
      expect(view.status).toBe("done");
      expect(callsOf(given, "send_letter")).toBe(1);
      expect(callsOf(given, "look_up")).toBeLessThanOrEqual(2);
      const events = await readAllEvents(viewer, conversationId);
      expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
      for (const type of ["tool-finished", "step-finished", "run-finished"] as const) {
        const ids = events
          .filter((event) => event.type === type)
          .map((event) => ("callId" in event.payload ? event.payload.callId : JSON.stringify(event.payload)));
        expect(new Set(ids).size).toBe(ids.length);
      }
      expect(events.filter((event) => event.type === "run-finished")).toHaveLength(1);
      expect(view.toolCalls.map(({ status }) => status)).toEqual(["done", "done"]);
    },
  );

  it("has been killed at every write there is", async () => {
    const given = options("tools", { statement: writesOfARun + 1, when: "before" });
    const { runId } = await start();
    const worker = spawnWorker(given);
    await finished(runId);
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toEqual([0, null]);
  });
});

describe("a worker asked to go", () => {
  it("hands over at once, in the middle of a stream, and leaves with 0", async () => {
    const { runId, conversationId } = await start();
    const worker = spawnWorker(options("endless"));
    await expect
      .poll(async () => (await readAllEvents(viewer, conversationId)).at(-1)?.type, { timeout: 10_000 })
      .toBe("text-appended");
    worker.child.kill("SIGTERM");
    expect(await worker.ended).toEqual([0, null]);
    expect(await claimRun(asSystem("worker"), workerName(1))).toMatchObject({ runId, attempt: 1 });
    await requestStop(viewer, runId);
    const next = await startWorker(testPorts(options("endless")), 1);
    expect(await finished(runId)).toMatchObject({ status: "stopped", answer: "Once upon a time" });
    await next.stop();
  });
});

describe("workers together", () => {
  it("stop a run from anywhere within moments, keeping its text", async () => {
    const { runId, conversationId } = await start();
    const worker = spawnWorker(options("endless"));
    await expect
      .poll(async () => (await readAllEvents(viewer, conversationId)).at(-1)?.type, { timeout: 10_000 })
      .toBe("text-appended");
    const askedAt = performance.now();
    await requestStop(viewer, runId);
    expect(await finished(runId)).toMatchObject({ status: "stopped", answer: "Once upon a time" });
    expect(performance.now() - askedAt).toBeLessThan(2000);
    worker.child.kill("SIGTERM");
    await worker.ended;
  });

  it("take over from one that was killed, without being restarted", async () => {
    const { runId, conversationId } = await start();
    const doomed = spawnWorker(options("endless"));
    await expect
      .poll(async () => (await readAllEvents(viewer, conversationId)).at(-1)?.type, { timeout: 10_000 })
      .toBe("text-appended");
    const standby = await startWorker(testPorts(options("tools")), 2);
    // The standby waits on the lock of the doomed one: not even its poll of a second is needed.
    await expect.poll(() => waitingWatchers(), { timeout: 5000 }).toBeGreaterThan(0);
    const killedAt = performance.now();
    doomed.child.kill("SIGKILL");
    await expect
      .poll(
        async () =>
          (await readAllEvents(viewer, conversationId)).filter((event) => event.type === "run-claimed").length,
        { interval: 5 },
      )
      .toBe(2);
    expect(performance.now() - killedAt).toBeLessThan(900);
    expect(await finished(runId)).toMatchObject({ status: "done", answer: finalAnswer });
    await standby.stop();
  });

  it("leave at once although they watch each other", async () => {
    const workers = await Promise.all([1, 2, 3].map(() => startWorker(testPorts(options("tools")), 1)));
    await expect.poll(() => waitingWatchers(), { timeout: 5000 }).toBe(3);
    const askedAt = performance.now();
    await Promise.all(workers.map((worker) => worker.stop()));
    expect(performance.now() - askedAt).toBeLessThan(1000);
    await expect.poll(() => waitingWatchers(), { timeout: 5000 }).toBe(0);
  });

  it("notice a frozen worker when its lease ends; thawed, it can write nothing more", async () => {
    const { runId, conversationId } = await start();
    const frozen = spawnWorker(options("endless"));
    await expect
      .poll(async () => (await readAllEvents(viewer, conversationId)).at(-1)?.type, { timeout: 10_000 })
      .toBe("text-appended");
    frozen.child.kill("SIGSTOP");
    await pool().query(`UPDATE "Run" SET "leaseUntil" = clock_timestamp() WHERE id = $1`, [runId]);
    const standby = await startWorker(testPorts(options("tools")), 2);
    expect(await finished(runId)).toMatchObject({ status: "done", answer: finalAnswer });
    frozen.child.kill("SIGCONT");
    frozen.child.kill("SIGTERM");
    expect(await frozen.ended).toEqual([0, null]);
    expect((await readAllEvents(viewer, conversationId)).at(-1)?.type).toBe("run-finished");
    await standby.stop();
  });

  it("survive that the database drops every connection in the middle of a stream", async () => {
    const { runId } = await start();
    const longWord = "moment".repeat(1000);
    let isFirst = true;
    const ports = testPorts(options("tools"));
    const { model } = scriptedModel(() => {
      if (!isFirst) return { text: "Back again." };
      isFirst = false;
      return {
        parts: async function* () {
          yield { type: "text-delta", id: "1", delta: "Just a" };
          const admin = await dedicatedConnection("test-admin");
          await admin.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
          );
          await admin.end();
          yield { type: "text-delta", id: "1", delta: longWord };
          yield { type: "finish", finishReason: { unified: "stop", raw: undefined }, usage: noUsage };
        },
      };
    });
    const worker = await startWorker(
      { ...ports, resolveModel: async () => ({ model, label: "Scripted", provider: "scripted" }) },
      2,
    );
    await expect
      .poll(async () => (await getRunView(viewer, runId).catch(() => null))?.status, {
        timeout: 10_000,
        interval: 50,
      })
      .toBe("done");
    // Where a write was under way it failed, and the step was made again; where none was, the next one found a new connection.
    expect(["Back again.", `Just a${longWord}`]).toContain((await getRunView(viewer, runId)).answer);
    await worker.stop();
  });
});
