"use client";

import Link from "next/link";
import { describeState, modulePath } from "@/components/modules/state-words";
import { type ModuleState, moduleStates } from "@/lib/contracts/module";
import type { EventPayload } from "@/lib/contracts/conversation";

const words: Record<EventPayload<"module-decided">["decision"], string> = {
  approved: "You approved",
  rejected: "You rejected a version of",
  quarantined: "You put a version in quarantine:",
  changes_requested: "You asked for changes to",
  enabled: "You switched on",
  disabled: "You switched off",
  rolled_back: "You rolled back",
  credentials_set: "You set the credentials of",
};

/** One quiet line where something was decided about a module of this conversation, with what it needs next. */
export function DecisionNote({ decision }: { decision: EventPayload<"module-decided"> }) {
  const state = moduleStates.find((known): known is ModuleState => known === decision.state);
  const needsCredentials = state === "needs_credentials";
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 border-l-2 py-1 pl-3 text-muted-foreground text-sm">
      <span>{words[decision.decision]}</span>
      <Link href={modulePath(decision)} className="font-medium text-foreground underline-offset-4 hover:underline">
        {decision.category}/{decision.name}
      </Link>
      {state && <span>· {describeState(state).label}</span>}
      {needsCredentials && (
        <Link
          href={`${modulePath(decision)}#credentials`}
          className="font-medium text-primary underline underline-offset-4"
        >
          Set them
        </Link>
      )}
    </p>
  );
}
