import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createToken } from "@/lib/auth/tokens";
import type { ModuleFiles } from "@/lib/contracts/module";
import type { Viewer } from "@/lib/contracts/viewer";
import { saveVersion } from "@/lib/db/modules";
import { testDatabase, testUser } from "@/lib/db/testing";
import { checkManifest } from "@/lib/module-host/check-manifest";
import { digestOf } from "@/lib/module-host/digest";
import { sampleModule } from "@/lib/module-host/testing";
import { findModule } from "@/lib/module-host/views";
import { POST as quarantine } from "./[category]/[name]/versions/[digest]/quarantine/route";
import { POST as reject } from "./[category]/[name]/versions/[digest]/reject/route";

const at = { category: "gaming", name: "test-game" };
const decisions = [
  ["reject", reject, "rejected"],
  ["quarantine", quarantine, "quarantined"],
] as const;

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let authorization: string;
let digest: string;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  viewer = await testUser();
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const { token } = await createToken(viewer, { name: "test", scopes: ["modules:approve"], expiresAt });
  authorization = `Bearer ${token}`;
  digest = await put(sampleModule({ baseUrl: "https://game.example.org" }));
});

/** A version that awaits review, as if its check had passed. */
async function put(files: ModuleFiles): Promise<string> {
  const { manifest } = checkManifest(files);
  if (!manifest) throw new Error("no manifest");
  const coverage = { operations: 0, tested: [] };
  const report = { ok: true, stages: [], findings: [], tests: [], coverage, cassetteRequests: 0 };
  const version = { digest: digestOf(files), files, manifest, report, origin: "built" as const };
  await saveVersion(viewer, version);
  return version.digest;
}

async function decide(handle: typeof reject, body?: unknown) {
  const headers = { authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const request = new Request("http://127.0.0.1:3000/api/modules/x", {
    ...{ method: "POST", headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
  });
  const response = await handle(request, { params: Promise.resolve({ ...at, digest: encodeURIComponent(digest) }) });
  return { status: response.status, body: await response.json() };
}
const version = async () => (await findModule(viewer, at.category, at.name))?.versions[0];

describe.each(decisions)("the decision to %s a version", (_word, handle, state) => {
  it("keeps why, for whoever looks at the versions afterwards", async () => {
    expect(await decide(handle, { note: "  It asks for more than it needs. " })).toMatchObject({ status: 200 });
    expect(await version()).toMatchObject({ state, note: "It asks for more than it needs." });
  });

  it("stores no key that stands in the reason", async () => {
    await decide(handle, { note: "It sends sk-proj-abcdefghijklmnopqrstuvwxyz123456 along" });
    expect(await version()).toMatchObject({ state, note: "It sends [masked key] along" });
  });

  it("stores a reason with letters that PostgreSQL does not take", async () => {
    expect(await decide(handle, { note: "a\u0000b" })).toMatchObject({ status: 200 });
    expect(await version()).toMatchObject({ state, note: "a\ufffdb" });
  });

  it.each([
    ["no body", undefined],
    ["an empty one", {}],
    ["an empty reason", { note: " " }],
  ])("needs no reason: %s will do", async (_what, body) => {
    expect(await decide(handle, body)).toMatchObject({ status: 200 });
    expect(await version()).toMatchObject({ state, note: null });
  });

  it.each([
    ["a reason without end", { note: "x".repeat(4001) }],
    ["another word for it", { reason: "x" }],
    ["more than a reason could be", { note: "x".repeat(70_000) }],
  ])("is not made with %s", async (_what, body) => {
    expect(await decide(handle, body)).toMatchObject({ status: 400, body: { error: { code: "invalid" } } });
    expect(await version()).toMatchObject({ state: "awaiting_review", note: null });
  });
});
