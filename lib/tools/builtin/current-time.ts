import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { defineTool } from "../define-tool";

/** The time in a zone, from this machine's clock. */
export const currentTime = defineTool({
  name: "current_time",
  title: "Look at the clock",
  description:
    "The current date and time. Give an IANA time zone such as Europe/Berlin, or nothing for the person's own. Use it for anything about now, today, tomorrow or weekdays.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 2000,
  input: z.strictObject({
    time_zone: z.string().max(64).optional().describe("IANA name, for example America/Toronto"),
  }),
  output: z.object({
    iso: z.string(),
    time_zone: z.string(),
    date: z.string(),
    time: z.string(),
    weekday: z.string(),
    utc_offset: z.string(),
  }),
  questions: ["What time is it?", "What is the date today?", "What time is it in Tokyo?"],
  async execute({ time_zone }, { timeZone }) {
    const zone = time_zone === undefined ? timeZone : resolveZone(time_zone);
    return { kind: "done", output: describeInstant(new Date(), zone), source: "clock" };
  },
});

// There are some hundreds of zones, and making a formatter costs more than using it a hundred times.
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      weekday: "long",
      timeZoneName: "longOffset",
    });
  clocks.set(zone, clock);
  return clock;
}

/** An instant as people of that zone write it. */
export function describeInstant(now: Date, zone: string) {
  const parts = clockOf(zone).formatToParts(now);
  const get = (type: Intl.DateTimeFormatPartTypes) => parts.find((part) => part.type === type)?.value ?? "";
  const date = `${get("year")}-${get("month")}-${get("day")}`;
  const time = `${get("hour")}:${get("minute")}:${get("second")}`;
  const offset = get("timeZoneName").replace("GMT", "") || "+00:00";
  return {
    iso: `${date}T${time}${offset}`,
    time_zone: zone,
    date,
    time,
    weekday: get("weekday"),
    utc_offset: offset,
  };
}

function resolveZone(zone: string): string {
  if (clocks.has(zone)) return zone;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch (cause) {
    throw new AppError("invalid", "There is no such time zone.", {
      hint: "Use an IANA name such as Europe/Berlin.",
      cause,
    });
  }
}
