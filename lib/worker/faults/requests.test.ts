import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { GET as streamEvents } from "@/app/api/conversations/[id]/events/route";
import { POST as startRun } from "@/app/api/runs/route";
import { createToken } from "@/lib/auth/tokens";
import { decideApproval } from "@/lib/db/approvals";
import { closeDatabase } from "@/lib/db/client";
import { findSecret } from "@/lib/db/secrets";
import { isDatabaseOutage } from "@/lib/db/statement";
import { listTools } from "@/lib/tools/registry";
import { newThing, type Program, program } from "./testing-program";
import { DatabaseProxy } from "./testing-proxy";
import { begin, finishWell, setUpScene } from "./testing-setup";

const stage = setUpScene();
let token = "";
/** The web has its own way to the database, which can be cut like that of a worker. */
let web: DatabaseProxy;

beforeAll(async () => {
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
  ({ token } = await createToken(stage.scene.viewer, { name: "faults", scopes: ["chat"], expiresAt }));
  web = await DatabaseProxy.start("web", stage.scene.databaseUrl, stage.scene.fleet.traps);
});
afterAll(() => web.refuse());
beforeEach(async () => {
  await closeDatabase();
  process.env.DATABASE_URL = web.url;
});
afterEach(async () => {
  stage.scene.fleet.traps.clear();
  await closeDatabase();
  process.env.DATABASE_URL = stage.scene.databaseUrl;
});

async function post(message: Program, key: string): Promise<{ status: number; runId: string; conversationId: string }> {
  const request = new Request("http://127.0.0.1:3000/api/runs", {
    method: "POST",
    body: JSON.stringify({ message: JSON.stringify(message) }),
    headers: { "content-type": "application/json", authorization: `Bearer ${token}`, "idempotency-key": key },
  });
  const response = await startRun(request, { params: Promise.resolve({}) });
  return { status: response.status, ...(await response.json()) };
}

const charge = () => program({ calls: [{ tool: "charge_card", thing: newThing("card") }] });

describe.each([1, 3])("with %i workers, a request", (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  it("sent five times at once under one key starts one run, and all five are told which", async () => {
    const { scene } = stage;
    const [asked, key] = [charge(), newThing("key")];
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => post(asked, key)));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    expect(new Set(answers.map(({ runId }) => runId)).size).toBe(1);
    const { runId, conversationId } = answers[0] ?? { runId: "", conversationId: "" };
    await finishWell(scene, { runId, conversationId, program: asked });
    expect(await scene.eventsOf(runId, "message-sent")).toHaveLength(1);
    expect(await scene.eventsOf(runId, "run-claimed")).toHaveLength(1);
    expect((await post(charge(), key)).status).toBe(409);
  });

  it.each(["before", "after"] as const)(
    "whose connection is cut %s it is stored says so, and under the same key it is stored once",
    async (when) => {
      const { scene } = stage;
      const [asked, key] = [charge(), newThing("key")];
      scene.trap({ statement: "create-run", holds: [key], when }, "cut");
      expect((await post(asked, key)).status).toBe(503);
      const { status, runId, conversationId } = await post(asked, key);
      expect(status).toBe(202);
      await finishWell(scene, { runId, conversationId, program: asked });
      expect(await scene.eventsOf(runId, "message-sent")).toHaveLength(1);
      const { rows } = await scene.database.query(`SELECT count(*)::int AS n FROM "Run" WHERE "idempotencyKey" = $1`, [
        key,
      ]);
      expect(rows[0].n).toBe(1);
    },
  );

  it.each(["before", "after"] as const)(
    "with a person's answer, cut %s it is committed, ends no process: asked again, the answer is known and done once",
    async (when) => {
      const { scene } = stage;
      const thing = newThing("file");
      const started = await begin(scene, program({ calls: [{ tool: "erase_file", thing }] }));
      await expect.poll(() => scene.statusOf(started.runId), { timeout: 10_000, interval: 20 }).toBe("waiting");
      const [asked] = await scene.eventsOf<{ approvalId: string }>(started.runId, "approval-requested");
      const approvalId = asked?.approvalId ?? "";
      scene.trap({ statement: "COMMIT", when }, "cut");
      const first = await decideApproval(scene.viewer, approvalId, { decision: "allow" }).catch(
        (cause: unknown) => cause,
      );
      expect(isDatabaseOutage(first)).toBe(true);
      const again = decideApproval(scene.viewer, approvalId, { decision: "allow" });
      if (when === "after") await expect(again).rejects.toMatchObject({ code: "conflict" });
      else await again;
      await finishWell(scene, started);
      expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
    },
  );
});

describe("a database that is away", () => {
  it.each([
    ["a sealed secret", () => findSecret(stage.scene.viewer, "model:openai", "key")],
    ["the tools of modules", () => listTools(stage.scene.viewer)],
  ])("is told from everything else by whoever asks for %s, so that the run waits for it", async (_name, ask) => {
    await web.refuse();
    const cause = await ask().catch((thrown: unknown) => thrown);
    await web.open();
    expect(cause).toBeInstanceOf(Error);
    expect(isDatabaseOutage(cause)).toBe(true);
  });
});

interface Frame {
  id: number;
  type: string;
}

/** Reads frames until `isEnough` or until the stream breaks, then leaves without a word. */
async function read(conversationId: string, after: number, isEnough: (frames: Frame[]) => boolean): Promise<Frame[]> {
  const left = new AbortController();
  const request = new Request(`http://127.0.0.1:3000/api/conversations/${conversationId}/events`, {
    headers: { authorization: `Bearer ${token}`, "last-event-id": String(after) },
    signal: left.signal,
  });
  const response = await streamEvents(request, { params: Promise.resolve({ id: conversationId }) });
  if (response.status !== 200) return [];
  const frames: Frame[] = [];
  let text = "";
  try {
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk);
      const parts = text.split("\n\n");
      text = parts.pop() ?? "";
      for (const part of parts) {
        const [, id, type] = /^id: (\d+)\nevent: (\S+)/m.exec(part) ?? [];
        if (id && type) frames.push({ id: Number(id), type });
      }
      if (isEnough(frames)) break;
    }
  } catch {
    // The stream broke: an EventSource comes back with the last id, as this reader does.
  }
  left.abort();
  return frames;
}

const isOver = (frames: Frame[]) => frames.at(-1)?.type === "run-finished";

describe.each([1, 3])("with %i workers, a reader of the stream", { timeout: 40_000 }, (count) => {
  beforeAll(() => stage.scene.staff(count), 60_000);

  const long = () =>
    program(
      { calls: [{ tool: "charge_card", thing: newThing("card") }], chars: 9000 },
      { trick: { kind: "pause", ms: 300 }, chars: 9000 },
    );

  it("that leaves and comes back with its last id sees every event once, and the run has gone on meanwhile", async () => {
    const { scene } = stage;
    const started = await begin(scene, long());
    const seen: Frame[] = [];
    while (!isOver(seen))
      seen.push(
        ...(await read(started.conversationId, seen.at(-1)?.id ?? 0, (frames) => isOver(frames) || frames.length >= 3)),
      );
    await finishWell(scene, started);
    expect(seen.map(({ id }) => id)).toEqual(seen.map((_, index) => index + 1));
  });

  it("whose web process loses its connections in the middle of it misses nothing and sees nothing twice", async () => {
    const { scene } = stage;
    const started = await begin(scene, long());
    const seen: Frame[] = [];
    const cutting = setInterval(() => web.cut(), 150);
    try {
      while (!isOver(seen)) seen.push(...(await read(started.conversationId, seen.at(-1)?.id ?? 0, isOver)));
    } finally {
      clearInterval(cutting);
    }
    await finishWell(scene, started);
    expect(seen.map(({ id }) => id)).toEqual(seen.map((_, index) => index + 1));
  });

  it("is still served while the worker it reads of is killed and replaced", async () => {
    const { scene } = stage;
    const trap = scene.trap({ statement: "record-outcome", when: "after" }, "kill");
    const started = await begin(scene, long());
    const seen = await read(started.conversationId, 0, isOver);
    await trap.sprung;
    await finishWell(scene, started);
    expect(seen.map(({ id }) => id)).toEqual(seen.map((_, index) => index + 1));
    expect(seen.filter(({ type }) => type === "run-claimed")).toHaveLength(2);
  });
});
