"use client";

import { memo } from "react";
import { RelativeTime } from "@/components/modules/relative-time";
import { CopyButton } from "@/components/ui/copy-button";
import type { BuildView } from "@/lib/conversation/build-view";
import { answerOf } from "@/lib/conversation/display";
import type { ChatRunView, RunPart } from "@/lib/conversation/run-view";
import { ApprovalCard } from "./approval-card";
import { BuildCard } from "./build-card";
import { describeWork } from "./describe-run";
import { Markdown } from "./markdown";
import { RunEnd } from "./run-end";
import { ToolRow } from "./tool-row";

interface Props {
  run: ChatRunView;
  builds: Readonly<Record<string, BuildView>>;
  /** The question, for Retry. */
  question: string;
  onRetry: (question: string) => void;
}

/** One answer: text, tool calls, questions and builds in the order in which they happened, then how it ended. */
export const RunAnswer = memo(function RunAnswer({ run, builds, question, onRetry }: Props) {
  const work = describeWork(run);
  const answer = answerOf(run);
  return (
    <article aria-label="Burgeon" className="flex flex-col gap-3">
      {run.parts.map((part) => (
        <Part key={part.kind === "text" ? `${part.step}-${part.attempt}` : part.callId} part={part} builds={builds} />
      ))}
      {work && (
        <p className="flex h-7 items-center gap-2 text-muted-foreground text-sm">
          <span aria-hidden className="size-2 animate-pulse rounded-full bg-primary" />
          {work}…
        </p>
      )}
      <RunEnd run={run} onRetry={() => onRetry(question)} />
      {run.finishedAt !== null && answer !== "" && (
        <p className="-mt-1 -ml-1.5 flex flex-wrap items-center gap-x-1.5 text-muted-foreground text-xs">
          <CopyButton text={answer} label="Copy answer" />
          {run.model && <span>{run.model}</span>}
          {run.model && <span aria-hidden>·</span>}
          <RelativeTime at={run.finishedAt} />
        </p>
      )}
    </article>
  );
});

function Part({ part, builds }: { part: RunPart; builds: Props["builds"] }) {
  if (part.kind === "text")
    return part.text === "" ? null : <Markdown text={part.text} isStreaming={part.isStreaming} />;
  const build = part.buildId === null ? undefined : builds[part.buildId];
  return (
    <>
      {part.approval && <ApprovalCard approval={part.approval} />}
      {build && <BuildCard build={build} />}
      {part.approval?.decision !== "pending" && <ToolRow part={part} />}
    </>
  );
}
