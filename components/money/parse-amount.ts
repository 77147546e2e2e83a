import { minorDigits } from "@/lib/contracts/money";

/**
 * What a person types into a box for an amount, in minor units: "12.50", "1,234.5", "1.234,50". No sign: a bound is of the
 * amount, whether it came or went. Null for what is no amount, or finer than the currency.
 */
export function parseAmount(text: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const plain = text.replace(/[\s'’]/g, "");
  if (!/^[\d.,]*\d[\d.,]*$/.test(plain)) return null;
  const at = findPoint(plain, digits);
  const [whole, fraction] = at === null ? [plain, ""] : [plain.slice(0, at), plain.slice(at + 1)];
  const isWhole = /^\d*$|^\d{1,3}(,\d{3})+$|^\d{1,3}(\.\d{3})+$/.test(whole);
  if (!isWhole || !/^\d*$/.test(fraction) || fraction.length > digits) return null;
  const minor = Number(`${whole.replace(/[.,]/g, "")}${fraction.padEnd(digits, "0")}`);
  return Number.isSafeInteger(minor) ? minor : null;
}

/** Where the decimal mark stands; null when there is none. A lone mark before three digits may be of thousands: "1,000". */
function findPoint(plain: string, digits: number): number | null {
  const marks = plain.match(/[.,]/g) ?? [];
  const at = Math.max(plain.lastIndexOf("."), plain.lastIndexOf(","));
  if (marks.length === 0) return null;
  if (new Set(marks).size === 2) return at;
  if (marks.length > 1) return null;
  return digits < 3 && /^[1-9]\d{0,2}[.,]\d{3}$/.test(plain) ? null : at;
}

/** The same the other way, for showing it in the box again. */
export function writeAmount(amountMinor: number, currency: string): string {
  const digits = minorDigits(currency);
  const all = String(amountMinor).padStart(digits + 1, "0");
  if (digits === 0) return all;
  const fraction = all.slice(-digits);
  return /^0+$/.test(fraction) ? all.slice(0, -digits) : `${all.slice(0, -digits)}.${fraction}`;
}
