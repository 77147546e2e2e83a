"use client";

import { GitFork } from "lucide-react";
import { memo } from "react";
import type { BuildView } from "@/lib/conversation/build-view";
import type { ChatRunView, RunPart } from "@/lib/conversation/run-view";
import { AnswerActions } from "./answer-actions";
import { ApprovalCard } from "./approval-card";
import { BuildCard } from "./build-card";
import { describeWork } from "./describe-run";
import { Markdown } from "./markdown";
import { RunEnd } from "./run-end";
import { ToolRow } from "./tool-row";
import type { TurnActions } from "./turn-actions";

interface Props {
  run: ChatRunView;
  builds: Readonly<Record<string, BuildView>>;
  /** Null while the conversation is not known by an address of its own. */
  conversationId: string | null;
  actions: TurnActions;
}

/** One answer: text, tool calls, questions and builds in the order in which they happened, then how it ended. */
export const RunAnswer = memo(function RunAnswer({ run, builds, conversationId, actions }: Props) {
  const work = describeWork(run);
  const inherited = run.parts.filter((part) => part.isInherited);
  const own = run.parts.filter((part) => !part.isInherited);
  return (
    <article aria-label="Burgeon" className="flex flex-col gap-3">
      {run.forkOf && <ForkNote step={run.forkOf.step} />}
      {inherited.length > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form.
        <div
          role="group"
          aria-label="Taken over from the earlier answer"
          className="flex flex-col gap-3 border-l-2 border-dashed pl-3"
        >
          <Parts runId={run.runId} parts={inherited} builds={builds} />
        </div>
      )}
      <Parts runId={run.runId} parts={own} builds={builds} />
      {work && (
        <p className="flex h-7 items-center gap-2 text-muted-foreground text-sm">
          <span aria-hidden className="size-2 animate-pulse rounded-full bg-primary" />
          {work}…
        </p>
      )}
      <RunEnd run={run} onRetry={() => actions.regenerate(run.runId)} />
      {run.finishedAt !== null && conversationId !== null && (
        <AnswerActions run={run} conversationId={conversationId} actions={actions} />
      )}
    </article>
  );
});

function ForkNote({ step }: { step: number }) {
  return (
    <p className="flex items-center gap-2 text-muted-foreground text-sm">
      <GitFork aria-hidden className="size-3.5 shrink-0" />
      Forked from step {step} of an earlier answer
    </p>
  );
}

interface PartProps {
  runId: string;
  builds: Props["builds"];
}

function Parts({ parts, ...props }: PartProps & { parts: readonly RunPart[] }) {
  return parts.map((part) => (
    <Part key={part.kind === "text" ? `${part.step}-${part.attempt}` : part.callId} part={part} {...props} />
  ));
}

function Part({ part, runId, builds }: PartProps & { part: RunPart }) {
  if (part.kind === "text")
    return part.text === "" ? null : <Markdown text={part.text} isStreaming={part.isStreaming} />;
  const build = part.buildId === null ? undefined : builds[part.buildId];
  return (
    <>
      {part.earlierApprovals.map((approval) => (
        <ApprovalCard key={approval.request.approvalId} approval={approval} />
      ))}
      {part.approval && <ApprovalCard key={part.approval.request.approvalId} approval={part.approval} />}
      {build && <BuildCard build={build} />}
      {part.approval?.decision !== "pending" && <ToolRow part={part} runId={runId} />}
    </>
  );
}
