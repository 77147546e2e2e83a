import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ModuleManifest } from "@/lib/contracts/module";
import type { Sandbox, SandboxCall } from "@/lib/contracts/sandbox";
import type { RequestRecord } from "@/lib/egress/connection-request";
import { startTestServer, type TestServer } from "@/lib/egress/testing";
import { mayHaveChanged, runOperation } from "./run-operation";

let service: TestServer;
beforeAll(async () => {
  service = await startTestServer(async (request, response) => {
    // The first to come is the last to be answered.
    if (request.url === "/slow") await pause(60);
    if (request.url === "/never") return;
    response.setHeader("content-type", "application/json");
    response.end("{}");
  });
});
afterAll(() => service.close());
beforeEach(() => {
  vi.stubEnv("BURGEON_EGRESS_ALLOW", service.host);
  service.requests.length = 0;
});

type Ask = (method: string, path: string) => Promise<unknown>;

/** Runs what a module would do, without its machine. */
function run(act: (ask: Ask) => Promise<unknown>) {
  const sandbox: Sandbox = {
    async run({ onRequest }: SandboxCall) {
      const { signal } = new AbortController();
      await act(async (method, path) => onRequest?.("api", { method, path }, signal));
      return { ok: true, value: {}, logs: [], usage: { cpuMs: 0, wallMs: 0, requests: 0 } };
    },
    close: async () => undefined,
  };
  return runOperation({
    ...{ manifest, code: "", operation: "pay", input: {}, credentials: {}, tokenScope: "t" },
    ...{ idempotencyKey: "KEY", sandbox },
  });
}
const manifest = {
  ...{ schemaVersion: 1, category: "money", name: "pay", title: "Pay", description: "Pays.", version: "1.0.0" },
  get connections() {
    return { api: { baseUrl: service.origin, methods: ["GET", "POST"], auth: { kind: "none" } } };
  },
  credentials: [],
  operations: {
    pay: {
      ...{ kind: "tool", description: "Pays something.", effect: "write", idempotencyHeader: "Idempotency-Key" },
      ...{ input: { type: "object" }, output: { type: "object" }, questions: [] },
    },
  },
} as unknown as ModuleManifest;
const keys = (method = "POST") =>
  service.requests
    .filter((request) => request.method === method)
    .map(({ url, headers }) => `${url} ${headers["idempotency-key"]}`)
    .sort();

describe("the key of a write", () => {
  it("is another for each, also when they are on their way at the same time", async () => {
    await run((ask) => Promise.all(["/slow", "/b", "/c"].map((path) => ask("POST", path))));
    expect(keys()).toEqual(["/b KEY-1", "/c KEY-2", "/slow KEY-0"]);
  });

  it("is the same when everything is done again, however often was read before it", async () => {
    const pay = (looks: number) => async (ask: Ask) => {
      for (let look = 0; look < looks; look++) await ask("GET", "/ready");
      await ask("POST", "/a");
      await ask("POST", "/b");
    };
    await run(pay(1));
    const first = keys();
    service.requests.length = 0;
    await run(pay(3));
    expect(keys()).toEqual(first);
    expect(first).toEqual(["/a KEY-0", "/b KEY-1"]);
    expect(new Set(keys("GET")).size).toBe(3);
  });
});

describe("the requests of an operation", () => {
  it("are told in the order they were made, the one that was still under way without a status", async () => {
    const { requests } = await run(async (ask) => {
      void ask("POST", "/never");
      await Promise.all([ask("GET", "/slow"), ask("GET", "/b")]);
    });
    expect(requests.map(({ method, path, status, blocked }) => [method, path, status ?? blocked])).toEqual([
      ["POST", "/never", undefined],
      ["GET", "/slow", 200],
      ["GET", "/b", 200],
    ]);
    expect(mayHaveChanged(requests)).toBe(true);
  });

  const record = (change: Partial<RequestRecord>) => [
    { host: "h", method: "POST", path: "/", durationMs: 1, ...change },
  ];
  it.each<[string, Partial<RequestRecord>, boolean]>([
    ["a write that was accepted", { status: 201 }, true],
    ["a write without an answer", {}, true],
    ["a write that the other side stumbled over", { status: 502 }, true],
    ["a write that it waited too long for", { status: 408 }, true],
    ["a write that it turned down", { status: 422 }, false],
    ["a write that was not sent", { blocked: "no such host" }, false],
    ["a read", { method: "GET", status: 200 }, false],
  ])("may have changed something: %s", (_name, change, expected) => {
    expect(mayHaveChanged(record(change))).toBe(expected);
  });
});
