"use client";

import { GitBranch, GitFork, MoreHorizontal, RotateCcw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { tellConversationsChanged } from "@/components/layout/conversations-changed";
import { RelativeTime } from "@/components/modules/relative-time";
import { CopyButton } from "@/components/ui/copy-button";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { FailureNote } from "@/components/ui/failure-note";
import { answerOf } from "@/lib/conversation/display";
import type { ChatRunView } from "@/lib/conversation/run-view";
import { listForkableSteps } from "./describe-run";
import type { TurnActions } from "./turn-actions";

interface Props {
  run: ChatRunView;
  conversationId: string;
  actions: TurnActions;
}

const button =
  "inline-flex size-7 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted-foreground outline-none transition-colors hover:bg-muted hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring disabled:cursor-default disabled:opacity-50 data-[state=open]:bg-muted";

/** The line under a finished answer: copy it, make it again, branch off, go on from a step; the model and the time. */
export function AnswerActions({ run, conversationId, actions }: Props) {
  const { branch, isBranching, failure } = useBranch(conversationId, run.runId);
  const answer = answerOf(run);
  const steps = listForkableSteps(run);
  return (
    <div className="-mt-1 -ml-1.5 text-muted-foreground text-xs">
      <div className="flex flex-wrap items-center gap-x-0.5">
        {answer !== "" && <CopyButton text={answer} label="Copy answer" />}
        <button
          type="button"
          aria-label="Regenerate"
          title="Regenerate"
          className={button}
          onClick={() => actions.regenerate(run.runId)}
        >
          <RotateCcw aria-hidden className="size-3.5" />
        </button>
        <DropdownMenu>
          <DropdownMenuTrigger aria-label="More for this answer" className={button} disabled={isBranching}>
            <MoreHorizontal aria-hidden className="size-3.5" />
          </DropdownMenuTrigger>
          <DropdownMenuContent align="start" className="max-h-80 overflow-y-auto">
            <DropdownMenuItem onSelect={() => void branch()}>
              <GitBranch aria-hidden className="size-4" /> Branch from here
            </DropdownMenuItem>
            {steps.length > 0 && (
              <>
                <DropdownMenuSeparator />
                <DropdownMenuLabel>Fork from</DropdownMenuLabel>
                {steps.map(({ step, title }) => (
                  <DropdownMenuItem key={step} onSelect={() => actions.fork(run.runId, step)}>
                    <GitFork aria-hidden className="size-4 shrink-0" />
                    <span className="min-w-0 truncate">
                      Step {step} · {title}
                    </span>
                  </DropdownMenuItem>
                ))}
              </>
            )}
          </DropdownMenuContent>
        </DropdownMenu>
        <span className="ml-1 inline-flex flex-wrap items-center gap-x-1.5">
          {run.model && <span>{run.model}</span>}
          {run.model && run.finishedAt && <span aria-hidden>·</span>}
          {run.finishedAt && <RelativeTime at={run.finishedAt} />}
        </span>
      </div>
      <FailureNote text={failure} className="ml-1.5" />
    </div>
  );
}

/** Makes a conversation of its own out of everything up to and with this answer, and goes there. */
function useBranch(conversationId: string, runId: string) {
  const router = useRouter();
  const [isBranching, setBranching] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const branch = async () => {
    setBranching(true);
    setFailure(null);
    try {
      const path = `/api/conversations/${encodeURIComponent(conversationId)}/branch`;
      const made = await sendJson<{ conversationId: string }>("POST", path, { runId });
      tellConversationsChanged();
      router.push(`/chat/${made.conversationId}`);
    } catch (error) {
      setFailure(describeFailure(error));
    } finally {
      setBranching(false);
    }
  };
  return { branch, isBranching, failure };
}
