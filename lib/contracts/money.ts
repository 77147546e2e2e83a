/**
 * Digits behind the point of currencies that do not have two (ISO 4217). Not asked of `Intl`, which knows how prices are
 * shown in shops and gives forints and rupiahs no digits at all.
 */
const digitsOf: Readonly<Record<string, number>> = {
  ...{ BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0 },
  ...{ XAF: 0, XOF: 0, XPF: 0, BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3, CLF: 4, UYW: 4 },
};

/** How many digits the minor unit stands for: 2 for cents, 0 for yen, 3 for dinars. */
export function minorDigits(currency: string): number {
  return digitsOf[currency] ?? 2;
}

/** Making a formatter costs more than using it a hundred times. */
const formats = new Map<string, Intl.NumberFormat>();

/** Minor units as a person reads them: `formatMinor(-123450, "CAD")` is "-CA$1,234.50". No digit is lost on the way. */
export function formatMinor(amountMinor: number, currency: string, locale = "en"): string {
  const digits = minorDigits(currency);
  const key = `${locale} ${currency}`;
  const known = formats.get(key);
  const format = known ?? new Intl.NumberFormat(locale, formatOptions(currency, digits));
  if (!known) formats.set(key, format);
  // In text: a division would make a fraction of two out of it.
  const all = String(Math.abs(amountMinor)).padStart(digits + 1, "0");
  const decimal = digits === 0 ? all : `${all.slice(0, -digits)}.${all.slice(-digits)}`;
  return format.format(`${amountMinor < 0 ? "-" : ""}${decimal}` as `${number}`);
}

function formatOptions(currency: string, digits: number): Intl.NumberFormatOptions {
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return /^[A-Z]{3}$/.test(currency) ? { style: "currency", currency, ...fraction } : fraction;
}
