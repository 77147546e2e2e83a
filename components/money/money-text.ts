import type { AccountView, TransactionKind } from "@/lib/contracts/finance";
import { minorDigits } from "@/lib/contracts/money";

export const kindWords: Readonly<Record<TransactionKind, string>> = {
  income: "Income",
  expense: "Expense",
  transfer: "Transfer",
  refund: "Refund",
  fee: "Fee",
  interest: "Interest",
};

export const accountTypeWords: Readonly<Record<AccountView["type"], string>> = {
  checking: "Chequing",
  savings: "Savings",
  credit: "Credit card",
  investment: "Investment",
  loan: "Loan",
  crypto: "Crypto",
  other: "Account",
};

/** A day without a zone, such as `2026-11-03`: "3 Nov 2026". */
export function formatDay(day: string, locale: string): string {
  return format(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }, `${day}T00:00:00Z`);
}

/** `2026-11`: "Nov 2026", or "November 2026" in full. */
export function formatMonth(month: string, locale: string, isFull = false): string {
  return format(
    locale,
    { month: isFull ? "long" : "short", year: "numeric", timeZone: "UTC" },
    `${month}-01T00:00:00Z`,
  );
}

/** The first and the last day of a month. */
export function monthSpan(month: string): { from: string; to: string } {
  const [year = 0, number = 1] = month.split("-").map(Number);
  return { from: `${month}-01`, to: new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10) };
}

export function formatCount(count: number, noun: string, locale: string): string {
  return `${new Intl.NumberFormat(locale).format(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** On an axis, where three figures must do: "CA$1.2K". */
export function formatShort(amountMinor: number, currency: string, locale: string): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    notation: "compact",
    maximumFractionDigits: 1,
    minimumFractionDigits: 0,
  }).format(amountMinor / 10 ** minorDigits(currency));
}

export function formatShare(share: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share);
}

/** When a balance was read, in the person's zone. */
export function formatMoment(instant: string, locale: string, timeZone: string): string {
  return format(locale, { dateStyle: "medium", timeStyle: "short", timeZone }, instant);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs more than using it a hundred times. */
function format(locale: string, options: Intl.DateTimeFormatOptions, instant: string): string {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, known);
  return known.format(new Date(instant));
}
