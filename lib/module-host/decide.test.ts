import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ModuleFiles } from "@/lib/contracts/module";
import type { Tool, ToolContext } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { pool } from "@/lib/db/client";
import { failuresUntilOff } from "@/lib/db/module-calls";
import { saveVersion } from "@/lib/db/modules";
import { testDatabase, testUser } from "@/lib/db/testing";
import { startTestServer, type TestServer } from "@/lib/egress/testing";
import { closeSandbox } from "@/lib/sandbox/host";
import { closeTypeChecker } from "@/lib/sandbox/type-check";
import { checkModule } from "./check";
import { approve, quarantine, reject, rollback, setCredentials, setEnabled, uninstall } from "./decide";
import { describeRights, findReview } from "./review";
import { sampleKey, sampleModule } from "./testing";
import { listModuleTools } from "./tools";
import { findModule, listModules } from "./views";

let database: Awaited<ReturnType<typeof testDatabase>>;
let service: TestServer;
let viewer: Viewer;
const at = ["gaming", "test-game"] as const;

beforeAll(async () => {
  database = await testDatabase();
  service = await startTestServer((request, response) => {
    const isAllowed = request.headers["x-game-key"] === sampleKey;
    response.writeHead(isAllowed ? 200 : 401, { "content-type": "application/json" });
    const score = { player: "ada", points: 42 };
    response.end(
      JSON.stringify(
        isAllowed
          ? request.url === "/scores"
            ? [score]
            : { ...score, echo: undefined }
          : { error: `wrong key ${request.headers["x-game-key"]}` },
      ),
    );
  });
});
beforeEach(async () => {
  vi.stubEnv("BURGEON_EGRESS_ALLOW", service.host);
  viewer = await testUser();
});
afterAll(async () => {
  await Promise.all([closeSandbox(), closeTypeChecker(), service.close()]);
  await database.close();
});

async function put(files: ModuleFiles, owner = viewer): Promise<string> {
  const { digest, manifest, report } = await checkModule(files);
  expect(report.findings).toEqual([]);
  if (!manifest) throw new Error("no manifest");
  await saveVersion(owner, { digest, files, manifest, report, origin: "built" });
  return digest;
}
const sample = (options: { version?: string; files?: ModuleFiles } = {}) =>
  sampleModule({ baseUrl: service.origin, ...options });
const ready = async () => {
  const digest = await put(sample());
  await approve(viewer, ...at, digest);
  await setCredentials(viewer, ...at, { game_key: sampleKey });
  return digest;
};
const context = (): ToolContext => ({
  viewer,
  timeZone: "UTC",
  runId: "run_1",
  conversationId: "conv_1",
  callId: "call_1",
  idempotencyKey: "k",
  signal: new AbortController().signal,
  taintedBy: null,
  target: null,
  progress: () => undefined,
});
const tool = async (name: string): Promise<Tool> => {
  const found = (await listModuleTools(viewer)).find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no tool ${name}`);
  return found;
};
const names = async () => (await listModuleTools(viewer)).map(({ name }) => name);
const state = async () => (await findModule(viewer, ...at))?.state;

describe("a module's life", () => {
  it("offers nothing before approval and nothing before its credentials are set, then answers live", async () => {
    const digest = await put(sample());
    expect([await state(), await names()]).toEqual(["awaiting_review", []]);
    expect(await approve(viewer, ...at, digest)).toMatchObject({ state: "needs_credentials", activeDigest: digest });
    expect([await state(), await names()]).toEqual(["needs_credentials", []]);
    expect(await setCredentials(viewer, ...at, { game_key: sampleKey })).toMatchObject({ state: "active" });
    expect((await names()).sort()).toEqual(["test_game_get_score", "test_game_list_scores"]);
    const outcome = await (await tool("test_game_list_scores")).execute({}, context());
    expect(outcome).toMatchObject({ kind: "done", tainted: true, output: { items: [{ player: "ada", points: 42 }] } });
    expect((await listModules(viewer))[0]?.recentCalls).toEqual([{ ok: true, durationMs: expect.any(Number) }]);
  });

  it("keeps the key out of everything that can be read", async () => {
    await ready();
    await (await tool("test_game_list_scores")).execute({}, context());
    expect(JSON.stringify([await findModule(viewer, ...at), await listModules(viewer)])).not.toContain(sampleKey);
    const tables =
      await pool().query(`select row_to_json(c)::text as t from "ModuleCall" c union all select row_to_json(a)::text from "AuditEntry" a
      union all select row_to_json(s)::text from "Secret" s union all select row_to_json(v)::text from "ModuleVersion" v`);
    for (const { t } of tables.rows) expect(t).not.toContain(sampleKey);
  });

  it("says who refused and what to do when the key is wrong, without repeating it", async () => {
    await ready();
    await setCredentials(viewer, ...at, { game_key: "not-the-right-key" });
    const failure = await (await tool("test_game_list_scores")).execute({}, context()).then(
      () => null,
      (error) => error,
    );
    expect(failure).toMatchObject({ code: "auth-expired", hint: expect.stringContaining("gaming/test-game") });
    expect(String(failure.message)).not.toContain("not-the-right-key");
    expect(await state()).toBe("active");
  });

  it("is approved by its digest only, once, and never after a newer version came", async () => {
    const first = await put(sample());
    const second = await put(sample({ version: "1.1.0" }));
    await expect(approve(viewer, ...at, first)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("newer"),
    });
    await expect(approve(viewer, ...at, `sha256:${"0".repeat(64)}`)).rejects.toMatchObject({ code: "not-found" });
    await approve(viewer, ...at, second);
    await expect(approve(viewer, ...at, second)).rejects.toMatchObject({ code: "conflict" });
  });

  it("is not approved and not run when the stored bytes are not what the digest names", async () => {
    const digest = await put(sample());
    await pool().query(
      `update "ModuleVersion" set files = files || '{"adapter.ts":"export default {}"}' where digest = $1`,
      [digest],
    );
    await expect(approve(viewer, ...at, digest)).rejects.toMatchObject({ code: "refused" });
  });

  it("is approved by one of two people who press at once", async () => {
    const digest = await put(sample());
    const both = await Promise.allSettled([approve(viewer, ...at, digest), reject(viewer, ...at, digest)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  it("goes back to the version before in one step, and forward again", async () => {
    const first = await ready();
    const second = await put(sample({ version: "1.1.0" }));
    await approve(viewer, ...at, second);
    expect(await rollback(viewer, ...at)).toMatchObject({ activeDigest: first, state: "active" });
    expect((await tool("test_game_list_scores")).source).toMatchObject({ digest: first });
    expect(await rollback(viewer, ...at)).toMatchObject({ activeDigest: second });
  });

  it("has its tools gone with disable, back with enable, and gone for good with uninstall", async () => {
    await ready();
    expect(await setEnabled(viewer, ...at, false)).toMatchObject({ state: "disabled" });
    expect(await names()).toEqual([]);
    await setEnabled(viewer, ...at, true);
    expect(await names()).toHaveLength(2);
    await uninstall(viewer, ...at);
    expect([await names(), await findModule(viewer, ...at)]).toEqual([[], null]);
    await put(sample());
    expect(await state()).toBe("awaiting_review");
    expect((await findModule(viewer, ...at))?.credentials).toEqual([
      { name: "game_key", label: "Game key", help: null, isSet: false },
    ]);
  });

  it("stops at once when the active version is quarantined, and stays locked away", async () => {
    const digest = await ready();
    expect(await quarantine(viewer, ...at, digest)).toMatchObject({ state: "quarantined", activeDigest: null });
    expect(await names()).toEqual([]);
    await put(sample());
    await expect(approve(viewer, ...at, digest)).rejects.toMatchObject({ code: "conflict" });
  });

  it("can be rejected without harm to what is in use", async () => {
    const first = await ready();
    const second = await put(sample({ version: "1.1.0" }));
    expect(await reject(viewer, ...at, second)).toMatchObject({ state: "active", activeDigest: first });
    await expect(approve(viewer, ...at, second)).rejects.toMatchObject({ code: "conflict" });
  });

  it("is switched off after failing again and again by its own fault", async () => {
    const digest = await put(
      sampleModule({
        baseUrl: service.origin,
        adapter:
          sampleModule({ baseUrl: "" })["adapter.ts"]?.replace(
            `return { items: ensureOk(response, "The game").json<Score[]>() };`,
            `const items = ensureOk(response, "The game").json<Score[]>();\n    if (items[0]?.points === 42) throw new Error("cannot count that far");\n    return { items };`,
          ) ?? "",
      }),
    );
    await approve(viewer, ...at, digest);
    await setCredentials(viewer, ...at, { game_key: sampleKey });
    const failing = await tool("test_game_list_scores");
    for (let n = 1; n <= failuresUntilOff; n++)
      await expect(failing.execute({}, context())).rejects.toMatchObject({ code: "unavailable" });
    expect(await findModule(viewer, ...at)).toMatchObject({
      state: "disabled",
      problem: expect.stringContaining("guest_error"),
    });
    expect(await names()).toEqual([]);
  });

  it("does not exist for a stranger", async () => {
    const digest = await ready();
    const stranger = await testUser();
    const notFound = { code: "not-found" };
    expect([
      await listModules(stranger),
      await findModule(stranger, ...at),
      await findReview(stranger, ...at, digest),
      await listModuleTools(stranger),
    ]).toEqual([[], null, null, []]);
    for (const act of [
      () => approve(stranger, ...at, digest),
      () => reject(stranger, ...at, digest),
      () => quarantine(stranger, ...at, digest),
      () => setEnabled(stranger, ...at, false),
      () => rollback(stranger, ...at),
      () => uninstall(stranger, ...at),
      () => setCredentials(stranger, ...at, { game_key: "x" }),
    ])
      await expect(act()).rejects.toMatchObject(notFound);
    expect(await state()).toBe("active");
  });
});

describe("the review", () => {
  it("shows what is new against the active version first: a new host, a new credential", async () => {
    await ready();
    const manifest = JSON.parse(sample()["manifest.json"] ?? "");
    manifest.version = "2.0.0";
    manifest.connections.other = {
      baseUrl: "https://other.example.com",
      auth: { kind: "bearer", credential: "other_token" },
      methods: ["GET", "POST"],
    };
    manifest.credentials.push({ name: "other_token", label: "Other token" });
    const digest = await put(sample({ files: { "manifest.json": JSON.stringify(manifest) } }));
    const review = await findReview(viewer, ...at, digest);
    const added = review?.rights.filter((right) => right.isNew).map((right) => right.text);
    expect(added).toEqual([
      "May call other.example.com with GET, POST.",
      "Burgeon sends your Other token to other.example.com; the module's code cannot read it.",
    ]);
    expect(review?.rights[0]?.isNew).toBe(true);
    expect(review?.files.filter((file) => file.before !== file.after).map((file) => file.path)).toEqual([
      "manifest.json",
    ]);
    expect(review?.isCurrent).toBe(true);
  });

  it("says what a first version may do, and that it reads and writes nothing", async () => {
    const digest = await put(sample());
    const review = await findReview(viewer, ...at, digest);
    expect(review?.rights.every((right) => right.isNew)).toBe(true);
    expect(review?.rights.map((right) => right.text)).toContain("Writes nothing.");
  });

  it("names what was taken away", () => {
    const now = JSON.parse(sampleModule({ baseUrl: "https://new.example.com" })["manifest.json"] ?? "");
    const before = JSON.parse(sampleModule({ baseUrl: "https://old.example.com" })["manifest.json"] ?? "");
    const removed = describeRights(now, before).filter((right) => right.kind === "removed");
    expect(removed.map((right) => right.text)).toContain("No longer: may call old.example.com with GET.");
  });
});
