import type { AdapterManifest } from "../../contracts/adapter";

export const manifest: AdapterManifest = {
  id: "plaid",
  title: "Bank (Plaid)",
  description: "Brings the accounts, balances and transactions of your bank, and keeps them up to date.",
  category: "finance",
  connect: "link",
  rights: [
    "See the names, types and last digits of the accounts you choose",
    "See their balances",
    "See up to two years of their transactions, and new ones as they come",
  ],
  environment: [
    { name: "PLAID_CLIENT_ID", what: "The client id from Plaid's dashboard", isRequired: true },
    { name: "PLAID_SECRET", what: "The secret that belongs to it, for the environment below", isRequired: true },
    { name: "PLAID_ENV", what: "sandbox (made-up banks, the default) or production", isRequired: false },
    { name: "PLAID_COUNTRY_CODES", what: "Countries whose banks are offered, such as US,CA", isRequired: false },
    {
      name: "PLAID_REDIRECT_URI",
      what: "For banks that sign in on a page of their own: an address that Plaid's dashboard lists",
      isRequired: false,
    },
    { name: "PLAID_BASE_URL", what: "Another address in the place of Plaid's, for tests", isRequired: false },
  ],
  setup: [
    "Open an account at dashboard.plaid.com. The sandbox is free and needs no approval.",
    "Under Developers, Keys, copy the client id into PLAID_CLIENT_ID and the secret of your environment into PLAID_SECRET.",
    "For real banks set PLAID_ENV to production and ask Plaid for access to Transactions.",
    "For banks that sign in on their own page, add {redirectUri} under Developers, API, Allowed redirect URIs, and set PLAID_REDIRECT_URI to it.",
    "Plaid tells of news at {webhookUrl}; nothing has to be entered, but Plaid must be able to reach it. Where it cannot, Burgeon asks every six hours.",
    "Restart Burgeon.",
  ],
  syncEveryMs: 6 * 3_600_000,
};
