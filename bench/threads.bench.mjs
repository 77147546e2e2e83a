// 100,000 threads of 1,000 people, one in a thousand unfinished: a person's 20 latest, and finding what is unfinished.
// Against LangGraph.js's way with the same number of threads (list() with a metadata filter; its rows are put in by SQL),
// and, for unfinished runs, for which it has no call, against a sequential scan of our table that only looks for one.
import pg from "pg";
import { join } from "node:path";
import { root } from "../scripts/supervisor/install.mjs";
import { bundlePeer } from "./parts/bundle.mjs";
import { median } from "./parts/numbers.mjs";
import { startPeer } from "./parts/peer.mjs";
import { withPostgres } from "./parts/postgres.mjs";
import { printTable, reportClaim } from "./parts/report.mjs";

const threads = 100_000;
const people = 1000;
const rounds = 60;

const age = "now() - interval '1 minute' * n";
const ourRows = [
  `INSERT INTO "User" (id, email, name, "passwordHash", role)
   SELECT 'user_' || n, n || '@example.org', 'Person', 'none', 'member' FROM generate_series(0, ${people - 1}) n`,
  `INSERT INTO "Conversation" (id, "userId", title, "lastSeq", "createdAt", "updatedAt")
   SELECT 'conv_' || n, 'user_' || n % ${people}, 'Conversation ' || n, 0, ${age}, ${age} FROM generate_series(1, ${threads}) n`,
  `INSERT INTO "Run" (id, "conversationId", "userId", kind, status, input, "nextAt", "createdAt", "finishedAt")
   SELECT 'run_' || n, 'conv_' || n, 'user_' || n % ${people}, 'chat', CASE WHEN n % 1000 = 0 THEN 'queued' ELSE 'done' END, '{}',
     ${age}, ${age}, CASE WHEN n % 1000 = 0 THEN NULL ELSE ${age} END FROM generate_series(1, ${threads}) n`,
  "VACUUM ANALYZE",
];
/** As a run of one step leaves them, without the messages' own rows, which list() reads in addition. */
const langgraphRows = [
  `INSERT INTO checkpoints (thread_id, checkpoint_id, parent_checkpoint_id, type, checkpoint, metadata)
   SELECT 'thread-' || n, lpad((${threads} - n)::text, 8, '0') || '-' || step, NULL, 'json',
     jsonb_build_object('v', 4, 'id', n || '-' || step, 'ts', '2026-01-01T00:00:00Z', 'channel_values', '{}'::jsonb,
       'channel_versions', '{}'::jsonb, 'versions_seen', '{}'::jsonb),
     jsonb_build_object('source', 'loop', 'step', step, 'parents', '{}'::jsonb, 'user_id', 'user_' || n % ${people})
   FROM generate_series(1, ${threads}) n, generate_series(0, 2) step`,
  "VACUUM ANALYZE",
];

await withPostgres(async ({ admin, createDatabase }) => {
  const ours = await createDatabase("ours", { isMigrated: true });
  const langgraph = await createDatabase("langgraph");
  const peers = [];
  try {
    peers.push(
      await startPeer(await bundlePeer("threads-ours"), {}, { DATABASE_URL: ours }),
      await startPeer(join(root, "bench", "peers", "threads-langgraph.mjs"), { databaseUrl: langgraph }),
    );
    await fill(ours, ourRows);
    await fill(langgraph, langgraphRows);
    await admin.query("SELECT pg_stat_statements_reset()");
    report({ ...(await measure(...peers)), ...(await readServerTimes(admin)) });
  } finally {
    for (const peer of peers) await peer.stop();
  }
});

async function measure(ours, langgraph) {
  const times = { list: [], sweep: [], claim: [], scan: [], langgraphList: [] };
  const person = (round) => `user_${(round * 37) % people}`;
  for (let round = 0; round < rounds; round += 1) {
    times.list.push(await ours.ask("list", { userId: person(round) }));
    times.sweep.push(await ours.ask("sweep"));
    times.claim.push(await ours.ask("claim"));
    if (round % 6 === 0) {
      times.scan.push(await ours.ask("scan"));
      times.langgraphList.push(await langgraph.ask("list", { userId: person(round) }));
    }
  }
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
}

/** What the statements themselves took in PostgreSQL: without the commit, the way there and back, and the queue for a core. */
async function readServerTimes(admin) {
  const { rows } = await admin.query(
    `SELECT query, mean_exec_time AS ms FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid WHERE datname = 'ours'`,
  );
  const meanOf = (part) => rows.find(({ query }) => query.includes(part))?.ms ?? Number.NaN;
  return { serverList: meanOf('AS "conversationId", c.title'), serverClaim: meanOf("WITH free AS") };
}

function report(found) {
  printTable([
    {
      "100,000 threads": "a person's 20 latest, Burgeon listConversations",
      "p50 ms": found.list,
      "of it in PostgreSQL": found.serverList,
    },
    { "100,000 threads": "the same, LangGraph list() with metadata filter", "p50 ms": found.langgraphList },
    { "100,000 threads": "look through all unfinished runs, Burgeon's sweep", "p50 ms": found.sweep },
    {
      "100,000 threads": "claim the next unfinished run, Burgeon",
      "p50 ms": found.claim,
      "of it in PostgreSQL": found.serverClaim,
    },
    { "100,000 threads": "only looking for one, by sequential scan", "p50 ms": found.scan },
  ]);
  reportClaim({
    claim: "20 latest of 100,000 threads",
    ours: found.list,
    otherName: `LangGraph list(): ${found.langgraphList.toFixed(0)} ms`,
    unit: "ms",
    aim: 2,
  });
  reportClaim({
    claim: "all unfinished runs of 100,000",
    ours: found.sweep,
    otherName: `sequential scan: ${found.scan.toFixed(0)} ms`,
    unit: "ms",
    aim: 2,
  });
}

async function fill(url, statements) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}
