import { join } from "node:path";
import pg from "pg";
import { root } from "../../scripts/supervisor/install.mjs";
import { startOurApp, startRoute } from "./apps.mjs";
import { startPeer } from "./peer.mjs";
import { withPostgres } from "./postgres.mjs";

async function createTableOfWords(createDatabase) {
  const databaseUrl = await createDatabase("route");
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query("CREATE TABLE said (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, text text NOT NULL)");
  await client.end();
  return databaseUrl;
}

/** Starts the model, our app and the minimal route, and gives all three to `work`. */
export function withStreamSides(work, { concurrency = 48 } = {}) {
  return withPostgres(async ({ pid, createDatabase }) => {
    const started = [];
    try {
      const model = await startPeer(join(root, "bench", "parts", "model-server.mjs"), {});
      started.push(model);
      const modelUrl = model.ready.baseUrl;
      const databaseUrl = await createDatabase("app", { isMigrated: true });
      const ours = await startOurApp({ databaseUrl, modelUrl, concurrency });
      started.push(ours);
      const route = await startRoute({ modelUrl, databaseUrl: await createTableOfWords(createDatabase) });
      started.push(route);
      return await work({ modelUrl, ours, route, postgresPid: pid });
    } finally {
      for (const one of started.reverse()) await one.stop();
    }
  });
}
