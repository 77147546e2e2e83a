// Our side: the product's worker (claims, leases, heartbeats), its loop and its log, with its own client of the model.
// `isShipped`: tools and model are looked up for every step as the product does; otherwise one trivial tool, one model.
import { z } from "zod";
import { asSystem } from "@/lib/contracts/viewer";
import { foldConversation } from "@/lib/conversation/display";
import { toModelPrompt } from "@/lib/conversation/prompt";
import { dedicatedConnection, pool } from "@/lib/db/client";
import { readAllEvents } from "@/lib/db/events";
import { createRun } from "@/lib/db/runs";
import { createModel, resolveModel } from "@/lib/models/resolve";
import { defineTool } from "@/lib/tools/define-tool";
import { listTools } from "@/lib/tools/registry";
import { startWorker } from "@/lib/worker/start-worker";
import { Probe } from "../parts/probe.mjs";
import { options, servePeer, withCpu } from "../parts/serve-peer.mjs";

const viewer = { kind: "viewer", userId: "user_bench", role: "owner", via: "session", scopes: ["chat"] };
const noLimit = {
  run: { steps: 1e5, toolCalls: 1e5, tokens: 1e12, wallMs: 1e9, costMicros: 1e12 },
  day: { runs: 1e9, tokens: 1e12, costMicros: 1e12 },
};
const probe = new Probe(options);
let modelName = options.model;
const models = new Map();
let onFinished = () => {};

const step = defineTool({
  name: "step",
  title: "Step",
  description: "Does one step.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 10_000,
  input: z.object({ n: z.number().optional(), prose: z.string().optional() }),
  output: z.object({ ok: z.boolean() }),
  async execute() {
    await probe.hit();
    return { kind: "done", output: { ok: true } };
  },
});

const ports = {
  resolveModel: options.isShipped ? resolveModel : fixedModel,
  listTools: options.isShipped ? async (asked) => withProbe(await listTools(asked)) : async () => [step],
  executeBuild: () => Promise.reject(new Error("no builds here")),
  findBuildOutcome: async () => null,
  scan: async () => undefined,
  getTimeZone: async () => "UTC",
  getBudget: async () => noLimit,
};

/** The product's client of the model, made once. */
async function fixedModel(asked) {
  const choice = { provider: "openai-compatible", model: modelName, baseUrl: options.baseUrl };
  // So long a window that no thread here has to be told in few words.
  if (!models.has(modelName)) models.set(modelName, { ...(await createModel(asked, choice)), contextTokens: 1e7 });
  return models.get(modelName);
}

function withProbe(tools) {
  return tools.map((tool) => (tool.name === "current_time" ? { ...tool, execute: clockWithProbe(tool) } : tool));
}

const clockWithProbe = (tool) => async (input, context) => {
  await probe.hit();
  return tool.execute(input, context);
};

servePeer({
  async ready() {
    await probe.connect();
    await pool().query(
      `INSERT INTO "User" (id, email, name, "passwordHash", role) VALUES ($1, 'bench@example.org', 'Bench', 'none', 'owner')`,
      [viewer.userId],
    );
    await watchEnds();
    await startWorker(ports, options.concurrency ?? 1);
  },
  /** One run after the other. */
  async runs({ count, model, sampling }) {
    modelName = model;
    const measured = await withCpu(async () => {
      for (let done = 0; done < count; done += 1) {
        probe.begin(sampling);
        await finishAll(1);
      }
    });
    return { ...measured, stepMs: probe.takeSteps(), samples: probe.samples };
  },
  /** All at once. */
  async crowd({ count, model }) {
    modelName = model;
    probe.begin();
    const measured = await withCpu(() => finishAll(count));
    probe.takeSteps();
    return measured;
  },
  /** What a page and a worker do with the newest thread before anything else can happen. */
  async load() {
    const { rows } = await pool().query(`SELECT id FROM "Conversation" ORDER BY "createdAt" DESC LIMIT 1`);
    return withCpu(async () => {
      const events = await readAllEvents(asSystem("worker"), rows[0].id);
      const view = foldConversation(events);
      const prompt = toModelPrompt(events, { system: "", markUntrusted: true });
      return { events: events.length, items: view.items.length, messages: prompt.length };
    });
  },
});

/** The database itself tells of the end of a run, whatever the product tells: one trigger more, on our side only. */
async function watchEnds() {
  const client = await dedicatedConnection("bench");
  await client.query(`
    CREATE FUNCTION bench_tell_end() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM pg_notify('bench_ends', NEW.id); RETURN NULL; END $$;
    CREATE TRIGGER bench_end AFTER UPDATE ON "Run" FOR EACH ROW
      WHEN (OLD."finishedAt" IS NULL AND NEW."finishedAt" IS NOT NULL) EXECUTE FUNCTION bench_tell_end();
    LISTEN bench_ends`);
  client.on("notification", () => onFinished());
}

async function finishAll(count) {
  let left = count;
  const finished = new Promise((resolve) => {
    onFinished = () => {
      left -= 1;
      if (left === 0) resolve();
    };
  });
  await Promise.all(Array.from({ length: count }, () => createRun(viewer, { message: "Go.", via: "api" })));
  await finished;
  const { rows } = await pool().query(`SELECT status, error, count(*)::int FROM "Run" GROUP BY 1, 2`);
  if (rows.some(({ status }) => status !== "done")) throw new Error(`not all runs are done: ${JSON.stringify(rows)}`);
}
