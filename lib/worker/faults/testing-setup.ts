import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";
import { closeDatabase } from "@/lib/db/client";
import { getRunView } from "@/lib/db/run-view";
import { createRun } from "@/lib/db/runs";
import { logger } from "@/lib/logger";
import { answerOf, type Program } from "./testing-program";
import { Scene, type Started } from "./testing-scene";

interface Stage {
  readonly scene: Scene;
}

/**
 * A scene for a test file, on the server of the whole run or on one of its own. lib/db in the test's own process, which
 * plays the web, goes straight to its database. After each test every invariant must hold.
 */
export function setUpScene(
  open: () => Promise<Scene> = () => Scene.open(inject("postgresUrl")),
  close: () => Promise<void> = async () => undefined,
): Stage {
  let scene: Scene | undefined;
  const before = process.env.DATABASE_URL;
  beforeAll(async () => {
    // What this process says of a database that is down is what is expected.
    logger.level = "silent";
    scene = await open();
    process.env.DATABASE_URL = scene.databaseUrl;
  }, 60_000);
  afterEach(async ({ task }) => {
    const broken = await scene?.broken();
    // The one thing that helps to understand a race: what everybody said, in order.
    if (task.result?.state === "fail" || broken?.length)
      process.stderr.write(`${task.name}\n${scene?.fleet.story()}\n`);
    expect(broken).toEqual([]);
  });
  afterAll(async () => {
    await closeDatabase();
    await scene?.close();
    await close();
    if (before === undefined) delete process.env.DATABASE_URL;
    else process.env.DATABASE_URL = before;
  });
  return {
    get scene() {
      if (!scene) throw new Error("the scene is not open yet");
      return scene;
    },
  };
}

export async function begin(scene: Scene, program: Program, conversationId?: string): Promise<Started> {
  const created = await createRun(scene.viewer, {
    message: JSON.stringify(program),
    via: "api",
    ...(conversationId ? { conversationId } : {}),
  });
  return { ...created, program };
}

/** Waits for the run's end and shows it. */
export async function finish(scene: Scene, { runId }: Started, withinMs = 15_000) {
  await expect
    .poll(() => scene.isFinished(runId), { timeout: withinMs, interval: 20, message: `${runId} finishes` })
    .toBe(true);
  return getRunView(scene.viewer, runId);
}

/** The same for a run that must end well: its answer is whole and there once. */
export async function finishWell(scene: Scene, started: Started, withinMs?: number) {
  const view = await finish(scene, started, withinMs);
  expect(view).toMatchObject({ status: "done", error: null });
  expect(view.answer.endsWith(answerOf(started.program))).toBe(true);
  expect(view.answer.split(answerOf(started.program))).toHaveLength(2);
  return view;
}

/** Kills the worker that holds the run with -9. */
export async function killOwner(scene: Scene, runId: string): Promise<void> {
  const owner = await scene.ownerOf(runId);
  owner.signal("SIGKILL");
  await owner.ended;
}
