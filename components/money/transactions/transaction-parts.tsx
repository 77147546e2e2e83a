import { Clock, StickyNote } from "lucide-react";
import { cn } from "@/components/ui/cn";
import type { TransactionView } from "@/lib/contracts/finance";
import { CategoryPicker } from "../category-picker";
import { formatDay } from "../money-text";
import type { RowActions } from "./transaction-board";

interface Props {
  transaction: TransactionView;
  actions: RowActions;
}

/** Ticks a row. */
export function RowTick({ transaction, actions }: Props) {
  const { id, company, date } = transaction;
  return (
    <input
      type="checkbox"
      aria-label={`Choose ${company}, ${formatDay(date, actions.locale)}`}
      checked={actions.selected.has(id)}
      onChange={(event) => actions.onSelect([id], event.target.checked)}
      className="size-4 shrink-0 accent-primary"
    />
  );
}

/** Who it was, with what is to be known at a glance; opens everything else. */
export function RowName({ transaction, actions }: Props) {
  const { company, merchant, note, isPending } = transaction;
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-label={`${company}: details`}
        onClick={() => actions.onOpen(transaction)}
        className="cursor-pointer rounded text-left font-medium underline-offset-4 outline-none [overflow-wrap:anywhere] hover:underline focus-visible:ring-2 focus-visible:ring-ring"
      >
        {company}
      </button>
      {isPending && (
        <span className="ml-2 inline-flex items-center gap-1 rounded-full border px-1.5 py-px align-middle text-muted-foreground text-xs">
          <Clock aria-hidden className="size-3" /> Pending
        </span>
      )}
      {merchant !== company && <p className="truncate text-muted-foreground text-xs">{merchant}</p>}
      {note && (
        <p className="mt-0.5 flex items-start gap-1 text-muted-foreground text-xs">
          <StickyNote aria-hidden className="mt-px size-3 shrink-0" />
          <span className="line-clamp-2 [overflow-wrap:anywhere]">
            <span className="sr-only">Note: </span>
            {note}
          </span>
        </p>
      )}
    </div>
  );
}

/** The category, which opens the others. */
export function RowCategory({ transaction, actions, className }: Props & { className?: string }) {
  const { category, company, date } = transaction;
  return (
    <CategoryPicker
      value={category}
      categories={actions.categories}
      label={`Category of ${company}, ${formatDay(date, actions.locale)}: ${category}. Change`}
      onChoose={(next) => actions.onSort(transaction, next)}
      className={cn(
        "max-w-full cursor-pointer truncate rounded-full border px-2.5 py-0.5 text-left text-[13px] outline-none hover:border-control hover:bg-muted focus-visible:ring-2 focus-visible:ring-ring",
        className,
      )}
    >
      {category}
    </CategoryPicker>
  );
}
