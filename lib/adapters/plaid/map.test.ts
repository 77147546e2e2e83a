import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapAccount, mapTransaction, type PlaidAccount, type PlaidTransaction } from "./map";
import { findDigits, toMinor } from "./money";

const transaction = (change: Partial<PlaidTransaction> = {}): PlaidTransaction => ({
  transaction_id: "t1",
  account_id: "a1",
  amount: 4.2,
  iso_currency_code: "CAD",
  unofficial_currency_code: null,
  date: "2026-03-01",
  name: "TIM HORTONS #2231",
  merchant_name: "Tim Hortons",
  pending: false,
  pending_transaction_id: null,
  ...change,
});
const balances = {
  available: null,
  current: null,
  limit: null,
  iso_currency_code: "CAD",
  unofficial_currency_code: null,
};
const account = (change: Partial<PlaidAccount> = {}): PlaidAccount => ({
  account_id: "a1",
  name: "Chequing",
  mask: "4417",
  type: "depository",
  subtype: "checking",
  balances,
  ...change,
});

describe("an amount", () => {
  it.each([
    [0.1 + 0.2, 2, 30],
    [1.005, 2, 101],
    [-1.005, 2, -101],
    [1e-7, 2, 0],
    [-1e-7, 2, 0],
    [0.005, 2, 1],
    [0.0049, 2, 0],
    [19.99, 2, 1999],
    [4.35, 2, 435],
    [1234567.89, 2, 123456789],
    [1e3, 0, 1000],
    [980, 0, 980],
    [1.255, 3, 1255],
    [5e-324, 2, 0],
    [1.2345e-3, 3, 1],
    [90071992547409.9, 2, 9007199254740990],
  ])("%d with %d digits is exactly %d", (amount, digits, minor) => {
    expect(toMinor(amount, digits)).toBe(minor);
    expect(Object.is(toMinor(amount, digits), -0)).toBe(false);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e21, 9.1e13])("%d cannot be kept and is not made up", (amount) => {
    expect(toMinor(amount, 2)).toBeNull();
  });

  it("of any number of minor units comes back as that number", () => {
    const law = fc.property(
      fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }),
      fc.constantFrom(0, 2, 3),
      (minor, digits) => {
        expect(toMinor(Number(JSON.stringify(minor / 10 ** digits)), digits)).toBe(minor === 0 ? 0 : minor);
      },
    );
    fc.assert(law, { numRuns: 2_000 });
  });

  it("has the digits that ISO 4217 says, not those that are shown", () => {
    expect(["CAD", "JPY", "KWD", "HUF", "COP", "CLF"].map(findDigits)).toEqual([2, 0, 3, 2, 2, 4]);
    expect(["BTC", "XYZ", "cad", ""].map(findDigits)).toEqual([null, null, null, null]);
  });
});

describe("a transaction", () => {
  it("has its sign turned: money out is negative, and zero has none", () => {
    expect(mapTransaction(transaction())).toMatchObject({ amount: { amountMinor: -420, currency: "CAD" } });
    expect(mapTransaction(transaction({ amount: -2412.37 }))).toMatchObject({ amount: { amountMinor: 241_237 } });
    const zero = mapTransaction(transaction({ amount: 0 }));
    expect("amount" in zero && Object.is(zero.amount.amountMinor, 0)).toBe(true);
  });

  it("keeps a day as a day, and an instant only where the bank knows it", () => {
    const at = (change: Partial<PlaidTransaction>) => (mapTransaction(transaction(change)) as { at: string }).at;
    expect(at({})).toBe("2026-03-01");
    expect(at({ datetime: "2026-03-01T17:05:00-05:00" })).toBe("2026-03-01T22:05:00.000Z");
    expect(at({ datetime: "2026-03-01T00:00:00Z" })).toBe("2026-03-01");
    expect(at({ datetime: "yesterday" })).toBe("2026-03-01");
    expect(at({ authorized_date: "2026-03-01", authorized_datetime: "2026-03-01T09:30:00Z" })).toBe(
      "2026-03-01T09:30:00.000Z",
    );
    expect(at({ authorized_date: "2026-02-27", authorized_datetime: "2026-02-27T09:30:00Z" })).toBe("2026-03-01");
  });

  it("names the merchant, else what the bank prints, and keeps the rest as its description", () => {
    expect(mapTransaction(transaction())).toMatchObject({ merchant: "Tim Hortons", description: "TIM HORTONS #2231" });
    expect(mapTransaction(transaction({ merchant_name: null }))).toMatchObject({ merchant: "TIM HORTONS #2231" });
    expect(mapTransaction(transaction({ merchant_name: null }))).not.toHaveProperty("description");
    expect(mapTransaction(transaction({ original_description: "POS 88 TIM" }))).toMatchObject({
      description: "POS 88 TIM",
    });
    expect(mapTransaction(transaction({ merchant_name: " ", name: "" }))).toMatchObject({ merchant: "Unknown" });
  });

  it("says which pending one it replaces, and what kind Plaid takes it for", () => {
    const category = { primary: "FOOD_AND_DRINK", detailed: "FOOD_AND_DRINK_COFFEE" };
    expect(
      mapTransaction(transaction({ pending_transaction_id: "t0", personal_finance_category: category })),
    ).toMatchObject({ replacesId: "t0", sourceCategory: "FOOD_AND_DRINK_COFFEE", pending: false });
  });

  it("without an ISO 4217 currency is told as left out, never guessed", () => {
    for (const change of [
      { iso_currency_code: null, unofficial_currency_code: "BTC" },
      { iso_currency_code: null },
      { iso_currency_code: "XYZ" },
    ])
      expect(mapTransaction(transaction(change))).toMatchObject({ id: "t1", reason: expect.any(String) });
    expect(mapTransaction(transaction({ iso_currency_code: "JPY", amount: 980 }))).toMatchObject({
      amount: { amountMinor: -980, currency: "JPY" },
    });
  });
});

describe("an account", () => {
  const money = (amountMinor: number) => ({ amountMinor, currency: "CAD" });

  it("keeps null as null and 0 as 0", () => {
    expect(mapAccount(account(), null)).toMatchObject({ balance: null, available: null, limit: null });
    expect(mapAccount(account({ balances: { ...balances, current: 0, available: 0 } }), null)).toMatchObject({
      balance: money(0),
      available: money(0),
    });
  });

  it("with a debt has a negative balance; a card that was overpaid a positive one", () => {
    const card = (current: number) =>
      mapAccount(
        account({
          type: "credit",
          subtype: "credit card",
          balances: { ...balances, current, available: 100, limit: 500 },
        }),
        null,
      );
    expect(card(400)).toMatchObject({
      type: "credit",
      balance: money(-40_000),
      available: money(10_000),
      limit: money(50_000),
    });
    expect(card(-12.5).balance).toEqual(money(1_250));
    expect(Object.is(card(0).balance?.amountMinor, 0)).toBe(true);
    const loan = account({ type: "loan", subtype: "student", balances: { ...balances, current: 18_500 } });
    expect(mapAccount(loan, null)).toMatchObject({ type: "loan", balance: money(-1_850_000) });
    const overdrawn = account({ balances: { ...balances, current: -20.01 } });
    expect(mapAccount(overdrawn, null).balance).toEqual(money(-2_001));
  });

  it("in a currency that ISO 4217 does not have shows no balance", () => {
    const coins = { ...balances, current: 0.5, iso_currency_code: null, unofficial_currency_code: "BTC" };
    expect(
      mapAccount(account({ type: "investment", subtype: "crypto exchange", balances: coins }), null),
    ).toMatchObject({
      type: "crypto",
      balance: null,
    });
  });

  it.each([
    ["depository", "savings", "savings"],
    ["depository", "money market", "savings"],
    ["depository", null, "checking"],
    ["depository", "ebt", "other"],
    ["brokerage", "brokerage", "investment"],
    ["investment", "tfsa", "investment"],
    ["payroll", null, "other"],
  ])("%s %s is %s", (type, subtype, expected) => {
    expect(mapAccount(account({ type, subtype }), null).type).toBe(expected);
  });

  it("keeps bank, last digits and the mark that outlives a new link", () => {
    expect(mapAccount(account({ persistent_account_id: "p1" }), "Sample Maple Bank")).toMatchObject({
      institution: "Sample Maple Bank",
      mask: "4417",
      persistentId: "p1",
    });
  });
});
