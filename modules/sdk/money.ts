import { ModuleError } from "./module-error";

/** Digits after the point of currencies that do not have two (ISO 4217). */
const minorDigits: Record<string, number> = {
  BHD: 3,
  BIF: 0,
  CLF: 4,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  IQD: 3,
  ISK: 0,
  JOD: 3,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  PYG: 0,
  RWF: 0,
  TND: 3,
  UGX: 0,
  UYI: 0,
  UYW: 4,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
};

/**
 * Integer minor units of an amount written in digits: `toMinor("12.34", "EUR")` is 1234. Blanks and a currency sign are
 * passed over, brackets mean minus, commas and apostrophes separate thousands. A comma as the decimal point is refused
 * ("12,50" must never become 1250): replace it first when the source writes so. More digits than the currency has are
 * rounded half away from zero.
 * Takes text because a number has lost digits already; give numbers of a JSON reply as `String(value)`.
 */
export function toMinor(decimalText: string, currency: string | number): number {
  const digits = typeof currency === "number" ? currency : (minorDigits[currency.toUpperCase()] ?? 2);
  const trimmed = decimalText.trim();
  const isBracketed = /^\(.*\)$/.test(trimmed);
  const written = trimmed.replace(/[\s$€£¥()]/g, "").replace("\u2212", "-");
  // Groups of three; in India of two before the last.
  const isGrouped = /^[+-]?\d{1,3}([,'’]\d{2,3})*[,'’]\d{3}(\.\d*)?$/.test(written);
  const plain = isGrouped ? written.replace(/[,'’]/g, "") : written;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/.exec(plain);
  const whole = match?.[2] ?? "";
  const fraction = match?.[3] ?? "";
  if (!match || whole + fraction === "") throw new ModuleError("schema", `"${decimalText}" is not an amount of money.`);
  const shift = digits + Number(match[4] ?? 0);
  const all = whole + fraction;
  const pointAt = whole.length + shift;
  const kept = pointAt <= 0 ? "" : all.slice(0, pointAt).padEnd(pointAt, "0");
  const nextDigit = pointAt < 0 ? "0" : (all[pointAt] ?? "0");
  const minor = Number(kept === "" ? "0" : kept) + (nextDigit >= "5" ? 1 : 0);
  if (!Number.isSafeInteger(minor)) throw new ModuleError("schema", `"${decimalText}" is too large an amount.`);
  const isNegative = (match[1] === "-") !== isBracketed;
  return isNegative && minor !== 0 ? -minor : minor;
}
