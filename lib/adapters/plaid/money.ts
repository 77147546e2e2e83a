import { minorDigits } from "../../contracts/money";

const known = new Set(Intl.supportedValuesOf("currency"));

/** Digits after the decimal point. Null for a code that ISO 4217 does not have: then nothing is guessed. */
export function findDigits(currency: string): number | null {
  const digits = minorDigits(currency);
  return digits !== 2 || known.has(currency) ? digits : null;
}

/**
 * An amount as JSON has it, in minor units, halves away from zero. Reads the shortest decimal that means the number, because
 * multiplying it would add an error of its own: 1.005 * 100 is 100.49999999999999.
 * @returns null when it is no number that can be kept exactly
 */
export function toMinor(amount: number, digits: number): number | null {
  if (!Number.isFinite(amount)) return null;
  const [mantissa = "", exponentText = "0"] = Math.abs(amount).toString().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const exponent = Number(exponentText) + digits;
  const all = whole + fraction;
  const point = whole.length + exponent;
  const kept = point <= 0 ? "0" : all.slice(0, point).padEnd(point, "0");
  const nextDigit = point < 0 ? "0" : (all[point] ?? "0");
  const minor = Number(kept) + (nextDigit >= "5" ? 1 : 0);
  if (!Number.isSafeInteger(minor)) return null;
  return amount < 0 && minor !== 0 ? -minor : minor;
}
