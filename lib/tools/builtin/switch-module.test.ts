import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Tool } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { testDatabase, testUser } from "@/lib/db/testing";
import { disableModule, rollbackModule } from "./switch-module";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let moduleId: string;
const input = { category: "books", name: "library" };
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  viewer = await testUser();
  moduleId = `mod_${randomUUID()}`;
  await pool().query(
    `INSERT INTO "Module" (id, "userId", category, name, title, state, source, "activeDigest", "previousDigest", "updatedAt")
     VALUES ($1, $2, 'books', 'library', 'Library', 'active', 'built', 'sha256:2', 'sha256:1', now())`,
    [moduleId, viewer.userId],
  );
  const manifest = { title: "Library", description: "d", ...input, connections: {}, credentials: [], operations: {} };
  for (const digest of ["sha256:1", "sha256:2"])
    await pool().query(
      `INSERT INTO "ModuleVersion" (id, "moduleId", "userId", digest, state, files, manifest, origin)
       VALUES ($1, $2, $3, $4, 'approved', '{}', $5, 'built')`,
      [`${moduleId}${digest}`, moduleId, viewer.userId, digest, JSON.stringify(manifest)],
    );
});

const context = () => ({
  ...{ viewer, timeZone: "UTC", runId: "run_1", conversationId: "conv_1", callId: "call_1", idempotencyKey: "key" },
  ...{ signal: new AbortController().signal, taintedBy: null, target: null, progress: () => undefined },
});
/** @param again as after an interruption: with what the first try was given */
async function run(tool: Tool, again = false) {
  const target = (await tool.inspect?.(input, context()))?.target;
  if (again) await tool.execute(input, { ...context(), target });
  const outcome = await tool.execute(input, { ...context(), target });
  return outcome.kind === "done" ? outcome.output : null;
}
async function now() {
  const { rows } = await pool().query(`SELECT state, "activeDigest" FROM "Module" WHERE id = $1`, [moduleId]);
  return [rows[0]?.state, rows[0]?.activeDigest];
}

describe("Undo", () => {
  it("of a roll-back makes the version active again that was rolled back, and twice does it once", async () => {
    const output = await run(rollbackModule);
    expect(await now()).toEqual(["active", "sha256:1"]);
    await rollbackModule.undo?.run(input, output, context());
    expect(await now()).toEqual(["active", "sha256:2"]);
    await rollbackModule.undo?.run(input, output, context());
    expect(await now()).toEqual(["active", "sha256:2"]);
  });

  it("of a switch that was repeated after an interruption switches back", async () => {
    const output = await run(disableModule, true);
    expect(await now()).toEqual(["disabled", "sha256:2"]);
    await disableModule.undo?.run(input, output, context());
    expect(await now()).toEqual(["active", "sha256:2"]);
  });
});
