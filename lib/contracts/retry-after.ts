/** Whoever asks for more is asked again after this: a header must not stop anything for days. */
const maxWaitMs = 60 * 60_000;

/**
 * How long the other side wants to be left alone: seconds or an HTTP date (RFC 9110, section 10.2.3), at most an hour. Fractions
 * of a second are no part of the standard, and some send them. @returns undefined where it does not say
 */
export function readRetryAfter(text: string | null | undefined, now: Date): number | undefined {
  if (text === undefined || text === null) return undefined;
  const isSeconds = /^\s*\d{1,9}(\.\d{1,9})?\s*$/.test(text);
  const ms = isSeconds ? Math.ceil(Number(text) * 1000) : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), maxWaitMs);
}
