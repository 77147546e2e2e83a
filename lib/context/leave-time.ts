import type { Departure } from "@/lib/contracts/context";
import type { NavigationRoute } from "@/lib/contracts/open-data";
import { clockIn } from "./clock";

/** So much earlier one wants to be there. */
export const bufferMs = 5 * 60_000;
const soonMs = 30 * 60_000;

/** When to go to be at an event in time: its start, less the way, less five minutes. */
export function whenToLeave(
  startsAt: Date,
  route: Pick<NavigationRoute, "durationSeconds" | "transport">,
  to: string,
  { now, timeZone }: { now: Date; timeZone: string },
): Departure {
  const arriveBy = new Date(startsAt.getTime() - bufferMs);
  const leaveAt = new Date(arriveBy.getTime() - Math.ceil(route.durationSeconds) * 1000);
  const left = leaveAt.getTime() - now.getTime();
  const state = left < 0 ? "late" : left <= soonMs ? "soon" : "later";
  const way = `${wayText(route)} to ${to}`;
  const clock = clockIn(leaveAt, timeZone);
  return {
    leaveAt: leaveAt.toISOString(),
    arriveBy: arriveBy.toISOString(),
    state,
    text:
      state === "late" ? `Leave now: it is ${way}, and you should have left at ${clock}` : `Leave by ${clock} (${way})`,
  };
}

const modes: Record<NavigationRoute["transport"], string> = {
  driving: "by car",
  walking: "on foot",
  cycling: "by bicycle",
  transit: "by public transport",
  rideshare: "by car",
};

/** "18 min by car" */
export function wayText({
  durationSeconds,
  transport,
}: Pick<NavigationRoute, "durationSeconds" | "transport">): string {
  const minutes = Math.max(1, Math.round(durationSeconds / 60));
  const hours = Math.floor(minutes / 60);
  const length = hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
  return `${length} ${modes[transport]}`;
}
