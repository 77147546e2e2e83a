"use client";

import { useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import type { MergeView } from "@/lib/contracts/finance";
import { Amount } from "./amount";
import { formatCount, formatDay, formatMoment } from "./money-text";
import { UndoToast } from "./undo-toast";
import { useUndoable } from "./use-undoable";

interface Props {
  merges: MergeView[];
  locale: string;
  timeZone: string;
}

const undoWords: Readonly<Record<MergeView["kind"], string>> = {
  accounts: "Split",
  transactions: "Split",
  categories: "Take back",
};

/** What was taken for the same, or changed in bulk; each can be split or taken back. */
export function MergeList({ merges, locale, timeZone }: Props) {
  const { undo, done, isBusy, failure, close } = useUndoable();
  const entryProps = { locale, timeZone, isBusy, onUndo: (id: string) => void undo(id) };
  return (
    <>
      <FailureNote text={failure} className="mt-4" />
      <ul aria-label="Doubles and changes" className="mt-4 divide-y rounded-lg border bg-card">
        {merges.map((merge) => (
          <li key={merge.id} className="px-4 py-3 text-sm">
            <Entry merge={merge} {...entryProps} />
            {merge.kind === "accounts" && merge.undoneAt === null && merge.count > 0 && (
              <Doubles merge={merge} {...entryProps} />
            )}
          </li>
        ))}
      </ul>
      <UndoToast done={done} isBusy={isBusy} onUndo={(id) => void undo(id)} onClose={close} />
    </>
  );
}

interface EntryProps {
  merge: MergeView;
  locale: string;
  timeZone: string;
  isBusy: boolean;
  onUndo: (id: string) => void;
}

function Entry({ merge, locale, timeZone, isBusy, onUndo }: EntryProps) {
  const { id, kind, reason, count, kept, createdAt, undoneAt } = merge;
  const name = kept ? `${kept.company}, ${formatDay(kept.date, locale)}` : reason;
  return (
    <div className="flex items-start justify-between gap-3">
      <div className="min-w-0">
        {kept && (
          <p className="font-medium [overflow-wrap:anywhere]">
            {kept.company}, {formatDay(kept.date, locale)},{" "}
            <Amount amountMinor={kept.amountMinor} currency={kept.currency} locale={locale} />
          </p>
        )}
        <p className="[overflow-wrap:anywhere]">{reason}</p>
        <p className="mt-0.5 text-muted-foreground text-xs">
          <time dateTime={createdAt}>{formatMoment(createdAt, locale, timeZone)}</time>
          {kind === "accounts" && ` · ${formatCount(count, "double", locale)}`}
          {kind === "categories" && ` · ${formatCount(count, "transaction", locale)}`}
          {undoneAt !== null && ` · taken back ${formatMoment(undoneAt, locale, timeZone)}`}
        </p>
      </div>
      {undoneAt === null && (
        <Button
          size="sm"
          variant="outline"
          disabled={isBusy}
          aria-label={`${undoWords[kind]}: ${name}`}
          onClick={() => onUndo(id)}
        >
          {undoWords[kind]}
        </Button>
      )}
    </div>
  );
}

const pageSize = 50;

/** The doubles of two accounts that are one, read when somebody wants to see them. */
function Doubles({ merge, ...shared }: EntryProps) {
  const [found, setFound] = useState<MergeView[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [hasMore, setMore] = useState(true);
  const read = async () => {
    const last = found?.at(-1);
    const query = new URLSearchParams({ of: merge.id, limit: String(pageSize), ...(last ? { before: last.id } : {}) });
    try {
      const { merges } = await sendJson<{ merges: MergeView[] }>("GET", `/api/money/merges?${query}`);
      setFound([...(found ?? []), ...merges]);
      setMore(merges.length === pageSize);
      setFailure(null);
    } catch (cause) {
      setFailure(describeFailure(cause));
    }
  };
  const undo = (id: string) => {
    // Read again with the page it is a part of; until then it says so itself.
    setFound((found ?? []).map((one) => (one.id === id ? { ...one, undoneAt: new Date().toISOString() } : one)));
    shared.onUndo(id);
  };
  return (
    <div className="mt-2">
      {found && (
        <ul aria-label="Doubles" className="divide-y border-l pl-4">
          {found.map((one) => (
            <li key={one.id} className="py-2">
              <Entry merge={one} {...shared} onUndo={undo} />
            </li>
          ))}
        </ul>
      )}
      {failure && (
        <p role="alert" className="text-destructive">
          {failure}
        </p>
      )}
      {(found === null || hasMore) && (
        <Button size="sm" variant="ghost" onClick={() => void read()}>
          {found === null ? "Show the doubles" : "Show more"}
        </Button>
      )}
    </div>
  );
}
