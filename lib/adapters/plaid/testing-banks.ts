import { createHash } from "node:crypto";
import { AccountSubtype, AccountType, CountryCode } from "plaid";

/** The banks of the fake. Nothing in them is anyone's. */
export interface SampleAccount {
  key: string;
  name: string;
  officialName: string | null;
  mask: string | null;
  type: AccountType;
  subtype: AccountSubtype | null;
  /** Exactly one of the two, as Plaid has it. */
  currency: { iso: string; unofficial: null } | { iso: null; unofficial: string };
  /** Digits after the point. */
  digits: number;
  /** On the first day of the books; on a card what is owed. In minor units. Null: the bank does not say. */
  openingMinor: number | null;
  limitMinor: number | null;
  /** Keeps its mark over a new link. */
  isPersistent: boolean;
}
export interface SampleInstitution {
  id: string;
  name: string;
  country: CountryCode;
  household: "ottawa" | "portland" | "world";
  accounts: SampleAccount[];
}

const account = (
  key: string,
  name: string,
  mask: string | null,
  kind: [AccountType, AccountSubtype | null],
  rest: Partial<SampleAccount>,
): SampleAccount => ({
  key,
  name,
  officialName: `Sample ${name}`,
  mask,
  type: kind[0],
  subtype: kind[1],
  currency: { iso: "CAD", unofficial: null },
  digits: 2,
  openingMinor: 0,
  limitMinor: null,
  isPersistent: true,
  ...rest,
});
const iso = (code: string) => ({ iso: code, unofficial: null }) as const;
const checking = [AccountType.Depository, AccountSubtype.Checking] satisfies [AccountType, AccountSubtype];
const savings = [AccountType.Depository, AccountSubtype.Savings] satisfies [AccountType, AccountSubtype];
const card = [AccountType.Credit, AccountSubtype.CreditCard] satisfies [AccountType, AccountSubtype];

export const sampleInstitutions: readonly SampleInstitution[] = [
  {
    id: "ins_900001",
    name: "Sample Maple Bank",
    country: CountryCode.Ca,
    household: "ottawa",
    accounts: [
      account("chequing", "Everyday Chequing", "4417", checking, { openingMinor: 312_455 }),
      account("savings", "High Interest Savings", "8820", savings, { openingMinor: 1_204_000 }),
      account("visa", "Visa Infinite", "1093", card, { openingMinor: 48_210, limitMinor: 800_000 }),
    ],
  },
  {
    id: "ins_900002",
    name: "Sample Harbor Credit Union",
    country: CountryCode.Us,
    household: "portland",
    accounts: [
      account("checking", "Harbor Checking", "0021", checking, { currency: iso("USD"), openingMinor: 268_190 }),
      account("savings", "Harbor Savings", "0039", savings, { currency: iso("USD"), openingMinor: 905_000 }),
      account("card", "Cash Back Card", "7710", card, {
        currency: iso("USD"),
        openingMinor: 31_299,
        limitMinor: 650_000,
        isPersistent: false,
      }),
    ],
  },
  {
    id: "ins_900003",
    name: "Sample World Exchange",
    country: CountryCode.Ca,
    household: "world",
    accounts: [
      account("yen", "Travel Yen", "3301", checking, { currency: iso("JPY"), digits: 0, openingMinor: 240_000 }),
      account("dinar", "Kuwait Account", "3302", checking, {
        currency: iso("KWD"),
        digits: 3,
        openingMinor: 1_500_250,
      }),
      account("coins", "Coin Wallet", null, [AccountType.Investment, AccountSubtype.CryptoExchange], {
        currency: { iso: null, unofficial: "BTC" },
        digits: 8,
        openingMinor: 12_345_678,
        isPersistent: false,
      }),
      account("student", "Student Loan", "5150", [AccountType.Loan, AccountSubtype.Student], {
        openingMinor: 1_875_000,
      }),
      account("closed", "Old Account", "0000", checking, { openingMinor: null, officialName: null }),
    ],
  },
];

/** A repeatable number in [0, 1) for a text. */
export function chanceOf(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}

/** An id in Plaid's manner: letters and digits, repeatable for a text. */
export function idOf(text: string): string {
  return createHash("sha256").update(text).digest("base64").replace(/[+/=]/g, "").slice(0, 37);
}

const dayMs = 86_400_000;
/** Days as `yyyy-MM-dd`, without a zone: counted in UTC. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}
