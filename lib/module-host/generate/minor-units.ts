/** Digits after the point of currencies that do not have two (ISO 4217). The same as in modules/sdk/money.ts: a test compares them. */
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

/** What a module's `toMinor` makes of a plain decimal; null when it is none, which an example may not be. */
export function toMinorUnits(decimal: string, currency: string): number | null {
  const match = /^([+-]?)(\d{1,12})(?:\.(\d{1,10}))?$/.exec(decimal);
  if (!match) return null;
  const digits = Object.hasOwn(minorDigits, currency) ? (minorDigits[currency] ?? 2) : 2;
  const fraction = (match[3] ?? "").padEnd(digits + 1, "0");
  const minor = Number(`${match[2]}${fraction.slice(0, digits)}`) + (Number(fraction[digits]) >= 5 ? 1 : 0);
  return match[1] === "-" && minor !== 0 ? -minor : minor;
}
