// 100,000 transactions of one person (and as many of others): pages, searches and sums. Against the same statements where the
// database may use no index.
import pg from "pg";
import { bundlePeer } from "./parts/bundle.mjs";
import { median } from "./parts/numbers.mjs";
import { startPeer } from "./parts/peer.mjs";
import { withPostgres } from "./parts/postgres.mjs";
import { printTable, reportClaim } from "./parts/report.mjs";

const rounds = 15;
const noIndex = ["indexscan", "indexonlyscan", "bitmapscan"].map((way) => `-c enable_${way}=off`).join(" ");

/** Ten years of a busy person. One in 2,000 is a zebra, one in ten a market. */
const rows = [
  `INSERT INTO "User" (id, email, name, "passwordHash", role)
   SELECT 'user_' || n, n || '@example.org', 'Person', 'none', 'member' FROM generate_series(1, 11) n`,
  `INSERT INTO "Connection" (id, "userId", adapter, "accountKey", title, state)
   SELECT 'conn_' || n, 'user_' || n, 'plaid', 'k', 'Bank', 'active' FROM generate_series(1, 11) n`,
  `INSERT INTO "Connection" (id, "userId", adapter, "accountKey", title, state)
   SELECT 'conn_new_' || n, 'user_1', 'plaid', 'new' || n, 'Bank', 'active' FROM generate_series(1, 3) n`,
  `INSERT INTO "FinancialAccount" (id, "userId", "connectionId", "sourceId", name, type, currency)
   SELECT 'acc_' || u || '_' || n, 'user_' || u, 'conn_' || u, 'a' || n, 'Account ' || n, 'checking', CASE n WHEN 3 THEN 'USD' ELSE 'CAD' END
   FROM generate_series(1, 11) u, generate_series(1, 3) n`,
  ...[
    { people: 1, of: 100_000 },
    { people: 10, of: 10_000 },
  ].map(
    ({
      people,
      of,
    }) => `INSERT INTO "FinancialTransaction" (id, "userId", "accountId", "sourceId", date, "amountMinor", currency, merchant, description, company, category, kind)
   SELECT 'txn_' || u || '_' || lpad(((n * 7919) % ${of})::text, 6, '0'), 'user_' || u, 'acc_' || u || '_' || (n % 3 + 1), 's' || n,
     date '2026-11-27' - (n * 3650.0 / ${of})::int, CASE WHEN n % 20 = 0 THEN 250000 ELSE -((n * 37) % 20000) END, CASE n % 3 WHEN 2 THEN 'USD' ELSE 'CAD' END,
     'SHOP ' || (n % 400) || CASE WHEN n % 2000 = 0 THEN ' ZEBRA' ELSE '' END || CASE WHEN n % 10 = 0 THEN ' MARKET' ELSE '' END, 'Card purchase ' || n,
     'Shop ' || (n % 400), (ARRAY['Groceries', 'Restaurant', 'Coffee', 'Shopping', 'Gas', 'Transit', 'Rent', 'Health'])[n % 8 + 1],
     CASE WHEN n % 20 = 0 THEN 'income' WHEN n % 33 = 0 THEN 'transfer' WHEN n % 50 = 0 THEN 'refund' ELSE 'expense' END
   FROM generate_series(${people === 1 ? 1 : 2}, ${people === 1 ? 1 : 11}) u, generate_series(1, ${of}) n`,
  ),
  "VACUUM ANALYZE",
];

await withPostgres(async ({ createDatabase }) => {
  const url = await createDatabase("money", { isMigrated: true });
  const peers = [];
  try {
    await fill(url);
    const script = await bundlePeer("finance-ours");
    const scanUrl = new URL(url);
    scanUrl.searchParams.set("options", noIndex);
    for (const databaseUrl of [url, scanUrl.href])
      peers.push(await startPeer(script, {}, { DATABASE_URL: databaseUrl }));
    report(await measure(...peers), await measureSync(peers[0]));
  } finally {
    for (const peer of peers) await peer.stop();
  }
});

async function measure(ours, scan) {
  const found = {};
  for (const question of ours.ready) {
    const times = { ours: [], scan: [] };
    for (let round = 0; round < rounds; round += 1) {
      times.ours.push(await ours.ask("ask", { question }));
      if (round % 3 === 0) times.scan.push(await scan.ask("ask", { question }));
    }
    found[question] = { ours: median(times.ours.slice(1)), scan: median(times.scan.slice(1)) };
  }
  return found;
}

async function measureSync(peer) {
  const times = [];
  for (const n of [1, 2, 3]) times.push(await peer.ask("sync", { connectionId: `conn_new_${n}` }));
  return median(times);
}

function report(found, syncMs) {
  printTable(
    Object.entries(found).map(([question, { ours, scan }]) => ({
      "100,000 transactions": question,
      "p50 ms": ours,
      "without indexes": scan,
      ratio: ours / scan,
    })),
  );
  for (const [question, { ours, scan }] of Object.entries(found))
    reportClaim({
      claim: `100,000 transactions: ${question}`,
      ours,
      otherName: `without indexes: ${scan.toFixed(0)} ms`,
      unit: "ms",
      aim: /^(?:year|all|rules)/.test(question) ? null : 50,
    });
  reportClaim({ claim: "a synchronisation of 5,000 transactions", ours: syncMs, unit: "ms", aim: 1000 });
}

async function fill(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const statement of rows) await client.query(statement);
  await client.end();
}
