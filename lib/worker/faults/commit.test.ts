import { beforeAll, describe, expect, it } from "vitest";
import { decideApproval } from "@/lib/db/approvals";
import { newThing, program } from "./testing-program";
import type { TrapPlace } from "./testing-proxy";
import type { Started } from "./testing-scene";
import { begin, finishWell, setUpScene } from "./testing-setup";

const stage = setUpScene();
const leaseMs = 1000;

/** A run that passes every statement a worker has: reads, effects of two classes, a question to the person, a long answer. */
async function beginEverything() {
  const things = { card: newThing("card"), event: newThing("event"), file: newThing("file") };
  const started = await begin(
    stage.scene,
    program(
      {
        calls: [
          { tool: "read_page", thing: newThing("page") },
          { tool: "charge_card", thing: things.card },
        ],
      },
      { calls: [{ tool: "add_event", thing: things.event }] },
      { calls: [{ tool: "erase_file", thing: things.file }] },
      { chars: 9000 },
    ),
  );
  return { started, things };
}

async function allowWhenAsked({ runId }: Started): Promise<void> {
  const { scene } = stage;
  await expect
    .poll(() => scene.eventsOf(runId, "approval-requested"), { timeout: 15_000, interval: 20, message: "asked" })
    .toHaveLength(1);
  const [asked] = await scene.eventsOf<{ approvalId: string }>(runId, "approval-requested");
  await decideApproval(scene.viewer, asked?.approvalId ?? "", { decision: "allow" });
}

async function expectOnce(things: { card: string; event: string; file: string }): Promise<void> {
  const { world } = stage.scene;
  expect(await world.effectsOf("keyed", things.card)).toBe(1);
  expect(await world.effectsOf("own", things.event)).toBe(1);
  expect(await world.effectsOf("keyed", things.file)).toBe(1);
}

const statements: Omit<TrapPlace, "when">[] = [
  { statement: "claim-run" },
  { statement: "read-replayable-events" },
  { statement: "append-", holds: ["step-started"] },
  { statement: "append-", holds: ["text-appended"] },
  { statement: "append-", holds: ["step-finished"] },
  { statement: "append-", holds: ["tool-started"] },
  { statement: "append-", holds: ["tool-finished"] },
  { statement: "find-effect-of-call" },
  { statement: "record-intent" },
  { statement: "record-outcome" },
  { statement: "BEGIN" },
  { statement: "hold-run" },
  { statement: "insert-approval-event" },
  { statement: "COMMIT" },
  { statement: "wait-on" },
  { statement: "finish-run" },
];
const places = statements.flatMap((place) => [
  { ...place, when: "before" } as const,
  { ...place, when: "after", ...(place.statement === "claim-run" ? { answers: "run_" } : {}) } as const,
]);
const nameOf = ({ statement, holds = [] }: Omit<TrapPlace, "when">) => [statement, ...holds].join(" ");
const together = 4;
const groups = Array.from({ length: statements.length / together }, (_, n) => n * together).map((from) => ({
  name: statements
    .slice(from, from + together)
    .map(nameOf)
    .join(", "),
  group: places.slice(2 * from, 2 * (from + together)),
}));

describe("with 1 worker, its connection is cut", { timeout: 40_000 }, () => {
  beforeAll(() => stage.scene.staff(1, { leaseMs, concurrency: 4 }), 60_000);

  it.each(groups)("before and after $name: the log is read again before anything is repeated", async ({ group }) => {
    const { scene } = stage;
    const processes = scene.fleet.members.length;
    const traps = group.map((place) => scene.trap(place, "cut"));
    const runs = await Promise.all(Array.from({ length: together }, () => beginEverything()));
    await Promise.all(runs.map(({ started }) => allowWhenAsked(started)));
    for (const { started } of runs) await finishWell(scene, started);
    await Promise.all(traps.map(({ sprung }) => sprung));
    for (const { things } of runs) await expectOnce(things);
    // A lost connection is no reason for a process to end.
    expect(scene.fleet.members).toHaveLength(processes);
  });

  it("and a line of progress is lost with it: how the effect ended is known all the same", async () => {
    const { scene } = stage;
    const thing = newThing("telegram");
    const trap = scene.trap({ statement: "append-", holds: ["tool-progressed"], when: "before" }, "cut");
    const started = await begin(scene, program({ calls: [{ tool: "send_telegram", thing, ms: 600 }] }));
    await trap.sprung;
    const view = await finishWell(scene, started);
    expect(view.toolCalls).toMatchObject([{ status: "done" }]);
    expect(await scene.eventsOf(started.runId, "approval-requested")).toEqual([]);
    expect(await scene.world.requestsAbout(thing)).toHaveLength(1);
  });

  it.each(["SELECT pg_advisory_lock", "LISTEN"])(
    "and cut again when it comes back with %s: it comes back once more",
    async (statement) => {
      const { scene } = stage;
      const [worker] = scene.fleet.running;
      const trap = scene.trap({ statement, when: "before" }, "cut");
      worker?.proxy.cut();
      await trap.sprung;
      await finishWell(scene, await begin(scene, program()));
      expect(scene.fleet.running.map(({ tag }) => tag)).toEqual([worker?.tag]);
    },
  );
});

describe("with 3 workers, connections are cut", { timeout: 60_000 }, () => {
  beforeAll(() => stage.scene.staff(3, { leaseMs }), 60_000);

  it("at every one of these statements, of twelve runs at once: each is answered once and does everything once", async () => {
    const { scene } = stage;
    const processes = scene.fleet.members.length;
    // Only a call that starts again looks for what it began before.
    const nthOf = ({ statement }: (typeof places)[number]) => (statement === "find-effect-of-call" ? 1 : 2);
    const traps = places.map((place) => scene.trap({ ...place, nth: nthOf(place) }, "cut"));
    traps.push(scene.trap({ statement: "heartbeat", when: "after" }, "cut"));
    const runs = await Promise.all(Array.from({ length: 12 }, () => beginEverything()));
    await Promise.all(runs.map(({ started }) => allowWhenAsked(started)));
    for (const { started } of runs) await finishWell(scene, started, 40_000);
    await Promise.all(traps.map(({ sprung }) => sprung));
    for (const { things } of runs) await expectOnce(things);
    expect(scene.fleet.members).toHaveLength(processes);
  });
});
