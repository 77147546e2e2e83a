"use client";

import { useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import type { ConversationItem, ConversationView } from "@/lib/conversation/display";
import { BuildCard } from "./build-card";
import { DecisionNote } from "./decision-note";
import { RunAnswer } from "./run-answer";
import type { TurnActions } from "./turn-actions";
import { UserMessage } from "./user-message";

/** Drawn at once; older ones on demand, so that a thread of a thousand messages opens like one of ten. */
const shownAtFirst = 60;

interface Props {
  view: ConversationView;
  conversationId: string | null;
  /** A question on its way takes the place of this turn, and of all that follows it. */
  endsBefore: string | null;
  editing: { runId: string; text: string } | null;
  actions: TurnActions;
}

/** The conversation from top to bottom. */
export function MessageList({ view, conversationId, endsBefore, editing, actions }: Props) {
  const [shown, setShown] = useState(shownAtFirst);
  const { runs, builds } = view;
  const items = useMemo(() => cutBefore(view.items, endsBefore), [view.items, endsBefore]);
  const byId = useMemo(() => new Map(runs.map((run) => [run.runId, run])), [runs]);
  const credentialsHref = useMemo(() => findCredentialsHref(view), [view]);
  const hidden = Math.max(0, items.length - shown);
  const draw = (item: ConversationItem, place: number) => {
    if (item.kind === "message")
      return (
        <UserMessage
          // Versions of a message stand at the same place: the focus stays on the button that leads from one to the next.
          key={`message-${place}`}
          runId={item.runId}
          text={item.text}
          maskedSecrets={item.maskedSecrets}
          siblings={item.siblings}
          credentialsHref={credentialsHref}
          edited={editing !== null && editing.runId === item.runId ? editing.text : null}
          actions={actions}
        />
      );
    if (item.kind === "module-decision") return <DecisionNote key={item.key} decision={item.decision} />;
    if (item.kind === "build") {
      const build = builds[item.buildId];
      return build && <BuildCard key={item.key} build={build} />;
    }
    const run = byId.get(item.runId);
    return (
      run && <RunAnswer key={item.key} run={run} builds={builds} conversationId={conversationId} actions={actions} />
    );
  };
  return (
    <>
      {hidden > 0 && (
        <Button variant="ghost" size="sm" className="self-center" onClick={() => setShown(shown + shownAtFirst)}>
          Show earlier messages ({hidden})
        </Button>
      )}
      {items.slice(hidden).map((item, index) => draw(item, hidden + index))}
    </>
  );
}

function cutBefore(items: ConversationItem[], runId: string | null): ConversationItem[] {
  const place = runId === null ? -1 : items.findIndex((item) => item.kind === "message" && item.runId === runId);
  return place === -1 ? items : items.slice(0, place);
}

/** A key that was pasted here was most likely meant for the module that was built or decided here last. */
function findCredentialsHref(view: ConversationView): string {
  const decision = view.items.findLast((item) => item.kind === "module-decision");
  if (decision?.kind === "module-decision")
    return `/modules/${decision.decision.category}/${decision.decision.name}#credentials`;
  const built = Object.values(view.builds).findLast((build) => build.outcome?.state === "awaiting_review");
  if (built?.outcome?.category && built.outcome.name)
    return `/modules/${built.outcome.category}/${built.outcome.name}#credentials`;
  return "/modules";
}
