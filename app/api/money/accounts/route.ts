import { listAccounts } from "@/lib/db/finance/accounts";
import { route } from "@/lib/http/route";

/** The person's accounts with their balances, hidden ones too. */
export const GET = route({ auth: "viewer", scope: "data:read" }, async ({ viewer }) =>
  Response.json({ accounts: await listAccounts(viewer) }),
);
