import { type CountryCode, Products } from "plaid";
import type { LinkPort } from "../../contracts/adapter";
import type { PlaidClient } from "./client";
import { goneCodes, hasPlaidCode } from "./problem";

/** As much as Plaid gives; it cannot be raised later (API reference, /link/token/create, transactions.days_requested). */
const daysRequested = 730;

/** Linking a bank through Plaid Link. */
export function createLinkPort(client: PlaidClient): LinkPort {
  return {
    async createLinkToken({ personKey, accessToken, isAccountSelectionWanted, redirectUri, webhookUrl, signal }) {
      const { countryCodes, redirectUri: configured } = client.configuration();
      const redirect = redirectUri ?? configured;
      const answer = await client.call(
        (api, options) =>
          api.linkTokenCreate(
            {
              client_name: "Burgeon",
              language: "en",
              country_codes: countryCodes as CountryCode[],
              user: { client_user_id: personKey },
              ...(redirect ? { redirect_uri: redirect } : {}),
              ...(webhookUrl ? { webhook: webhookUrl } : {}),
              ...(accessToken
                ? {
                    access_token: accessToken,
                    ...(isAccountSelectionWanted ? { update: { account_selection_enabled: true } } : {}),
                  }
                : { products: [Products.Transactions], transactions: { days_requested: daysRequested } }),
            },
            options,
          ),
        { signal },
      );
      return { linkToken: answer.link_token, expiresAt: new Date(answer.expiration) };
    },

    async exchange({ publicToken, signal }) {
      // Never sent twice: a public token is good once, so a second try after a lost answer could only fail.
      const answer = await client.call(
        (api, options) => api.itemPublicTokenExchange({ public_token: publicToken }, options),
        { signal, isRepeatable: false },
      );
      return { accessToken: answer.access_token, key: answer.item_id };
    },

    async nameOf({ accessToken, signal }) {
      const { item } = await client.call((api, options) => api.itemGet({ access_token: accessToken }, options), {
        signal,
      });
      const institutionId = item.institution_id ?? null;
      return item.institution_name ?? (institutionId ? nameInstitution(client, institutionId, signal) : "Bank");
    },

    async remove({ accessToken, signal }) {
      try {
        await client.call((api, options) => api.itemRemove({ access_token: accessToken }, options), { signal });
      } catch (error) {
        if (!hasPlaidCode(error, ...goneCodes)) throw error;
      }
    },
  };
}

/** Whether an item's standing error is one that the person mends by signing in. */
export function isSignInMissing(error: { error_code?: unknown } | null | undefined): boolean {
  return error?.error_code === "ITEM_LOGIN_REQUIRED" || error?.error_code === "PENDING_EXPIRATION";
}

async function nameInstitution(client: PlaidClient, institutionId: string, signal: AbortSignal): Promise<string> {
  const countryCodes = client.configuration().countryCodes as CountryCode[];
  const { institution } = await client.call(
    (api, options) => api.institutionsGetById({ institution_id: institutionId, country_codes: countryCodes }, options),
    { signal },
  );
  return institution.name;
}
