import { randomUUID } from "node:crypto";
import type {
  AccountsGetResponse,
  CountryCode,
  InstitutionsGetByIdResponse,
  ItemAccessTokenInvalidateResponse,
  ItemGetResponse,
  ItemPublicTokenExchangeResponse,
  ItemRemoveResponse,
  ItemWebhookUpdateResponse,
  LinkTokenCreateResponse,
  LinkTokenGetResponse,
  SandboxItemFireWebhookResponse,
  SandboxItemResetLoginResponse,
  SandboxPublicTokenCreateResponse,
  TransactionsRefreshResponse,
  WebhookVerificationKeyGetResponse,
} from "plaid";
import { Products, SandboxItemFireWebhookRequestWebhookCodeEnum } from "plaid";
import { failures, newRequestId } from "./testing-answers";
import type { SampleBank } from "./testing-bank";
import { findInstitution } from "./testing-link";

export type RequestBody = Readonly<Record<string, unknown>>;
type Route = (bank: SampleBank, body: RequestBody) => object;

/** Everything of Plaid's API that the fake knows. Each answer is held against the types of Plaid's own client. */
export const routes: Readonly<Record<string, Route | undefined>> = {
  "/link/token/create": createLinkToken,
  "/link/token/get": getLinkToken,
  "/item/public_token/exchange": exchange,
  "/item/get"(bank, body) {
    const item = bank.item(text(body, "access_token"), { isBrokenFine: true });
    return { item: item.view(), status: { last_webhook: null }, request_id: newRequestId() } satisfies ItemGetResponse;
  },
  "/item/remove"(bank, body) {
    bank.remove(bank.item(text(body, "access_token"), { isBrokenFine: true }));
    return { request_id: newRequestId() } satisfies ItemRemoveResponse;
  },
  "/item/webhook/update"(bank, body) {
    const item = bank.item(text(body, "access_token"), { isBrokenFine: true });
    item.webhook = typeof body.webhook === "string" ? body.webhook : null;
    return { item: item.plainView(), request_id: newRequestId() } satisfies ItemWebhookUpdateResponse;
  },
  "/item/access_token/invalidate"(bank, body) {
    const token = bank.rotateAccessToken(bank.item(text(body, "access_token"), { isBrokenFine: true }));
    return { new_access_token: token, request_id: newRequestId() } satisfies ItemAccessTokenInvalidateResponse;
  },
  "/accounts/get": getAccounts,
  "/accounts/balance/get": getAccounts,
  "/transactions/sync"(bank, body) {
    const { count, cursor } = body;
    if (count !== undefined && (typeof count !== "number" || !Number.isInteger(count) || count < 1 || count > 500))
      throw failures.invalidField("count must be between 1 and 500");
    return bank.syncPage(
      bank.item(text(body, "access_token")),
      typeof cursor === "string" ? cursor : undefined,
      typeof count === "number" ? count : 100,
    );
  },
  "/transactions/refresh"(bank, body) {
    const item = bank.item(text(body, "access_token"));
    bank.tell(item, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE");
    return { request_id: newRequestId() } satisfies TransactionsRefreshResponse;
  },
  "/institutions/get_by_id"(_bank, body) {
    const { id, name, country } = findInstitution(text(body, "institution_id"));
    if (!Array.isArray(body.country_codes) || body.country_codes.length === 0)
      throw failures.missingFields("country_codes");
    return {
      institution: {
        institution_id: id,
        name,
        products: [Products.Transactions],
        country_codes: [country],
        routing_numbers: [],
        oauth: false,
      },
      request_id: newRequestId(),
    } satisfies InstitutionsGetByIdResponse;
  },
  "/webhook_verification_key/get"(bank, body) {
    const key = bank.signer.find(text(body, "key_id"));
    if (key === null) throw failures.unknownKey();
    return { key, request_id: newRequestId() } satisfies WebhookVerificationKeyGetResponse;
  },
  "/sandbox/public_token/create"(bank, body) {
    const options = (body.options ?? {}) as { webhook?: unknown; transactions?: { days_requested?: unknown } };
    const token = bank.desk.createPublicToken(findInstitution(text(body, "institution_id")), {
      daysRequested: Number(options.transactions?.days_requested ?? 90),
      webhook: typeof options.webhook === "string" ? options.webhook : null,
    });
    return { public_token: token, request_id: newRequestId() } satisfies SandboxPublicTokenCreateResponse;
  },
  "/sandbox/item/fire_webhook"(bank, body) {
    const code = text(body, "webhook_code");
    const known: readonly string[] = Object.values(SandboxItemFireWebhookRequestWebhookCodeEnum);
    if (!known.includes(code)) throw failures.invalidField("webhook_code is not one that can be fired");
    const item = bank.item(text(body, "access_token"), { isBrokenFine: true });
    const isAboutTransactions = /UPDATE/.test(code);
    bank.tell(item, isAboutTransactions ? "TRANSACTIONS" : "ITEM", code);
    return { webhook_fired: true, request_id: newRequestId() } satisfies SandboxItemFireWebhookResponse;
  },
  "/sandbox/item/reset_login"(bank, body) {
    bank.resetLogin(bank.item(text(body, "access_token"), { isBrokenFine: true }));
    return { reset_login: true, request_id: newRequestId() } satisfies SandboxItemResetLoginResponse;
  },
};

function createLinkToken(bank: SampleBank, body: RequestBody): object {
  for (const name of ["client_name", "language"]) text(body, name);
  const { country_codes: countryCodes, user, products, webhook, redirect_uri: redirectUri } = body;
  if (!Array.isArray(countryCodes) || countryCodes.length === 0) throw failures.missingFields("country_codes");
  const person = (user as { client_user_id?: unknown } | undefined)?.client_user_id;
  if (typeof person !== "string" || person === "") throw failures.missingFields("user.client_user_id");
  if (person.includes("@")) throw failures.invalidField("client_user_id must not contain personal data");
  const isUpdate = typeof body.access_token === "string";
  if (isUpdate && products !== undefined) throw failures.invalidField("products must not be set in update mode");
  if (!isUpdate && (!Array.isArray(products) || products.length === 0)) throw failures.missingFields("products");
  const days = (body.transactions as { days_requested?: unknown } | undefined)?.days_requested ?? 90;
  if (typeof days !== "number" || days < 1 || days > 730)
    throw failures.invalidField("days_requested must be between 1 and 730");
  const link = bank.desk.create({
    countryCodes,
    clientName: String(body.client_name),
    daysRequested: days,
    webhook: typeof webhook === "string" ? webhook : null,
    redirectUri: typeof redirectUri === "string" ? redirectUri : null,
    item: isUpdate ? bank.item(text(body, "access_token"), { isBrokenFine: true }) : null,
  });
  return {
    link_token: link.token,
    expiration: link.content.expiresAt,
    request_id: newRequestId(),
  } satisfies LinkTokenCreateResponse;
}

function getLinkToken(bank: SampleBank, body: RequestBody): object {
  const link = bank.desk.find(text(body, "link_token"));
  if (!link) throw failures.invalidField("link_token is not known");
  const { request, content } = link;
  return {
    link_token: link.token,
    created_at: link.createdAt.toISOString(),
    expiration: content.expiresAt,
    metadata: {
      initial_products: request.item ? [] : [Products.Transactions],
      webhook: request.webhook,
      country_codes: request.countryCodes as CountryCode[],
      language: "en",
      redirect_uri: request.redirectUri,
      client_name: request.clientName,
    },
    request_id: newRequestId(),
  } satisfies LinkTokenGetResponse;
}

function exchange(bank: SampleBank, body: RequestBody): object {
  const used = bank.desk.usePublicToken(text(body, "public_token"));
  const item = used.item ?? bank.link(`item-${randomUUID()}`, used.facts);
  return {
    access_token: bank.desk.toAccessToken(item),
    item_id: item.facts.id,
    request_id: newRequestId(),
  } satisfies ItemPublicTokenExchangeResponse;
}

function getAccounts(bank: SampleBank, body: RequestBody): object {
  const item = bank.item(text(body, "access_token"));
  return {
    accounts: item.books.accountViews(),
    item: item.plainView(),
    request_id: newRequestId(),
  } satisfies AccountsGetResponse;
}

/** A required field that is a text. */
function text(body: RequestBody, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") throw failures.missingFields(name);
  return value;
}
