import type { ConnectionView } from "@/lib/contracts/connection";

const firstMs = 1_500;
const longestMs = 30_000;
/** After that many looks without any change it is nobody's turn; the next look is when the tab is looked at again. */
const maxLooks = 30;
const afterDueMs = 2_000;

/**
 * When to read again: soon and then less and less often while something moves, else when the next synchronisation should have
 * happened; null: not by itself.
 */
export function nextLookMs(
  connections: readonly ConnectionView[],
  { now, looks, isExpecting }: { now: number; looks: number; isExpecting: boolean },
): number | null {
  if (looks >= maxLooks) return null;
  const backedOffMs = Math.min(longestMs, firstMs * 1.5 ** looks);
  if (isExpecting || connections.some(isMoving)) return backedOffMs;
  const times = connections.flatMap(({ nextAt }) => (nextAt === null ? [] : [Date.parse(nextAt)]));
  if (times.length === 0) return null;
  return Math.max(backedOffMs, Math.min(...times) - now + afterDueMs);
}

const isMoving = ({ isSyncing, health, connect }: ConnectionView) =>
  isSyncing || (health === "waiting" && connect !== "file");
