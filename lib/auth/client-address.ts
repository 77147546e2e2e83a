/**
 * The network address of whoever asks, as seen by the outermost proxy we trust. Each trusted proxy appends one entry to
 * X-Forwarded-For, so the entry that counts stands that many from the right; what stands further left anybody may write.
 * Null without a trusted proxy: the header is then the caller's own words.
 */
export function clientAddress(forwardedFor: string | null | undefined, trustedProxies: number): string | null {
  if (trustedProxies === 0 || !forwardedFor) return null;
  const entries = forwardedFor.split(",").map((entry) => entry.trim());
  return entries.at(-trustedProxies) || null;
}
