import { CircleAlert, MessageSquare } from "lucide-react";
import Link from "next/link";
import { formatDuration } from "@/components/chat/describe-run";
import { RelativeTime } from "@/components/modules/relative-time";
import { Button } from "@/components/ui/button";
import type { RunListItem } from "@/lib/contracts/run";
import { ExactTime } from "./exact-time";
import { RunStatusLabel } from "./run-status";
import { formatCost, formatCount } from "./run-words";

/** What a run was about, how it ended and what it took. */
export function RunHeader({ run }: { run: RunListItem }) {
  return (
    <>
      <nav aria-label="Breadcrumb" className="text-muted-foreground text-sm">
        <Link href="/activity" className="hover:text-foreground">
          Activity
        </Link>{" "}
        / {run.kind === "build" ? "Build" : "Answer"}
      </nav>
      <header className="mt-2 flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0 grow basis-72">
          <h1 className="font-semibold text-xl tracking-tight [overflow-wrap:anywhere]">
            {run.question || "Untitled"}
          </h1>
          <p className="mt-1.5 flex flex-wrap items-center gap-x-2 text-muted-foreground text-sm">
            <RunStatusLabel status={run.status} />
            <RelativeTime at={run.createdAt} />
            {run.model && (
              <>
                <span aria-hidden>·</span>
                <span>{run.model}</span>
              </>
            )}
          </p>
        </div>
        <Button asChild variant="outline" size="sm">
          <Link href={`/chat/${run.conversationId}`}>
            <MessageSquare aria-hidden className="size-4" />
            Open the conversation
          </Link>
        </Button>
      </header>
      {run.error && <RunError error={run.error} />}
      <Facts run={run} />
    </>
  );
}

function RunError({ error }: { error: NonNullable<RunListItem["error"]> }) {
  return (
    <div className="mt-6 flex items-start gap-2.5 rounded-lg border border-destructive/40 bg-destructive/5 px-4 py-3 text-sm">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-destructive" />
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <p className="font-medium">{error.message}</p>
        {error.hint && <p className="text-muted-foreground">{error.hint}</p>}
        <p className="mt-1 text-muted-foreground text-xs">
          <code className="font-mono">{error.code}</code>
        </p>
      </div>
    </div>
  );
}

function Facts({ run }: { run: RunListItem }) {
  const { inputTokens, outputTokens } = run.usage;
  const facts: [string, React.ReactNode][] = [
    ["Asked", <ExactTime key="asked" at={run.createdAt} />],
    ["Ended", run.finishedAt === null ? "not yet" : <ExactTime key="ended" at={run.finishedAt} />],
    ["At work", formatDuration(run.workedMs)],
    ...(run.kind === "build"
      ? []
      : ([
          ["Steps", formatCount(run.steps)],
          ["Tool calls", formatCount(run.toolCalls)],
        ] satisfies [string, string][])),
    ["Tokens in", formatCount(inputTokens)],
    ["Tokens out", formatCount(outputTokens)],
    ["Cost", formatCost(run.costMicros)],
    ["Workers", run.attempts > 1 ? `${run.attempts}, ${run.attempts - 1} lost` : formatCount(run.attempts)],
  ];
  return (
    <dl className="mt-6 grid grid-cols-2 gap-x-6 gap-y-3 rounded-lg border bg-card px-5 py-4 text-sm sm:grid-cols-3 lg:grid-cols-5">
      {facts.map(([name, value]) => (
        <div key={name} className="min-w-0">
          <dt className="text-muted-foreground text-xs">{name}</dt>
          <dd className="mt-0.5 font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
