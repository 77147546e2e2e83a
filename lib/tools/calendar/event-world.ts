import { listConflicts } from "@/lib/connections/calendar/conflicts";
import { describeTimes, type Times } from "@/lib/connections/calendar/event-times";
import type { ApprovalLine } from "@/lib/contracts/approval";
import type { EventView } from "@/lib/contracts/calendar";
import type { Viewer } from "@/lib/contracts/viewer";

/** What a person should know of a time before they say yes, and what tells it apart from another state. */
export async function describeMeanwhile(
  viewer: Viewer,
  times: Times,
  timeZone: string,
  except?: EventView,
): Promise<{ state: string; lines: ApprovalLine[] }> {
  const conflicts = await listConflicts(viewer, times, except);
  return {
    state: conflicts.map(({ id, title }) => `${id} ${title}`).join("\n"),
    lines: conflicts.map((event) => ({
      label: "Overlaps",
      value: `${event.title} (${describeTimes(event, timeZone)})`,
    })),
  };
}
