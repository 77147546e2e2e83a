"use client";

import { useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import type { ConversationItem, ConversationView } from "@/lib/conversation/display";
import { BuildCard } from "./build-card";
import { DecisionNote } from "./decision-note";
import { RunAnswer } from "./run-answer";
import { UserMessage } from "./user-message";

/** Drawn at once; older ones on demand, so that a thread of a thousand messages opens like one of ten. */
const shownAtFirst = 60;

interface Props {
  view: ConversationView;
  onRetry: (question: string) => void;
}

/** The conversation from top to bottom. */
export function MessageList({ view, onRetry }: Props) {
  const [shown, setShown] = useState(shownAtFirst);
  const { items, runs, builds } = view;
  const questions = useMemo(() => questionsOf(items), [items]);
  const credentialsHref = useMemo(() => findCredentialsHref(view), [view]);
  const hidden = Math.max(0, items.length - shown);
  return (
    <>
      {hidden > 0 && (
        <Button variant="ghost" size="sm" className="self-center" onClick={() => setShown(shown + shownAtFirst)}>
          Show earlier messages ({hidden})
        </Button>
      )}
      {items.slice(hidden).map((item) => {
        if (item.kind === "message")
          return (
            <UserMessage
              key={item.key}
              text={item.text}
              maskedSecrets={item.maskedSecrets}
              credentialsHref={credentialsHref}
            />
          );
        if (item.kind === "module-decision") return <DecisionNote key={item.key} decision={item.decision} />;
        if (item.kind === "build") {
          const build = builds[item.buildId];
          return build && <BuildCard key={item.key} build={build} />;
        }
        const run = runs[item.runId];
        return (
          run && (
            <RunAnswer
              key={item.key}
              run={run}
              builds={builds}
              question={questions.get(item.runId) ?? ""}
              onRetry={onRetry}
            />
          )
        );
      })}
    </>
  );
}

function questionsOf(items: ConversationItem[]): Map<string, string> {
  return new Map(
    items.flatMap((item) => (item.kind === "message" && item.runId !== null ? [[item.runId, item.text] as const] : [])),
  );
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
