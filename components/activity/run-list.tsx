"use client";

import Link from "next/link";
import { useLayoutEffect, useRef, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useRefetch } from "@/components/api/use-refetch";
import { formatDuration } from "@/components/chat/describe-run";
import { isTyping } from "@/components/layout/use-shortcuts";
import { RelativeTime } from "@/components/modules/relative-time";
import type { RunListItem } from "@/lib/contracts/run";
import type { RunFilterValue } from "./run-filter";
import { RunStatusLabel } from "./run-status";
import { countOf, formatCost, formatShort, totalTokens } from "./run-words";

interface Props {
  runs: RunListItem[];
  filter: RunFilterValue;
  /** The page follows this run; null for the newest. */
  before: string | null;
  limit: number;
}

const lookEveryMs = 5_000;

/** The runs, newest first; j and k move between them, Enter opens. While one is not finished the list is read again. */
export function RunList({ runs: initial, filter, before, limit }: Props) {
  const [runs, setRuns] = useState(initial);
  const list = useRowKeys();
  const isMoving = runs.some((run) => run.finishedAt === null);
  const { hasFailed } = useRefetch(
    async () => {
      const query = new URLSearchParams({ ...filter, limit: String(limit), ...(before ? { before } : {}) });
      const reply = await sendJson<{ runs: RunListItem[] }>("GET", `/api/runs?${query}`);
      setRuns(reply.runs);
    },
    isMoving ? lookEveryMs : null,
  );
  return (
    <>
      {hasFailed && (
        <p role="status" className="mt-4 text-sm text-warning">
          Burgeon did not answer; this list may be old.
        </p>
      )}
      <ul ref={list} aria-label="Runs" className="mt-4 divide-y rounded-lg border">
        {runs.map((run) => (
          <RunRow key={run.runId} run={run} />
        ))}
      </ul>
    </>
  );
}

const number = "whitespace-nowrap max-sm:empty:hidden sm:text-right";

function RunRow({ run }: { run: RunListItem }) {
  return (
    <li className="relative grid gap-x-3 gap-y-1 px-4 py-3 text-sm transition-colors hover:bg-muted/50 has-[a:focus-visible]:bg-muted/50 sm:grid-cols-[minmax(0,1fr)_4.5rem_4.5rem_6.5rem_5rem_5.5rem]">
      <Link
        href={`/activity/${run.runId}`}
        data-row
        className="truncate font-medium after:absolute after:inset-0 sm:col-span-5"
      >
        {run.question || run.conversationTitle || "Untitled"}
      </Link>
      <span className="hidden text-muted-foreground text-xs sm:block sm:text-right sm:leading-5">
        <RelativeTime at={run.createdAt} />
      </span>
      <span className="flex min-w-0 items-center gap-2 text-muted-foreground text-xs">
        <RunStatusLabel status={run.status} />
        <span className="truncate">
          {run.kind === "build" ? "Build" : run.model}
          {run.attempts > 1 && ` · ${countOf(run.attempts, "worker")}`}
        </span>
        <span className="ml-auto shrink-0 sm:hidden">
          <RelativeTime at={run.createdAt} />
        </span>
      </span>
      <span className="flex flex-wrap gap-x-3 gap-y-0.5 text-muted-foreground text-xs sm:contents">
        {/* A build has attempts instead: its page shows them. */}
        <span className={number}>{run.kind === "chat" && countOf(run.steps, "step")}</span>
        <span className={number}>{run.kind === "chat" && countOf(run.toolCalls, "tool")}</span>
        <span className={number}>{formatShort(totalTokens(run.usage))} tokens</span>
        <span className={number} title={run.costMicros > 0 ? undefined : "No price is known for this model"}>
          <span className="sr-only">Cost </span>
          {formatCost(run.costMicros)}
        </span>
        <span className={number} title="Time at work, without waiting for people and builds">
          <span className="sr-only">Took </span>
          {formatDuration(run.workedMs)}
        </span>
      </span>
    </li>
  );
}

/** Keys belong to the page, not to the list: j and k work wherever nobody types. */
function useRowKeys(): React.RefObject<HTMLUListElement | null> {
  const list = useRef<HTMLUListElement>(null);
  // Before the list is painted: whoever sees it can already move in it.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
      if (step === 0 || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const rows = Array.from(list.current?.querySelectorAll<HTMLAnchorElement>("a[data-row]") ?? []);
      const focused = document.activeElement;
      const at = focused instanceof HTMLAnchorElement ? rows.indexOf(focused) : -1;
      const next = at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
      rows[next]?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return list;
}
