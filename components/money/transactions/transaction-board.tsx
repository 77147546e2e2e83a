"use client";

import { useState } from "react";
import { useIsPhone } from "@/components/calendar/use-is-phone";
import { FailureNote } from "@/components/ui/failure-note";
import type { TransactionFilter, TransactionPage, TransactionView } from "@/lib/contracts/finance";
import type { ListPlace } from "../money-address";
import { UndoToast } from "../undo-toast";
import { BulkBar } from "./bulk-bar";
import { PageLinks } from "./page-links";
import { TransactionCards } from "./transaction-cards";
import { TransactionDialog } from "./transaction-dialog";
import { TransactionTable } from "./transaction-table";
import { useSorting } from "./use-sorting";

interface Props {
  page: TransactionPage;
  filter: TransactionFilter;
  place: ListPlace;
  categories: string[];
  /** How many fit the filter, on all pages. */
  count: Promise<number>;
  locale: string;
  isPhone: boolean;
}

/** What a row can do, in the table and on cards. */
export interface RowActions {
  locale: string;
  categories: readonly string[];
  isBusy: boolean;
  selected: ReadonlySet<string>;
  onSelect: (ids: readonly string[], isOn: boolean) => void;
  onSort: (transaction: TransactionView, category: string) => void;
  onOpen: (transaction: TransactionView) => void;
}

/** A page of transactions: looked at, sorted by hand one by one or many at once, and written on. */
export function TransactionBoard(props: Props) {
  const { page, filter, place, categories, count, locale } = props;
  const isPhone = useIsPhone(props.isPhone);
  const { rows, sortOne, sortMany, keep, undoable } = useSorting(page.transactions, locale);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [openId, setOpenId] = useState<string | null>(null);
  const shown = rows.filter(({ id }) => selected.has(id));
  const select = (ids: readonly string[], isOn: boolean) => {
    const next = new Set(shown.map(({ id }) => id));
    for (const id of ids) isOn ? next.add(id) : next.delete(id);
    setSelected(next);
  };
  /** What failed before has nothing to do with the transaction that is opened, or left. */
  const show = (id: string | null) => {
    undoable.clear();
    setOpenId(id);
  };
  const actions: RowActions = {
    ...{ locale, categories, isBusy: undoable.isBusy, selected: new Set(shown.map(({ id }) => id)) },
    onSelect: select,
    onSort: (transaction, category) => void sortOne(transaction, category),
    onOpen: ({ id }) => show(id),
  };
  const sortAll = async (category: string, isAll: boolean) => {
    const which = isAll ? { filter } : { transactionIds: shown.map(({ id }) => id) };
    if (await sortMany(which, category)) setSelected(new Set());
  };
  const open = rows.find(({ id }) => id === openId);
  const List = isPhone ? TransactionCards : TransactionTable;
  return (
    <>
      {/* Behind the dialog nobody would see it. */}
      <FailureNote text={open ? null : undoable.failure} className="mt-4" />
      {shown.length > 0 && (
        <BulkBar
          selected={shown.length}
          isWholePage={shown.length === rows.length && (page.next !== null || page.previous !== null)}
          count={count}
          categories={categories}
          isBusy={undoable.isBusy}
          onSort={(category, isAll) => void sortAll(category, isAll)}
          onClear={() => setSelected(new Set())}
        />
      )}
      <List rows={rows} filter={filter} place={place} actions={actions} />
      <PageLinks page={page} filter={filter} place={place} />
      {open && (
        <TransactionDialog
          key={open.id}
          transaction={open}
          actions={actions}
          sortFailure={undoable.failure}
          onSaved={keep}
          onClose={() => show(null)}
        />
      )}
      <UndoToast
        done={undoable.done}
        isBusy={undoable.isBusy}
        onUndo={(id) => void undoable.undo(id)}
        onClose={undoable.close}
      />
    </>
  );
}
