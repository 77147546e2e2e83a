"use client";

import {
  Archive,
  Bot,
  CircleAlert,
  Clock,
  Flag,
  Hammer,
  MessageSquare,
  RefreshCw,
  Undo2,
  UserRound,
  Wrench,
} from "lucide-react";
import Link from "next/link";
import { ApprovalCard } from "@/components/chat/approval-card";
import { formatDuration } from "@/components/chat/describe-run";
import { formatSpan } from "@/components/chat/format-span";
import { ToolRow } from "@/components/chat/tool-row";
import type { ToolPart } from "@/lib/conversation/run-view";
import { formatCost, formatCount, formatSince, statusWords } from "./run-words";
import type { ModelMoment, Moment } from "./run-timeline";

interface Props {
  moment: Moment;
  /** Since the run was asked for. */
  sinceMs: number;
  runId: string;
  /** The call of a moment of kind `tool`. */
  part: ToolPart | null;
  /** Its state in the ledger of effects. */
  effect: string | null;
}

const icons: Record<Moment["kind"], typeof Bot> = {
  question: MessageSquare,
  takeover: RefreshCw,
  model: Bot,
  tool: Wrench,
  wait: Clock,
  compaction: Archive,
  build: Hammer,
  undo: Undo2,
  end: Flag,
};

/** One line of the timeline with what belongs to it. */
export function MomentRow({ moment, sinceMs, runId, part, effect }: Props) {
  const isFailure = (moment.kind === "end" && moment.error !== null) || (moment.kind === "build" && moment.isFailure);
  const Icon = isFailure
    ? CircleAlert
    : moment.kind === "wait" && moment.on === "approval"
      ? UserRound
      : icons[moment.kind];
  return (
    <li className="relative grid grid-cols-[1.5rem_minmax(0,1fr)] gap-x-3 pb-5 text-sm last:pb-0 [&:last-child>span.line]:hidden">
      <span aria-hidden className="line absolute top-7 bottom-1 left-[11.5px] w-px bg-border" />
      <span
        aria-hidden
        className={`flex size-6 items-center justify-center rounded-full border bg-card ${isFailure ? "text-destructive" : "text-muted-foreground"}`}
      >
        <Icon className="size-3.5" />
      </span>
      <div className="min-w-0 pt-0.5">
        <Content moment={moment} since={`+${formatSince(sinceMs)}`} runId={runId} part={part} effect={effect} />
      </div>
    </li>
  );
}

function Title({ since, children }: { since: string; children: React.ReactNode }) {
  return (
    <p className="flex items-baseline justify-between gap-3">
      <span className="min-w-0 font-medium [overflow-wrap:anywhere]">{children}</span>
      <span className="shrink-0 text-muted-foreground text-xs">{since}</span>
    </p>
  );
}

function Quiet({ children }: { children: React.ReactNode }) {
  return <p className="text-muted-foreground text-xs [overflow-wrap:anywhere]">{children}</p>;
}

function Content({ moment, since, runId, part, effect }: Omit<Props, "sinceMs"> & { since: string }) {
  switch (moment.kind) {
    case "question":
      return <Question moment={moment} since={since} />;
    case "takeover":
      return <Title since={since}>A worker was lost; {moment.worker} took over</Title>;
    case "model":
      return <ModelCall moment={moment} since={since} />;
    case "tool":
      return <ToolCall part={part} effect={effect} runId={runId} since={since} />;
    case "wait":
      return (
        <Title since={since}>
          {moment.untilMs === null ? "Waits for " : `Waited ${formatSpan(moment.untilMs)} for `}
          {moment.on === "approval" ? "your answer" : "the build"}
        </Title>
      );
    case "compaction":
      return (
        <>
          <Title since={since}>Earlier turns were summarised for the model</Title>
          <Folded label="The summary" text={moment.summary} />
        </>
      );
    case "build":
      return (
        <>
          <Title since={since}>{moment.title}</Title>
          {moment.detail && <Quiet>{moment.detail}</Quiet>}
        </>
      );
    case "undo":
      return (
        <Title since={since}>{moment.error ? `Not undone: ${moment.error.message}` : "You took an effect back"}</Title>
      );
    case "end":
      return (
        <>
          <Title since={since}>{statusWords[moment.status]}</Title>
          {moment.error && <Quiet>{moment.error.message}</Quiet>}
        </>
      );
  }
}

function Question({ moment, since }: { moment: Extract<Moment, { kind: "question" }>; since: string }) {
  return (
    <>
      <Title since={since}>You asked</Title>
      <p className="mt-1 line-clamp-6 whitespace-pre-wrap [overflow-wrap:anywhere]">{moment.text}</p>
      {moment.maskedSecrets > 0 && <Quiet>A key in it was masked before it was stored.</Quiet>}
      {moment.forkOf && (
        <Quiet>
          Begins with the steps up to {moment.forkOf.step} of{" "}
          <Link
            href={`/activity/${moment.forkOf.runId}`}
            className="underline underline-offset-4 hover:text-foreground"
          >
            another run
          </Link>
          .
        </Quiet>
      )}
    </>
  );
}

function ModelCall({ moment, since }: { moment: ModelMoment; since: string }) {
  const { finished } = moment;
  const facts = finished
    ? [
        formatDuration(finished.durationMs),
        `${formatCount(finished.usage.inputTokens)} tokens in`,
        `${formatCount(finished.usage.outputTokens)} out`,
        ...(finished.costMicros === undefined ? [] : [formatCost(finished.costMicros)]),
        `ended with “${finished.finishReason}”`,
      ]
    : ["not finished"];
  return (
    <>
      <Title since={since}>
        Step {moment.step}: {moment.model}
      </Title>
      <Quiet>{[...facts, ...(moment.attempts > 1 ? [`attempt ${moment.attempts}`] : [])].join(" · ")}</Quiet>
      {moment.text.trim() !== "" && <Folded label="What it wrote" text={moment.text} />}
    </>
  );
}

const ledgerWords: Record<string, string> = {
  intent: "begun; its outcome is not recorded yet",
  done: "done, recorded once",
  unknown: "interrupted; whether it happened is not known",
  undone: "not in the world: it was refused, or taken back",
};

function ToolCall({ part, effect, runId, since }: Omit<Props, "moment" | "sinceMs"> & { since: string }) {
  if (!part) return <Title since={since}>A tool call that the log no longer explains</Title>;
  return (
    <div className="flex flex-col gap-1.5">
      <Title since={since}>
        <code className="font-mono font-normal text-xs">{part.tool}</code>
      </Title>
      {part.earlierApprovals.map((approval) => (
        <ApprovalCard key={approval.request.approvalId} approval={approval} />
      ))}
      {part.approval && <ApprovalCard approval={part.approval} />}
      {part.approval?.decision !== "pending" && <ToolRow part={part} runId={runId} />}
      {effect && <Quiet>Ledger: {ledgerWords[effect] ?? effect}</Quiet>}
    </div>
  );
}

function Folded({ label, text }: { label: string; text: string }) {
  return (
    <details className="mt-1">
      <summary className="cursor-pointer text-muted-foreground text-xs hover:text-foreground">{label}</summary>
      <p className="mt-1 whitespace-pre-wrap rounded-md bg-muted/60 px-3 py-2 text-[13px] leading-relaxed [overflow-wrap:anywhere]">
        {text.trim()}
      </p>
    </details>
  );
}
