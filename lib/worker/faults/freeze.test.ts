import { beforeAll, describe, expect, it } from "vitest";
import { decideApproval } from "@/lib/db/approvals";
import { createRun } from "@/lib/db/runs";
import { newThing, program } from "./testing-program";
import type { TrapPlace } from "./testing-proxy";
import type { Scene, Started } from "./testing-scene";
import { begin, finish, finishWell, setUpScene } from "./testing-setup";

const stage = setUpScene();
const leaseMs = 1000;

const slowly = { kind: "pause", ms: 800 } as const;

async function claimsOf(scene: Scene, { runId }: Started): Promise<number> {
  return (await scene.eventsOf(runId, "run-claimed")).length;
}

async function claimedTwice(scene: Scene, started: Started): Promise<void> {
  await expect.poll(() => claimsOf(scene, started), { timeout: 10_000, interval: 20, message: "taken over" }).toBe(2);
}

/** Thawed if need be, and gone: what it still wanted to write it has tried by then. */
async function dismissed(scene: Scene, tag: string): Promise<void> {
  const worker = scene.fleet.worker(tag);
  worker.signal("SIGCONT");
  worker.signal("SIGTERM");
  expect(await worker.ended).toEqual([0, null]);
}

describe("of 3 workers one is frozen past its lease (SIGSTOP) and thawed", { timeout: 40_000 }, () => {
  beforeAll(() => stage.scene.staff(3, { leaseMs }), 60_000);

  const places: [string, TrapPlace][] = [
    ["while it reads the log", { statement: "read-replayable-events", when: "after" }],
    ["while the model speaks", { statement: "append-", holds: ["text-appended"], when: "after" }],
    ["after the intent", { statement: "record-intent", when: "after" }],
    ["when the call begins", { statement: "append-", holds: ["tool-started"], when: "after" }],
    ["after the record", { statement: "record-outcome", when: "after" }],
    ["at the end", { statement: "finish-run", when: "before" }],
  ];
  it.each(places)("%s: another one goes on, and the thawed one writes nothing more", async (_name, place) => {
    const { scene } = stage;
    const thing = newThing("card");
    const trap = scene.trap(place, "freeze");
    const steps = [
      { calls: [{ tool: "charge_card" as const, thing }], chars: 5000 },
      { trick: slowly, chars: 5000 },
    ];
    const started = await begin(scene, program(...steps));
    const tag = await trap.sprung;
    // The last word of a frozen worker may have been sent: then the run is over, and that is right.
    await expect
      .poll(async () => (await scene.isFinished(started.runId)) || (await claimsOf(scene, started)) === 2, {
        timeout: 10_000,
        interval: 20,
      })
      .toBe(true);
    // It comes to in the middle of the other one's work, and goes on with its own.
    scene.fleet.worker(tag).signal("SIGCONT");
    await finishWell(scene, started);
    await dismissed(scene, tag);
    expect(await scene.world.effectsOf("keyed", thing)).toBe(1);
  });

  it("with a write that arrives when another one has long gone on: it is refused", async () => {
    const { scene } = stage;
    const delivery = Promise.withResolvers<void>();
    const frozen = Promise.withResolvers<string>();
    const trap = scene.trap({ statement: "append-", holds: ["step-finished"], when: "before" }, async (tag) => {
      scene.fleet.worker(tag).signal("SIGSTOP");
      frozen.resolve(tag);
      await delivery.promise;
    });
    const started = await begin(scene, program({ calls: [{ tool: "charge_card", thing: newThing("card") }] }));
    const tag = await frozen.promise;
    await claimedTwice(scene, started);
    delivery.resolve();
    await trap.sprung;
    await finishWell(scene, started);
    await dismissed(scene, tag);
  });

  it("at the door of a letter that may not be sent twice: sent late, it is known, and the person's yes does not repeat it", async () => {
    const { scene } = stage;
    const thing = newThing("letter");
    const trap = scene.trap({ statement: "append-", holds: ["tool-started"], when: "after" }, "freeze");
    const started = await begin(scene, program({ calls: [{ tool: "send_letter", thing }] }));
    const tag = await trap.sprung;
    await expect.poll(() => scene.statusOf(started.runId), { timeout: 10_000, interval: 20 }).toBe("waiting");
    const [asked] = await scene.eventsOf<{ approvalId: string }>(started.runId, "approval-requested");
    scene.fleet.worker(tag).signal("SIGCONT");
    await expect.poll(() => scene.effectStates(started.runId), { timeout: 10_000, interval: 20 }).toEqual(["done"]);
    await decideApproval(scene.viewer, asked?.approvalId ?? "", { decision: "allow" });
    const view = await finishWell(scene, started);
    expect(view.toolCalls).toMatchObject([{ status: "done" }]);
    expect(await scene.world.effectsOf("letter", thing)).toBe(1);
  });

  it("in the middle of a transaction: it holds up neither its own run nor a new message to the conversation", async () => {
    const { scene } = stage;
    const thing = newThing("file");
    const trap = scene.trap({ statement: "insert-approval-event", when: "after" }, "freeze");
    const started = await begin(scene, program({ calls: [{ tool: "erase_file", thing }] }));
    const tag = await trap.sprung;
    try {
      const sent = createRun(scene.viewer, {
        message: JSON.stringify(program()),
        via: "api",
        conversationId: started.conversationId,
      });
      await claimedTwice(scene, started);
      await expect.poll(() => scene.statusOf(started.runId), { timeout: 10_000, interval: 20 }).toBe("waiting");
      await sent;
    } finally {
      await dismissed(scene, tag);
    }
    const asked = await scene.eventsOf<{ approvalId: string }>(started.runId, "approval-requested");
    expect(asked).toHaveLength(1);
    await decideApproval(scene.viewer, asked[0]?.approvalId ?? "", { decision: "deny" });
    await finish(scene, started);
  });
});

describe("somebody holds one conversation for longer than a lease", { timeout: 30_000 }, () => {
  beforeAll(() => stage.scene.staff(1, { leaseMs, concurrency: 4 }), 60_000);

  it("its run waits, and the other runs of the same worker keep their leases", async () => {
    const { scene } = stage;
    const pause = { kind: "pause", ms: 5 * leaseMs } as const;
    const [held, ...others] = await Promise.all(
      Array.from({ length: 4 }, (_, n) =>
        begin(scene, program({ trick: n === 0 ? { kind: "pause", ms: 1000 } : pause })),
      ),
    );
    if (!held) throw new Error("nothing was started");
    for (const started of [held, ...others])
      await expect.poll(() => claimsOf(scene, started), { timeout: 10_000, interval: 10 }).toBe(1);
    await scene.fleet.keep(2, { leaseMs });
    const holder = await scene.database.connect();
    try {
      await holder.query("BEGIN");
      await holder.query(`SELECT 1 FROM "Conversation" WHERE id = $1 FOR UPDATE`, [held.conversationId]);
      for (const other of others) await finishWell(scene, other);
    } finally {
      await holder.query("ROLLBACK");
      holder.release();
    }
    await finishWell(scene, held);
    for (const other of others) expect(await scene.eventsOf(other.runId, "run-claimed")).toHaveLength(1);
  });
});

describe("the only worker is frozen past its lease and thawed", () => {
  beforeAll(() => stage.scene.staff(1, { leaseMs }), 60_000);

  it("goes on where it was, and nothing happens twice", async () => {
    const { scene } = stage;
    const thing = newThing("letter");
    const trap = scene.trap({ statement: "append-", holds: ["tool-started"], when: "after" }, "freeze");
    const started = await begin(scene, program({ calls: [{ tool: "send_letter", thing }] }));
    const tag = await trap.sprung;
    await expect
      .poll(
        async () => {
          const { rows } = await scene.database.query(
            `SELECT "leaseUntil" < clock_timestamp() AS over FROM "Run" WHERE id = $1`,
            [started.runId],
          );
          return rows[0].over;
        },
        { timeout: 5000 },
      )
      .toBe(true);
    scene.fleet.worker(tag).signal("SIGCONT");
    await finishWell(scene, started);
    expect(await scene.world.effectsOf("letter", thing)).toBe(1);
  });
});

describe.each([1, 3])("with %i workers, something blocks the event loop past the lease", (count) => {
  beforeAll(() => stage.scene.staff(count, { leaseMs }), 60_000);

  it("in a tool: the run is answered once, and what the blocked worker writes afterwards is refused", async () => {
    const { scene } = stage;
    const thing = newThing("page");
    const started = await begin(scene, program({ calls: [{ tool: "block_loop", thing, ms: 2 * leaseMs }] }));
    await finishWell(scene, started);
    const claims = await scene.eventsOf(started.runId, "run-claimed");
    // Whoever comes to again does not take over from itself.
    expect(claims).toHaveLength(count > 1 ? 2 : 1);
  });

  it("while the model speaks: the same", async () => {
    const { scene } = stage;
    const started = await begin(
      scene,
      program(
        { calls: [{ tool: "charge_card", thing: newThing("card") }] },
        { trick: { kind: "block", ms: 2 * leaseMs, times: 1 } },
      ),
    );
    await finishWell(scene, started);
  });
});

describe("workers whose clocks are an hour off, or jump", { timeout: 40_000 }, () => {
  const hourMs = 3_600_000;
  it.each([
    ["1 worker that jumps", [{ offsetMs: 0, jitterMs: hourMs }]],
    [
      "3 workers, ahead, behind and jumping",
      [{ offsetMs: hourMs }, { offsetMs: -hourMs }, { offsetMs: 0, jitterMs: hourMs }],
    ],
  ])("%s: leases, waits and takeovers go by the database's clock", async (_name, clocks) => {
    const { scene } = stage;
    await scene.fleet.clear();
    for (const clock of clocks) await scene.fleet.keep(1, { leaseMs, clock });
    const slow = await begin(
      scene,
      program({ trick: { kind: "pause", ms: 2 * leaseMs }, calls: [{ tool: "charge_card", thing: newThing("card") }] }),
    );
    const quick = await Promise.all(
      [1, 2, 3].map(() => begin(scene, program({ calls: [{ tool: "send_letter", thing: newThing("letter") }] }))),
    );
    for (const started of [...quick, slow]) {
      await finishWell(scene, started);
      expect(await scene.eventsOf(started.runId, "run-claimed")).toHaveLength(1);
    }
    const trap = scene.trap({ statement: "record-intent", when: "after" }, "kill");
    const killed = await begin(scene, program({ calls: [{ tool: "charge_card", thing: newThing("card") }] }));
    await trap.sprung;
    await finishWell(scene, killed);
    expect(await scene.eventsOf(killed.runId, "run-claimed")).toHaveLength(2);
  });
});
