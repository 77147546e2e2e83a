import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ModuleFiles } from "@/lib/contracts/module";
import type { ToolContext } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { saveVersion } from "@/lib/db/modules";
import { testDatabase, testUser } from "@/lib/db/testing";
import { startTestServer, type TestServer } from "@/lib/egress/testing";
import { closeSandbox } from "@/lib/sandbox/host";
import { closeTypeChecker } from "@/lib/sandbox/type-check";
import { checkModule } from "./check";
import { approve, setCredentials } from "./decide";
import { sampleKey, sampleModule } from "./testing";
import { listModuleTools } from "./tools";

let database: Awaited<ReturnType<typeof testDatabase>>;
let service: TestServer;
let viewer: Viewer;
/** What the shop answers to an order, and to the question for it. */
const shop = { order: 201, look: 200 };
const at = ["gaming", "test-game"] as const;

beforeAll(async () => {
  database = await testDatabase();
  service = await startTestServer((request, response) => {
    const [status, headers] = request.method === "POST" ? [shop.order, { location: "/orders/o1" }] : [shop.look, {}];
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify({ id: "o1" }));
  });
  vi.stubEnv("BURGEON_EGRESS_ALLOW", service.host);
  viewer = await testUser();
  const files = orderModule();
  const { digest, manifest, report } = await checkModule(files);
  expect(report.findings).toEqual([]);
  if (!manifest) throw new Error("no manifest");
  await saveVersion(viewer, { digest, files, manifest, report, origin: "built" });
  await approve(viewer, ...at, digest);
  await setCredentials(viewer, ...at, { game_key: sampleKey });
}, 60_000);
beforeEach(() => {
  vi.stubEnv("BURGEON_EGRESS_ALLOW", service.host);
});
afterAll(async () => {
  await Promise.all([closeSandbox(), closeTypeChecker(), service.close()]);
  await database.close();
});

/** Orders something and then looks at the order; `find_order` does the same and says that it only reads. */
function orderModule(): ModuleFiles {
  const manifest = JSON.parse(sampleModule({ baseUrl: service.origin })["manifest.json"] ?? "");
  manifest.connections.main.methods = ["GET", "POST"];
  const id = { type: "object", properties: { id: { type: "string" } }, required: ["id"], additionalProperties: false };
  const operation = (effect: string) => ({
    ...{ kind: "tool", description: "Orders something at the shop.", effect, questions: ["Order tea"] },
    ...{ input: { type: "object", properties: {}, additionalProperties: false }, output: id },
  });
  manifest.operations = { place_order: operation("write"), find_order: operation("read") };
  const entry = (method: string, path: string, status: number) => ({
    ...{ connection: "main", request: { method, path }, response: { status, json: { id: "o1" } } },
  });
  return sampleModule({
    baseUrl: service.origin,
    adapter: `import { type Ctx, ensureOk } from "@burgeon/sdk";

async function order(ctx: Ctx<"main">): Promise<{ id: string }> {
  const made = await ctx.http.main.request({ method: "POST", path: "/orders", json: { item: "tea" } });
  const { id } = ensureOk(made, "The shop").json<{ id: string }>();
  return ensureOk(await ctx.http.main.request({ path: "/orders/" + id }), "The shop").json<{ id: string }>();
}

export default { place_order: order, find_order: order };
`,
    files: {
      "manifest.json": JSON.stringify(manifest),
      "adapter.test.ts": `import { expect, test } from "@burgeon/sdk/test";

test("orders", async ({ run }) => {
  expect(await run("place_order")).toEqual({ id: "o1" });
  expect(await run("find_order")).toEqual({ id: "o1" });
});
`,
      "cassettes/main.json": JSON.stringify([entry("POST", "/orders", 201), entry("GET", "/orders/o1", 200)]),
    },
  });
}

const context = (): ToolContext => ({
  ...{ viewer, timeZone: "UTC", runId: "run_1", conversationId: "conv_1", callId: "call_1", idempotencyKey: "k" },
  ...{ signal: new AbortController().signal, taintedBy: null, target: null, progress: () => undefined },
});
/** What the call ends with while the shop answers so. */
async function call(operation: "place_order" | "find_order", answers: Partial<typeof shop>): Promise<unknown> {
  Object.assign(shop, { order: 201, look: 200 }, answers);
  const tool = (await listModuleTools(viewer)).find(({ name }) => name === `test_game_${operation}`);
  return tool?.execute({}, context()).catch((cause: unknown) => cause);
}

describe("a module that did something and failed afterwards", () => {
  it.each([404, 401, 429, 400, 500])("leaves open whether it happened, although a %i came last", async (look) => {
    expect(await call("place_order", { look })).toMatchObject({
      code: "unavailable",
      message: expect.stringMatching(/^Test game failed in place_order after a request .* cannot tell whether it happ/),
      hint: expect.stringContaining("Look at Test game"),
    });
  });

  it.each([502, 303])("leaves it open, too, where the other side answered it with a %i", async (order) => {
    expect(await call("place_order", { order })).toMatchObject({
      code: "unavailable",
      message: expect.stringContaining("cannot tell whether it happened"),
    });
  });

  it.each([
    [404, "not-found"],
    [422, "invalid"],
    [429, "rate-limited"],
    [401, "auth-expired"],
  ])("says that it did not happen where the other side turned it down with a %i", async (order, code) => {
    expect(await call("place_order", { order })).toMatchObject({ code });
  });

  it("has done nothing where the operation only reads, whatever method it reads with", async () => {
    expect(await call("find_order", { look: 404 })).toMatchObject({ code: "not-found" });
    expect(await call("place_order", {})).toMatchObject({ kind: "done", output: { id: "o1" } });
  });
});
