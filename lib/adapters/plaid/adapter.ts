import type { Adapter } from "../../contracts/adapter";
import { createPlaidClient, type PlaidClient } from "./client";
import { createLinkPort } from "./link";
import { manifest } from "./manifest";
import { refreshBalances, syncFinance } from "./sync";
import { createWebhookPort } from "./webhook";

/** Banks through Plaid. */
export const plaid: Adapter = createPlaidAdapter(createPlaidClient());

/** The same with a client of one's own. */
export function createPlaidAdapter(client: PlaidClient): Adapter {
  return {
    manifest,
    missing() {
      const { clientId, secret } = client.configuration();
      return [...(clientId ? [] : ["PLAID_CLIENT_ID"]), ...(secret ? [] : ["PLAID_SECRET"])];
    },
    link: createLinkPort(client),
    webhook: createWebhookPort(client),
    syncFinance: (io, store) => syncFinance(client, io, store),
    refreshBalances: (io, store) => refreshBalances(client, io, store),
  };
}
