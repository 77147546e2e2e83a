import { clockIn } from "@/lib/context/clock";
import { dayIn, shortDay } from "@/lib/contracts/day";

/** "read 09:12", with the day when it was another one; null for what was never read. */
export function readText(asOf: string | null, { timeZone, today }: { timeZone: string; today: string }): string | null {
  if (asOf === null) return null;
  const day = dayIn(asOf, timeZone);
  return `read ${day === today ? "" : `on ${shortDay(day)} at `}${clockIn(asOf, timeZone)}`;
}
