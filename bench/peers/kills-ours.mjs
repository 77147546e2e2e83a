// A worker of ours that is going to be killed: a read, an effect with an idempotency key, an effect without one. Or, with
// `isClient`, the process that sends the messages.
import { z } from "zod";
import { defaultBudget } from "@/lib/contracts/run";
import { pool } from "@/lib/db/client";
import { createRun } from "@/lib/db/runs";
import { createModel } from "@/lib/models/resolve";
import { defineTool } from "@/lib/tools/define-tool";
import { startWorker } from "@/lib/worker/start-worker";
import { options, servePeer } from "../parts/serve-peer.mjs";

const viewer = { kind: "viewer", userId: "user_bench", role: "owner", via: "session", scopes: ["chat"] };
let resolved;

const ports = {
  async resolveModel(asked) {
    const choice = { provider: "openai-compatible", model: options.model, baseUrl: options.baseUrl };
    resolved ??= await createModel(asked, choice);
    return resolved;
  },
  listTools: async () => [
    deed("look_up", "read", "read"),
    deed("send_keyed", "write", "keyed"),
    deed("send_once", "write", "none"),
  ],
  getTimeZone: async () => "UTC",
  getBudget: async () => defaultBudget,
  executeBuild: () => Promise.reject(new Error("no builds here")),
  findBuildOutcome: async () => null,
  scan: async () => undefined,
};

function deed(name, effect, idempotency) {
  return defineTool({
    name,
    title: name,
    description: name,
    effect,
    idempotency,
    timeoutMs: 10_000,
    input: z.object({ n: z.number() }),
    output: z.object({ ok: z.boolean() }),
    async execute({ n }, { runId, idempotencyKey }) {
      if (effect === "read") return { kind: "done", output: { ok: true } };
      const headers = idempotency === "keyed" ? { "idempotency-key": idempotencyKey } : {};
      const response = await fetch(`${options.effects}/${name}/${runId}/${n}`, { method: "POST", headers });
      return { kind: "done", output: await response.json() };
    },
  });
}

servePeer({
  async ready() {
    if (!options.isClient) return;
    await pool().query(
      `INSERT INTO "User" (id, email, name, "passwordHash", role) VALUES ($1, 'bench@example.org', 'Bench', 'none', 'owner')`,
      [viewer.userId],
    );
  },
  async begin() {
    return (await startWorker(ports, 16)).name;
  },
  create: ({ message }) => createRun(viewer, { message, via: "api" }),
});
