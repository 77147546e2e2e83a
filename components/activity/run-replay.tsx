"use client";

import { ChevronLeft, ChevronRight, GitFork } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useId, useMemo, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Markdown } from "@/components/chat/markdown";
import { ToolRow } from "@/components/chat/tool-row";
import { Button } from "@/components/ui/button";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import type { RunListItem } from "@/lib/contracts/run";
import { findRun, foldConversation } from "@/lib/conversation/display";
import type { ChatRunView, RunPart } from "@/lib/conversation/run-view";
import { formatCount, formatSince } from "./run-words";
import { cutAfterStep, type RunStep } from "./run-timeline";

interface Props {
  run: RunListItem;
  events: ConversationEvent[];
  steps: RunStep[];
}

/** The run as it stood after the chosen step: the same fold as in the chat, over the log up to there. */
export function RunReplay({ run, events, steps }: Props) {
  const [chosen, setChosen] = useState<number | null>(null);
  const index = chosen === null ? steps.length - 1 : Math.min(chosen, steps.length - 1);
  const current = steps[index];
  const cut = useMemo(() => (current ? cutAfterStep(events, current.step) : []), [events, current]);
  const view = useMemo(() => findRun(foldConversation(cut), run.runId) ?? null, [cut, run.runId]);
  const labelId = useId();
  if (!current) return null;
  const last = cut.at(-1);
  const took = last && cut[0] ? Date.parse(last.at) - Date.parse(cut[0].at) : 0;
  return (
    <div className="my-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border bg-card px-4 py-3">
        <span id={labelId} className="font-medium text-sm">
          After step {current.step} of {steps.at(-1)?.step}
        </span>
        <div className="flex min-w-48 grow items-center gap-1">
          <StepButton label="The step before" isOn={index > 0} onStep={() => setChosen(index - 1)} icon={ChevronLeft} />
          <input
            type="range"
            aria-labelledby={labelId}
            aria-valuetext={`Step ${current.step}`}
            min={0}
            max={steps.length - 1}
            step={1}
            value={index}
            disabled={steps.length < 2}
            onChange={(event) => setChosen(Number(event.target.value))}
            className="h-6 w-full min-w-0 cursor-pointer accent-primary disabled:cursor-default"
          />
          <StepButton
            label="The next step"
            isOn={index < steps.length - 1}
            onStep={() => setChosen(index + 1)}
            icon={ChevronRight}
          />
        </div>
        {run.kind === "chat" && current.canFork && <ForkButton runId={run.runId} step={current.step} />}
      </div>
      <p className="mt-2 text-muted-foreground text-xs">
        {formatSince(took)} after it was asked
        {view && ` · ${formatCount(view.usage.inputTokens + view.usage.outputTokens)} tokens so far`}
      </p>
      {view?.forkOf && (
        <p className="mt-2 text-muted-foreground text-xs">
          Before this come the steps up to {view.forkOf.step} of{" "}
          <Link href={`/activity/${view.forkOf.runId}`} className="underline underline-offset-4 hover:text-foreground">
            another run
          </Link>
          .
        </p>
      )}
      <div className="mt-4 flex flex-col gap-3">
        {view && view.parts.length > 0 ? (
          view.parts.map((part) => <Part key={keyOf(part)} part={part} view={view} />)
        ) : (
          <p className="text-muted-foreground text-sm">Nothing was written and nothing done by then.</p>
        )}
      </div>
    </div>
  );
}

function keyOf(part: RunPart): string {
  return part.kind === "text" ? `${part.step}-${part.attempt}` : part.callId;
}

interface StepButtonProps {
  label: string;
  isOn: boolean;
  onStep: () => void;
  icon: typeof ChevronLeft;
}

function StepButton({ label, isOn, onStep, icon: Icon }: StepButtonProps) {
  return (
    <Button variant="ghost" size="icon" className="size-8" aria-label={label} disabled={!isOn} onClick={onStep}>
      <Icon aria-hidden className="size-4" />
    </Button>
  );
}

/** What was open then is shown as open, and cannot be answered here. */
function Part({ part, view }: { part: RunPart; view: ChatRunView }) {
  if (part.kind === "text")
    return part.text === "" ? null : <Markdown text={part.text} isStreaming={part.isStreaming} />;
  const isAsked = part.approval?.decision === "pending";
  return (
    <div>
      <ToolRow part={part} />
      {isAsked && view.status !== "stopped" && (
        <p className="text-muted-foreground text-xs">It waited for your answer: {part.approval?.request.title}</p>
      )}
    </div>
  );
}

function ForkButton({ runId, step }: { runId: string; step: number }) {
  const router = useRouter();
  const { run, isBusy, failure } = useAction();
  const fork = () =>
    run(async () => {
      const { conversationId } = await sendJson<{ conversationId: string }>("POST", "/api/runs", {
        fork: { runId, step },
      });
      router.push(`/chat/${conversationId}`);
    });
  return (
    <div className="flex flex-col items-end gap-1">
      <Button variant="outline" size="sm" disabled={isBusy} onClick={() => void fork()}>
        <GitFork aria-hidden className="size-3.5" />
        {isBusy ? "Forking…" : `Fork from step ${step}`}
      </Button>
      {failure && (
        <p role="alert" className="max-w-72 text-right text-destructive text-xs">
          {failure}
        </p>
      )}
    </div>
  );
}
