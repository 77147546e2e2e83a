// Our two questions about many threads, asked through the product's own functions.
import { asSystem } from "@/lib/contracts/viewer";
import { buryRuns, claimRun, workerLockClass, workerName } from "@/lib/db/claims";
import { dedicatedConnection } from "@/lib/db/client";
import { listConversations } from "@/lib/db/conversations";
import { servePeer } from "../parts/serve-peer.mjs";

const lockNumber = 1;
let scanner;

servePeer({
  async ready() {
    // A worker that lives: what it has claimed is not free again.
    const alive = await dedicatedConnection("bench");
    await alive.query("SELECT pg_advisory_lock($1, $2)", [workerLockClass, lockNumber]);
    scanner = await dedicatedConnection("bench");
    for (const way of ["indexscan", "indexonlyscan", "bitmapscan"]) await scanner.query(`SET enable_${way} = off`);
  },
  async list({ userId }) {
    const viewer = { kind: "viewer", userId, role: "member", via: "session", scopes: [] };
    const { ms, result } = await timed(() => listConversations(viewer, { limit: 20 }));
    if (result.length !== 20) throw new Error(`${result.length} conversations`);
    return ms;
  },
  /** The worker's sweep: every unfinished run is looked at, and whether its worker lives. None of these is to be given up. */
  async sweep() {
    return (await timed(() => buryRuns(asSystem("worker")))).ms;
  },
  async claim() {
    const { ms, result } = await timed(() => claimRun(asSystem("worker"), workerName(lockNumber)));
    if (!result) throw new Error("nothing to claim");
    return ms;
  },
  /** What the claim would have to do without an index, and less: it only looks. */
  async scan() {
    const { ms, result } = await timed(() =>
      scanner.query(
        `SELECT id FROM "Run" WHERE status IN ('queued', 'running') AND "nextAt" <= now() ORDER BY "nextAt" LIMIT 1`,
      ),
    );
    if (result.rowCount !== 1) throw new Error("nothing found");
    return ms;
  },
});

async function timed(work) {
  const startedAt = performance.now();
  const result = await work();
  return { ms: performance.now() - startedAt, result };
}
