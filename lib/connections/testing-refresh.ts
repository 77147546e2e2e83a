import { getAdapter } from "@/lib/adapters/registry";
import { actAs } from "@/lib/contracts/viewer";
import { closeDatabase } from "@/lib/db/client";
import { freshAccessToken } from "./tokens";

/** A process of its own for tests: asks for an access token many times at once, and prints the different ones as JSON. */
const [userId = "", connectionId = "", adapterId = "", count = "1"] = process.argv.slice(2);
process.stdout.write("ready\n");
process.stdin.once("data", async () => {
  const adapter = getAdapter(adapterId);
  const asked = Array.from({ length: Number(count) }, () => freshAccessToken(actAs(userId), connectionId, adapter));
  const tokens = await Promise.all(asked);
  process.stdout.write(`${JSON.stringify([...new Set(tokens)])}\n`);
  await closeDatabase();
  process.exit(0);
});
