import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "../../contracts/errors";
import { createPlaidAdapter } from "./adapter";
import { createPlaidClient } from "./client";
import { type PlaidProblem, toAppError } from "./problem";
import type { FaultKind } from "./testing-control";
import { createTestIo, type PlaidTest, startPlaidTest } from "./testing-setup";
import { MemoryFinanceStore } from "./testing-store";
import { createCutWire } from "./testing-wire";

let plaid: PlaidTest;
beforeEach(async () => {
  plaid = await startPlaidTest({ readiness: "at-once" });
});
afterEach(() => plaid.close());

const signal = new AbortController().signal;
const calls = (path: string) => plaid.control.requests.filter((request) => request.path === path).length;

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe("an error of Plaid's", () => {
  const cases: [FaultKind, string][] = [
    ["loginRequired", "auth-expired"],
    ["institutionDown", "unavailable"],
    ["productNotReady", "unavailable"],
    ["invalidKeys", "refused"],
    ["internal", "unavailable"],
    ["gateway", "unavailable"],
  ];
  it.each(cases)("%s becomes %s", async (kind, code) => {
    const { accessToken } = await plaid.link("ins_900001");
    plaid.control.fail({ kind, path: "/item/get", times: 10 });
    expect((await failureOf(plaid.adapter.link?.nameOf({ accessToken, signal }) as Promise<unknown>)).code).toBe(code);
  });

  it("holds neither keys nor tokens nor Plaid's own sentences, however deep one looks", async () => {
    const { accessToken, io } = await plaid.link("ins_900001");
    for (const kind of ["loginRequired", "internal", "gateway", "rateLimited"] as const) {
      plaid.control.clearFaults();
      plaid.control.fail({ kind, times: 10, retryAfter: "100" });
      const error = await failureOf(plaid.adapter.syncFinance?.(io, new MemoryFinanceStore()) as Promise<unknown>);
      const all = inspect(error, { depth: 20, showHidden: true });
      for (const secret of ["sample-client", "sample-secret", accessToken, "Bad Gateway", "axios"])
        expect(all).not.toContain(secret);
    }
    const client = createPlaidClient(() => ({ ...plaid.client.configuration(), baseUrl: "http://127.0.0.1:9" }));
    const error = await failureOf(
      createPlaidAdapter(client).syncFinance?.(io, new MemoryFinanceStore()) as Promise<unknown>,
    );
    expect(error.code).toBe("unavailable");
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(accessToken);
  });

  it("is read by its code only, and one that is not known ends nothing that may pass", () => {
    const of = (errorType: string, errorCode: string, httpStatus: number | null) =>
      toAppError({ errorType, errorCode, httpStatus } as PlaidProblem).code;
    expect(of("INSTITUTION_ERROR", "INSTITUTION_NOT_RESPONDING", 400)).toBe("unavailable");
    expect(of("INSTITUTION_ERROR", "INSTITUTION_NO_LONGER_SUPPORTED", 400)).toBe("refused");
    expect(of("ITEM_ERROR", "ITEM_LOCKED", 400)).toBe("auth-expired");
    expect(of("ITEM_ERROR", "NO_ACCOUNTS", 400)).toBe("refused");
    expect(of("INVALID_INPUT", "INVALID_ACCESS_TOKEN", 400)).toBe("auth-expired");
    expect(of("RATE_LIMIT_EXCEEDED", "TRANSACTIONS_SYNC_LIMIT", 429)).toBe("rate-limited");
    expect(of("SOMETHING_NEW", "NEVER_HEARD_OF", 503)).toBe("unavailable");
    expect(of("NO_ANSWER", "ECONNREFUSED", null)).toBe("unavailable");
  });
});

describe("trying again", () => {
  it("waits as long as Retry-After says, where that is short", async () => {
    const { accessToken } = await plaid.link("ins_900001");
    plaid.control.fail({ kind: "rateLimited", path: "/item/get", retryAfter: "1" });
    const before = performance.now();
    await plaid.adapter.link?.nameOf({ accessToken, signal });
    expect(performance.now() - before).toBeGreaterThan(950);
    expect(calls("/item/get")).toBe(2);
  });

  it("leaves a long Retry-After to whoever runs the work, and believes no more than an hour of it", async () => {
    const { accessToken } = await plaid.link("ins_900001");
    plaid.control.fail({ kind: "rateLimited", path: "/item/get", retryAfter: "86400" });
    const error = await failureOf(plaid.adapter.link?.nameOf({ accessToken, signal }) as Promise<unknown>);
    expect(error).toMatchObject({ code: "rate-limited", retryAfterMs: 3_600_000 });
    expect(calls("/item/get")).toBe(1);
  });

  it("ends after three tries, and does not begin where waiting a moment cannot help", async () => {
    const { accessToken } = await plaid.link("ins_900001");
    plaid.control.fail({ kind: "internal", path: "/item/get", times: 100 });
    await failureOf(plaid.adapter.link?.nameOf({ accessToken, signal }) as Promise<unknown>);
    expect(calls("/item/get")).toBe(3);
    plaid.control.clearFaults();
    plaid.control.fail({ kind: "loginRequired", path: "/accounts/get", times: 100 });
    await failureOf(
      plaid.adapter.syncFinance?.(createTestIo(accessToken), new MemoryFinanceStore()) as Promise<unknown>,
    );
    expect(calls("/accounts/get")).toBe(1);
  });

  it("outlives a connection that is cut, before and after the request arrived", async () => {
    const wire = await createCutWire(plaid.origin);
    const client = createPlaidClient(() => ({ ...plaid.client.configuration(), baseUrl: wire.origin }));
    const { accessToken } = await plaid.link("ins_900001");
    const link = createPlaidAdapter(client).link;
    for (const when of ["before", "after"] as const) {
      wire.cutNext(when);
      expect(await link?.nameOf({ accessToken, signal })).toBe("Sample Maple Bank");
    }
    await wire.close();
  });
});

describe("bounds", () => {
  it("gives up on an answer that does not come", async () => {
    const client = createPlaidClient(() => ({ ...plaid.client.configuration(), timeoutMs: 100 }));
    const { accessToken } = await plaid.link("ins_900001");
    plaid.control.fail({ kind: "hold", path: "/item/get", times: 3 });
    const error = await failureOf(createPlaidAdapter(client).link?.nameOf({ accessToken, signal }) as Promise<unknown>);
    expect(error.code).toBe("unavailable");
    plaid.control.release();
  });

  it("says what is missing, and sends nothing without keys", async () => {
    const client = createPlaidClient(() => ({
      ...plaid.client.configuration(),
      clientId: undefined,
      secret: undefined,
    }));
    const adapter = createPlaidAdapter(client);
    expect(adapter.missing()).toEqual(["PLAID_CLIENT_ID", "PLAID_SECRET"]);
    const error = await failureOf(adapter.link?.createLinkToken({ personKey: "p", signal }) as Promise<unknown>);
    expect(error.code).toBe("refused");
    expect(plaid.control.requests).toHaveLength(0);
  });
});
