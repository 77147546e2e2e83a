import type { EventType } from "@/lib/contracts/conversation";

// An EventSource hears only the names it is told. Written out, so that the browser need not load the schemas; the type makes
// the compiler complain when a kind of event is missing here.
const names: Record<EventType, true> = {
  "message-sent": true,
  "branch-chosen": true,
  "context-compacted": true,
  "run-claimed": true,
  "step-started": true,
  "text-appended": true,
  "step-finished": true,
  "tool-started": true,
  "tool-progressed": true,
  "tool-finished": true,
  "approval-requested": true,
  "approval-decided": true,
  "effect-undone": true,
  "run-waited": true,
  "run-finished": true,
  "build-started": true,
  "build-progressed": true,
  "build-planned": true,
  "build-attempt-started": true,
  "build-checked": true,
  "build-finished": true,
  "module-decided": true,
};

export const eventTypes = Object.keys(names) as EventType[];
