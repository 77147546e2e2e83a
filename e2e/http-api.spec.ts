import type { RunView } from "../lib/contracts/run";
import { sampleLibraryKey } from "../lib/demo/library-service";
import { callApi, expect, type Installation, test } from "./fixtures";

interface ModuleReply {
  state: string;
  activeDigest: string | null;
  versions: { digest: string; state: string; report: { ok: boolean; tests: unknown[] } | null }[];
  credentials: { name: string; isSet: boolean }[];
}

async function ask(at: Installation, message: string, conversationId?: string): Promise<RunView> {
  const started = await callApi<{ runId: string; conversationId: string }>(at, "POST", "/api/runs", {
    message,
    conversationId,
  });
  expect(started.status).toBe(202);
  return waitForRun(at, started.body.runId);
}

/** Follows the run's event stream to its end, then reads the result. */
async function waitForRun(at: Installation, runId: string): Promise<RunView> {
  const stream = await fetch(`${at.app.url}/api/runs/${runId}/events?after=0`, {
    headers: { authorization: `Bearer ${at.token}` },
  });
  expect(stream.status).toBe(200);
  await stream.text();
  const run = await callApi<RunView>(at, "GET", `/api/runs/${runId}`);
  return run.body;
}

test.describe.configure({ mode: "serial" });

test.describe("the HTTP API", () => {
  const module = "/api/modules";

  test("answers through the built-in planner without any key", async ({ installation }) => {
    const run = await ask(installation, "What is (5+3)*2-7/2?");
    expect(run.status).toBe("done");
    expect(run.answer).toContain("12.5");
    expect(run.toolCalls.map((call) => call.tool)).toEqual(["math_solver"]);
  });

  test("builds a module from a document, and nothing is usable before a person approves", async ({ installation }) => {
    const run = await ask(installation, `Build me a module from ${installation.library}/openapi.json`);
    expect(run.status).toBe("done");
    const list = await callApi<{
      modules: { category: string; name: string; state: string; activeDigest: string | null }[];
    }>(installation, "GET", module);
    const built = list.body.modules.find((item) => item.name === "library");
    expect(built).toMatchObject({ state: "awaiting_review", activeDigest: null });
    const early = await ask(installation, "List my loans in the library");
    expect(early.toolCalls.map((call) => call.tool)).not.toContain("library_list_loans");
  });

  test("approves one exact version, takes the key by form only, and answers with live values", async ({
    installation,
  }) => {
    const path = await modulePath(installation);
    const before = await callApi<ModuleReply>(installation, "GET", path);
    const digest = before.body.versions[0]?.digest ?? "";
    expect(before.body.versions[0]?.report?.tests.length).toBeGreaterThan(0);
    const wrong = await callApi(installation, "POST", `${path}/versions/sha256:${"0".repeat(64)}/approve`, {});
    expect([404, 409]).toContain(wrong.status);
    expect((await callApi(installation, "POST", `${path}/versions/${digest}/approve`, {})).status).toBe(200);
    const waiting = await callApi<ModuleReply>(installation, "GET", path);
    expect(waiting.body.state).toBe("needs_credentials");
    const name = waiting.body.credentials[0]?.name ?? "";
    expect(
      (await callApi(installation, "PUT", `${path}/credentials`, { values: { [name]: sampleLibraryKey } })).status,
    ).toBe(200);
    const active = await callApi<ModuleReply>(installation, "GET", path);
    expect(active.body).toMatchObject({ state: "active", activeDigest: digest });

    const run = await ask(installation, "List my loans in the library");
    expect(run.status).toBe("done");
    // One title of each page: both pages were read.
    expect(run.answer).toContain("Kindred");
    expect(run.answer).toContain("The Tale of Genji");
  });

  test("keeps the key out of every answer, event, page of the API and log", async ({ installation }) => {
    const path = await modulePath(installation);
    const everything = [
      JSON.stringify(await callApi(installation, "GET", path)),
      JSON.stringify(await callApi(installation, "GET", module)),
      installation.app.output(),
    ];
    const conversations = await callApi<{ conversations: { conversationId: string }[] }>(
      installation,
      "GET",
      "/api/conversations",
    );
    for (const { conversationId } of conversations.body.conversations) {
      const controller = new AbortController();
      const response = await fetch(`${installation.app.url}/api/conversations/${conversationId}/events?after=0`, {
        headers: { authorization: `Bearer ${installation.token}` },
        signal: controller.signal,
      });
      const reader = response.body?.getReader();
      const first = await reader?.read();
      everything.push(new TextDecoder().decode(first?.value));
      controller.abort();
    }
    for (const text of everything) expect(text).not.toContain(sampleLibraryKey);
  });

  test("switches a module off and on again", async ({ installation }) => {
    const path = await modulePath(installation);
    expect((await callApi(installation, "POST", `${path}/disable`, {})).status).toBe(200);
    const off = await ask(installation, "List my loans in the library");
    expect(off.toolCalls.map((call) => call.tool)).not.toContain("library_list_loans");
    expect((await callApi(installation, "POST", `${path}/enable`, {})).status).toBe(200);
    const on = await ask(installation, "List my loans in the library");
    expect(on.answer).toContain("Kindred");
  });

  test("gives the same run for the same idempotency key and refuses it for another message", async ({
    installation,
  }) => {
    const key = { "idempotency-key": "double-submit-1" };
    const body = { message: "What is 2+2?" };
    const [first, second] = await Promise.all([
      callApi<{ runId: string }>(installation, "POST", "/api/runs", body, key),
      callApi<{ runId: string }>(installation, "POST", "/api/runs", body, key),
    ]);
    expect(first.body.runId).toBe(second.body.runId);
    const other = await callApi<{ error: { code: string } }>(
      installation,
      "POST",
      "/api/runs",
      { message: "What is 3+3?" },
      key,
    );
    expect(other.status).toBe(409);
    expect(other.body.error.code).toBe("conflict");
  });

  test("finishes a run with one answer when the worker is killed in the middle", async ({ installation }) => {
    const started = await callApi<{ runId: string }>(installation, "POST", "/api/runs", {
      message: `Build me a module from ${installation.library}/openapi.json called second-library`,
    });
    const workers = await installation.app.processIds("worker.mjs");
    expect(workers.length).toBeGreaterThan(0);
    for (const pid of workers) process.kill(pid, "SIGKILL");
    const run = await waitForRun(installation, started.body.runId);
    expect(run.status).toBe("done");
    expect(run.toolCalls.filter((call) => call.tool === "build_module")).toHaveLength(1);
  });

  test("answers 401 without a token and 404 for what does not exist", async ({ installation }) => {
    const bare = await fetch(`${installation.app.url}/api/modules`);
    expect(bare.status).toBe(401);
    const missing = await callApi<{ error: { code: string } }>(installation, "GET", "/api/runs/run_doesnotexist");
    expect(missing.status).toBe(404);
    expect(missing.body.error.code).toBe("not-found");
  });
});

async function modulePath(at: Installation): Promise<string> {
  const list = await callApi<{ modules: { category: string; name: string }[] }>(at, "GET", "/api/modules");
  const built = list.body.modules.find((item) => item.name === "library");
  if (!built) throw new Error("the sample library was not built");
  return `/api/modules/${built.category}/${built.name}`;
}
