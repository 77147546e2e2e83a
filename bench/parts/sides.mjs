// The sides that the benches of steps, threads and crowds compare, each with a database of its own.
import { join } from "node:path";
import { root } from "../../scripts/supervisor/install.mjs";
import { bundlePeer } from "./bundle.mjs";
import { startPeer } from "./peer.mjs";
import { withPostgres } from "./postgres.mjs";

const peerScript = (name) => join(root, "bench", "peers", `${name}.mjs`);

/** How each side is started: script, options, whether it has our tables. */
const sides = {
  ours: { script: () => bundlePeer("ours"), isMigrated: true, options: { concurrency: 1 } },
  shipped: { script: () => bundlePeer("ours"), isMigrated: true, options: { concurrency: 1, isShipped: true } },
  crowd: { script: () => bundlePeer("ours"), isMigrated: true, options: { concurrency: 16 } },
  bare: { script: () => peerScript("bare"), options: {} },
  plain: { script: () => peerScript("bare"), options: { isStored: true } },
  langgraph: { script: () => peerScript("langgraph"), options: { durability: "sync" } },
};

/** Starts PostgreSQL, the model and the named sides, and gives them to `work` by name. */
export function withSides(names, work, { model = {}, shippedModel = "tools-10" } = {}) {
  return withPostgres(async ({ admin, adminUrl, createDatabase }) => {
    const started = [];
    try {
      const server = await startPeer(join(root, "bench", "parts", "model-server.mjs"), model);
      started.push(server);
      const { baseUrl } = server.ready;
      const peers = {};
      for (const name of names) {
        const { script, isMigrated = false, options } = sides[name];
        const databaseUrl = await createDatabase(name, { isMigrated });
        const env = {
          DATABASE_URL: databaseUrl,
          OPENAI_COMPATIBLE_BASE_URL: baseUrl,
          OPENAI_COMPATIBLE_API_KEY: "none",
          BURGEON_MODEL: `openai-compatible:${shippedModel}`,
        };
        peers[name] = await startPeer(
          await script(),
          { ...options, baseUrl, databaseUrl, adminUrl, database: name },
          env,
        );
        started.push(peers[name]);
      }
      return await work({ admin, peers, server });
    } finally {
      for (const one of started) await one.stop();
    }
  });
}
