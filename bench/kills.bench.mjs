// Up to 200 workers killed with -9 in the middle of runs with effects: what was done twice, what was lost, how often the model was
// asked again, and how soon another worker goes on. Against the plain loop with one insert per step, started again at once.
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { root } from "../scripts/supervisor/install.mjs";
import { bundlePeer } from "./parts/bundle.mjs";
import { quantile, show } from "./parts/numbers.mjs";
import { startPeer } from "./parts/peer.mjs";
import { withPostgres } from "./parts/postgres.mjs";
import { printTable, reportClaim } from "./parts/report.mjs";

const model = "tools-6";
const kills = 200;
/** A busy machine gets through fewer of them. */
const patienceMs = 240_000;
const endMs = 30_000;
const plainKills = 40;
const workersWanted = 3;
const sparesWanted = 2;
/** So many runs are under way at any time. */
const runsWanted = 4;
const modelOptions = { isCounting: true, thinkMs: 10, tools: ["look_up", "send_keyed", "send_once"] };
const cache = join(root, "node_modules", ".cache", "burgeon-bench", "compiled");
const part = (name) => join(root, "bench", "parts", `${name}.mjs`);

await withPostgres(async ({ createDatabase }) => {
  const started = [];
  const start = async (...args) => {
    const peer = await startPeer(...args);
    started.push(peer);
    return peer;
  };
  try {
    const ours = await killOurs(start, await createDatabase("ours", { isMigrated: true }));
    const plain = await killPlain(start, await createDatabase("plain"));
    report(ours, plain);
  } finally {
    for (const peer of started) await peer.stop();
  }
});

/** A model and a provider of its own for each side, so that what they counted is that side's. */
async function startWorld(start) {
  const server = await start(part("model-server"), modelOptions);
  const effects = await start(part("effect-server"), {});
  return {
    options: { model, baseUrl: server.ready.baseUrl, effects: effects.ready.origin },
    async count() {
      const asked = Object.values(await server.ask("asked"));
      return { ...(await effects.ask("count")), repeatedCalls: asked.reduce((total, times) => total + times - 1, 0) };
    },
  };
}

async function killOurs(start, databaseUrl) {
  const script = await bundlePeer("kills-ours");
  const world = await startWorld(start);
  const env = {
    DATABASE_URL: databaseUrl,
    OPENAI_COMPATIBLE_BASE_URL: world.options.baseUrl,
    NODE_COMPILE_CACHE: cache,
  };
  const client = await start(script, { isClient: true }, env);
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  const load = () => start(script, world.options, env);
  // Loaded ahead, so that a kill is followed by a takeover and not by two seconds of starting Node.
  const spares = Array.from({ length: sparesWanted }, load);
  const workers = [];
  const killed = [];
  let runs = 0;
  const until = performance.now() + patienceMs;
  while (killed.length < kills && performance.now() < until) {
    for (; workers.length < workersWanted; spares.push(load())) {
      const worker = await spares.shift();
      workers.push({ ...worker, name: await worker.ask("begin") });
    }
    for (let open = await countOpen(database); open < runsWanted; open += 1) {
      runs += 1;
      await client.ask("create", { message: `question ${runs}` });
    }
    await pause(Math.random() * 100);
    const held = await listHeld(database);
    const victim = workers.findIndex(({ name }) => held.has(name));
    if (victim < 0) continue;
    const [{ name, kill, gone }] = workers.splice(victim, 1);
    killed.push({ at: new Date(), gone, name, runs: held.get(name) });
    kill("SIGKILL");
    await untilTaken(database, name);
  }
  while ((await countOpen(database)) > 0 && performance.now() < until + endMs) await pause(50);
  // Killed in the middle of an effect that may not be repeated: a person is asked, and the run waits for the answer.
  const { rows } = await database.query(
    `SELECT COALESCE(sum((status NOT IN ('done', 'waiting'))::int), 0)::int AS lost,
       COALESCE(sum((status = 'waiting')::int), 0)::int AS asked FROM "Run"`,
  );
  const takeovers = await readTakeovers(database, killed);
  await database.end();
  await Promise.all(spares);
  const { sinceKill, sinceGone } = takeovers;
  return { ...(await world.count()), kills: killed.length, runs, ...rows[0], takeovers: sinceKill, sinceGone };
}

async function countOpen(database) {
  const { rows } = await database.query(
    `SELECT count(*)::int AS open FROM "Run" WHERE status IN ('queued', 'running')`,
  );
  return rows[0].open;
}

/** Worker → the runs it is at. */
async function listHeld(database) {
  const { rows } = await database.query(
    `SELECT owner, array_agg(id) AS ids FROM "Run" WHERE status = 'running' GROUP BY owner`,
  );
  return new Map(rows.map(({ owner, ids }) => [owner, ids]));
}

/** Until nothing is the dead worker's any more: what is killed next is somebody who works. */
async function untilTaken(database, name) {
  while ((await listHeld(database)).has(name)) await pause(10);
}

/** From the kill, and from when it had taken effect, to the first event that another worker wrote of a run that the dead one held. */
async function readTakeovers(database, killed) {
  const times = { sinceKill: [], sinceGone: [] };
  for (const { at, gone, name, runs } of killed) {
    const goneAt = await gone;
    const { rows } = await database.query(
      `SELECT min("createdAt") AS at FROM "Event" WHERE "runId" = ANY($1) AND type = 'run-claimed' AND "createdAt" >= $2
         AND payload->>'worker' <> $3 GROUP BY "runId"`,
      [runs, at, name],
    );
    times.sinceKill.push(...rows.map((row) => row.at - at));
    times.sinceGone.push(...rows.map((row) => row.at - goneAt));
  }
  return times;
}

async function killPlain(start, databaseUrl) {
  const world = await startWorld(start);
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  await database.query(
    "CREATE TABLE step (run text, n int, messages jsonb, at timestamptz DEFAULT clock_timestamp(), PRIMARY KEY (run, n))",
  );
  const takeovers = [];
  let runs = 0;
  let open = [];
  for (let done = 0; done < plainKills; done += 1) {
    const { rows } = await database.query("SELECT run FROM step WHERE jsonb_array_length(messages) = 1");
    const finished = new Set(rows.map(({ run }) => run));
    open = open.filter((run) => !finished.has(run));
    while (open.length < 2) {
      runs += 1;
      open.push(`question ${runs}`);
    }
    const { at } = (await database.query("SELECT clock_timestamp() AS at")).rows[0];
    const worker = await start(
      join(root, "bench", "peers", "kills-plain.mjs"),
      { ...world.options, databaseUrl, runs: open },
      { NODE_COMPILE_CACHE: cache },
    );
    const firsts = () => database.query("SELECT min(at) AS at FROM step WHERE at >= $1 GROUP BY run", [at]);
    while ((await firsts()).rowCount === 0) await pause(10);
    await pause(Math.random() * 100);
    await worker.stop();
    // Started at once after the kill before: this is how long nothing happened.
    if (done > 0) takeovers.push(...(await firsts()).rows.map((row) => row.at - at));
  }
  await database.end();
  return { ...(await world.count()), kills: plainKills, runs, takeovers };
}

function report(ours, plain) {
  const row = (side, { kills: count, runs, deeds, requests, duplicated, lost, asked, repeatedCalls, takeovers }) => ({
    side,
    kills: count,
    runs,
    deeds,
    "requests for them": requests,
    duplicated,
    lost: lost ?? "–",
    "left to a person": asked ?? "–",
    "model calls repeated": repeatedCalls,
    "goes on after p50 ms": quantile(takeovers, 0.5),
    "p95 ms": quantile(takeovers, 0.95),
  });
  const otherName = "plain loop, 1 insert per step, restarted";
  printTable([row("Burgeon, another worker takes over", ours), row(otherName, plain)]);
  const [p50, p95] = [0.5, 0.95].map((part) => show(quantile(ours.sinceGone, part)));
  console.log(
    `Once the system had taken the killed process away, another worker went on after ${p50} ms, p95 ${p95} ms.\n`,
  );
  const per = (side) => side.repeatedCalls / side.kills;
  reportClaim({
    claim: `effects done twice in ${ours.kills} kills`,
    ours: ours.duplicated,
    otherName: `${otherName}: ${plain.duplicated} in ${plain.kills}`,
    aim: 0,
  });
  reportClaim({ claim: `runs lost in ${ours.kills} kills`, ours: ours.lost, otherName, aim: 0 });
  reportClaim({
    claim: "model calls repeated per kill",
    ours: per(ours),
    otherName: `${otherName}: ${show(per(plain))}`,
    aim: 1,
  });
  reportClaim({
    claim: "another worker goes on, p95",
    ours: quantile(ours.takeovers, 0.95),
    otherName: `${otherName}: ${show(quantile(plain.takeovers, 0.95))} ms`,
    unit: "ms",
    aim: 250,
  });
}
