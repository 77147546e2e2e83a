import { randomUUID } from "node:crypto";
import { type PlaidError, PlaidErrorType } from "plaid";

/** Answers of the fake. `satisfies` in the routes holds each body against the types of Plaid's own client. */
export function answer(body: object, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}

export function newRequestId(): string {
  return randomUUID().replaceAll("-", "").slice(0, 15);
}

/** Thrown by the fake's inside, answered by its door. */
export class FakeFailure extends Error {
  readonly status: number;
  readonly body: PlaidError;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    type: PlaidErrorType,
    code: string,
    message: string,
    headers: Record<string, string> = {},
  ) {
    super(message);
    this.status = status;
    this.headers = headers;
    this.body = toPlaidError(type, code, message, status);
  }

  toResponse(): Response {
    return answer({ ...this.body, request_id: newRequestId() }, this.status, this.headers);
  }
}

export function toPlaidError(type: PlaidErrorType, code: string, message: string, status: number): PlaidError {
  return {
    error_type: type,
    error_code: code,
    error_message: message,
    display_message: null,
    causes: [],
    status,
    documentation_url: "https://plaid.com/docs/?ref=error",
    suggested_action: null,
  };
}

export const failures = {
  loginRequired: () =>
    new FakeFailure(
      400,
      PlaidErrorType.ItemError,
      "ITEM_LOGIN_REQUIRED",
      "the login details of this item have changed and a user login is required to update this information",
    ),
  permissionRevoked: () =>
    new FakeFailure(400, PlaidErrorType.ItemError, "USER_PERMISSION_REVOKED", "the holder of this account has revoked"),
  itemNotFound: () => new FakeFailure(400, PlaidErrorType.ItemError, "ITEM_NOT_FOUND", "the item cannot be found"),
  invalidAccessToken: () =>
    new FakeFailure(400, PlaidErrorType.InvalidInput, "INVALID_ACCESS_TOKEN", "could not find matching access token"),
  invalidPublicToken: () =>
    new FakeFailure(400, PlaidErrorType.InvalidInput, "INVALID_PUBLIC_TOKEN", "could not find matching public token"),
  invalidKeys: () =>
    new FakeFailure(400, PlaidErrorType.InvalidInput, "INVALID_API_KEYS", "invalid client_id or secret provided"),
  invalidField: (message: string) => new FakeFailure(400, PlaidErrorType.InvalidRequest, "INVALID_FIELD", message),
  missingFields: (names: string) =>
    new FakeFailure(
      400,
      PlaidErrorType.InvalidRequest,
      "MISSING_FIELDS",
      `the following required fields are missing: ${names}`,
    ),
  unknownKey: () =>
    new FakeFailure(400, PlaidErrorType.InvalidInput, "INVALID_WEBHOOK_VERIFICATION_KEY_ID", "invalid key_id provided"),
  mutation: () =>
    new FakeFailure(
      400,
      PlaidErrorType.TransactionsError,
      "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION",
      "Underlying transaction data changed since last page was fetched. Please restart pagination from last update.",
    ),
  productNotReady: () =>
    new FakeFailure(400, PlaidErrorType.ItemError, "PRODUCT_NOT_READY", "the requested product is not yet ready"),
  institutionDown: () =>
    new FakeFailure(400, PlaidErrorType.InstitutionError, "INSTITUTION_DOWN", "this institution is not responding"),
  rateLimited: (retryAfter?: string) =>
    new FakeFailure(
      429,
      PlaidErrorType.RateLimitExceeded,
      "RATE_LIMIT",
      "rate limit exceeded for attempts to access this item",
      retryAfter === undefined ? {} : { "retry-after": retryAfter },
    ),
  internal: () =>
    new FakeFailure(500, PlaidErrorType.ApiError, "INTERNAL_SERVER_ERROR", "an unexpected error occurred"),
} as const;
