import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { moduleManifestSchema, type ModuleFiles } from "@/lib/contracts/module";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { changeModule, saveVersion } from "@/lib/db/modules";
import { testDatabase, testUser } from "@/lib/db/testing";
import { startTestServer, type TestServer } from "@/lib/egress/testing";
import { digestOf } from "@/lib/module-host/digest";
import { sampleModule } from "@/lib/module-host/testing";
import { closeSandbox } from "@/lib/sandbox/host";
import { getContext } from "../aggregate";
import { clearSources } from "./source-cache";

let database: Awaited<ReturnType<typeof testDatabase>>;
let service: TestServer;
let ann: Viewer;
let asked = 0;
beforeAll(async () => {
  database = await testDatabase();
  service = await startTestServer((request, response) => {
    asked++;
    const isDown = request.url?.startsWith("/down") ?? false;
    response.writeHead(isDown ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify([{ date: "2026-11-27", hrv: 25, readinessScore: 45 }]));
  });
});
beforeEach(async () => {
  vi.stubEnv("BURGEON_EGRESS_ALLOW", service.host);
  clearSources();
  asked = 0;
  ann = await testUser();
});
afterAll(async () => {
  await Promise.all([closeSandbox(), service.close()]);
  await database.close();
});

const days = {
  type: "object",
  properties: {
    items: {
      type: "array",
      items: {
        type: "object",
        properties: { date: { type: "string" }, hrv: { type: "number" }, readinessScore: { type: "number" } },
        required: ["date"],
      },
    },
  },
  required: ["items"],
};

/** An active module whose one operation fills the context from `path`. */
async function install(owner: Viewer, name: string, path: string, change: Record<string, unknown> = {}): Promise<void> {
  const adapter = `import { type Ctx, ensureOk } from "@burgeon/sdk";
export default {
  async list_days(ctx: Ctx<"main">): Promise<{ items: unknown[] }> {
    return { items: ensureOk(await ctx.http.main.request({ path: "${path}" }), "The watch").json<unknown[]>() };
  },
};
`;
  const base = JSON.parse(sampleModule({ baseUrl: service.origin, name })["manifest.json"] ?? "");
  const operation = {
    kind: "pull",
    description: "The days as the watch saw them.",
    effect: "read",
    input: { type: "object", properties: {} },
    output: days,
    canonical: "HealthSummary",
  };
  const main = { ...base.connections.main, auth: { kind: "none" } };
  const manifest = {
    ...base,
    category: "health",
    title: name,
    connections: { main },
    credentials: [],
    operations: { list_days: operation },
    ...change,
  };
  const files: ModuleFiles = {
    ...sampleModule({ baseUrl: service.origin, name, adapter }),
    "manifest.json": JSON.stringify(manifest),
  };
  const digest = digestOf(files);
  await saveVersion(owner, {
    ...{ digest, files, manifest: moduleManifestSchema.parse(manifest), origin: "built" },
    report: {
      ok: true,
      stages: [],
      findings: [],
      tests: [],
      coverage: { operations: 1, tested: [] },
      cassetteRequests: 0,
    },
  });
  await changeModule(owner, { category: "health", name }, () => ({
    action: "module-approved",
    module: { state: "active", activeDigest: digest },
    version: { digest, state: "approved" },
  }));
}

const read = (viewer: Viewer, categories?: string[]) =>
  getContext(viewer, {
    signal: new AbortController().signal,
    now: new Date("2026-11-27T14:00:00Z"),
    ...(categories ? { categories } : {}),
  });
const states = ({ modules }: Awaited<ReturnType<typeof read>>) =>
  Object.fromEntries(modules.map(({ module, state }) => [module, state]));

describe("a module that fills the context", () => {
  it("is asked in the sandbox once a quarter of an hour, noted as a call of no run, and ranked by what it says it is", async () => {
    await install(ann, "watch", "/days");
    const context = await read(ann);
    expect(context.modules).toEqual([
      expect.objectContaining({ category: "health", state: "fresh", data: expect.objectContaining({ isCut: false }) }),
    ]);
    expect(context.items[0]).toMatchObject({ category: "health", priority: "high", score: 75 });
    expect(context.alerts.map(({ kind }) => kind)).toEqual(["hrv", "readiness"]);
    await read(ann);
    expect(asked).toBe(1);
    const { rows } = await pool().query(`SELECT "runId", ok FROM "ModuleCall" WHERE "userId" = $1`, [ann.userId]);
    expect(rows).toEqual([{ runId: null, ok: true }]);
  });

  it("that fails, or lacks its credentials, hurts no other and says so itself", async () => {
    await install(ann, "watch", "/days");
    await install(ann, "broken", "/down");
    const auth = { kind: "bearer", credential: "key" };
    const main = { baseUrl: service.origin, methods: ["GET"], auth };
    await install(ann, "keyless", "/days", { connections: { main }, credentials: [{ name: "key", label: "Key" }] });
    const context = await read(ann);
    expect(states(context)).toEqual({ "health/watch": "fresh", "health/broken": "failed", "health/keyless": "failed" });
    const hints = context.modules.map(({ hint }) => hint).join(" ");
    expect(hints).toContain("health/keyless");
    // Reading again at once is no second failure: five would switch it off.
    await read(ann);
    const { rows } = await pool().query(
      `SELECT count(*)::int AS calls FROM "ModuleCall" WHERE "userId" = $1 AND NOT ok`,
      [ann.userId],
    );
    expect(rows[0]?.calls).toBe(1);
  });

  it("whose stored manifest nobody can read is left out, and the others are there", async () => {
    await install(ann, "watch", "/days");
    await install(ann, "torn", "/days");
    await pool().query(
      `UPDATE "ModuleVersion" v SET manifest = '{"operations": {"list_days": null}}' FROM "Module" m WHERE m.id = v."moduleId" AND m.name = 'torn' AND m."userId" = $1`,
      [ann.userId],
    );
    expect(states(await read(ann))).toEqual({ "health/watch": "fresh" });
  });

  it("belongs to its owner, and is asked only when its category is wanted", async () => {
    await install(ann, "watch", "/days");
    expect((await read(await testUser())).modules).toEqual([]);
    expect((await read(ann, ["calendar"])).modules).toEqual([]);
    expect(asked).toBe(0);
    expect(states(await read(ann, ["health"]))).toEqual({ "health/watch": "fresh" });
  });
});
