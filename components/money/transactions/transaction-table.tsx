"use client";

import { ArrowDown, ArrowUp } from "lucide-react";
import Link from "next/link";
import { useEffect, useRef } from "react";
import type { TransactionFilter, TransactionView } from "@/lib/contracts/finance";
import { Amount } from "../amount";
import { firstPlace, type ListPlace, listPath } from "../money-address";
import { formatDay, kindWords } from "../money-text";
import type { RowActions } from "./transaction-board";
import { RowCategory, RowName, RowTick } from "./transaction-parts";

export interface ListProps {
  rows: TransactionView[];
  filter: TransactionFilter;
  place: ListPlace;
  actions: RowActions;
}

export function TransactionTable({ rows, filter, place, actions }: ListProps) {
  const sortBy = (sort: ListPlace["sort"], name: string) => <SortHead {...{ sort, name, filter, place }} />;
  return (
    <div className="mt-3 overflow-x-auto rounded-lg border bg-card">
      <table className="w-full text-sm">
        <caption className="sr-only">Transactions</caption>
        <thead className="text-left text-muted-foreground text-xs">
          <tr className="border-b">
            <th scope="col" className="w-10 py-2 pl-4">
              <PageTick rows={rows} actions={actions} />
            </th>
            {sortBy("date", "Date")}
            {sortBy("merchant", "Merchant")}
            <th scope="col" className="px-3 py-2 font-medium">
              Category
            </th>
            <th scope="col" className="hidden px-3 py-2 font-medium lg:table-cell">
              Account
            </th>
            {sortBy("amount", "Amount")}
          </tr>
        </thead>
        <tbody>
          {rows.map((transaction) => (
            <Row key={transaction.id} transaction={transaction} actions={actions} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ transaction, actions }: { transaction: TransactionView; actions: RowActions }) {
  const { id, date, amountMinor, currency, kind, accountName, isPending } = transaction;
  const { locale } = actions;
  return (
    <tr
      aria-selected={actions.selected.has(id)}
      className={`border-b align-top last:border-0 aria-selected:bg-muted ${isPending ? "text-muted-foreground" : ""}`}
    >
      <td className="py-2.5 pl-4">
        <RowTick transaction={transaction} actions={actions} />
      </td>
      <td className="whitespace-nowrap px-3 py-2.5 text-muted-foreground">
        <time dateTime={date}>{formatDay(date, locale)}</time>
      </td>
      <th scope="row" className="max-w-72 px-3 py-2.5 text-left font-normal">
        <RowName transaction={transaction} actions={actions} />
      </th>
      <td className="max-w-44 px-3 py-2">
        <RowCategory transaction={transaction} actions={actions} />
      </td>
      <td className="hidden max-w-40 truncate px-3 py-2.5 text-muted-foreground lg:table-cell">{accountName}</td>
      <td className="px-3 py-2.5 pr-4 text-right">
        <Amount amountMinor={amountMinor} currency={currency} locale={locale} />
        {kind !== "expense" && kind !== "income" && <p className="text-muted-foreground text-xs">{kindWords[kind]}</p>}
      </td>
    </tr>
  );
}

function PageTick({ rows, actions: { selected, onSelect } }: { rows: TransactionView[]; actions: RowActions }) {
  const ref = useRef<HTMLInputElement>(null);
  const isSome = selected.size > 0 && selected.size < rows.length;
  useEffect(() => {
    if (ref.current) ref.current.indeterminate = isSome;
  }, [isSome]);
  return (
    <input
      ref={ref}
      type="checkbox"
      aria-label="Choose all on this page"
      checked={selected.size === rows.length && rows.length > 0}
      onChange={(event) =>
        onSelect(
          rows.map(({ id }) => id),
          event.target.checked,
        )
      }
      className="size-4 accent-primary"
    />
  );
}

interface HeadProps {
  sort: ListPlace["sort"];
  name: string;
  filter: TransactionFilter;
  place: ListPlace;
}

/** Names begin with A, days with the newest, amounts with what came in most. */
function SortHead({ sort, name, filter, place }: HeadProps) {
  const isOn = place.sort === sort;
  const first = sort === "merchant" ? "asc" : "desc";
  const other = place.direction === "asc" ? "desc" : "asc";
  const Arrow = place.direction === "asc" ? ArrowUp : ArrowDown;
  return (
    <th
      scope="col"
      aria-sort={isOn ? (place.direction === "asc" ? "ascending" : "descending") : undefined}
      className={`px-3 py-2 font-medium ${sort === "amount" ? "pr-4 text-right" : ""}`}
    >
      <Link
        href={listPath(filter, { ...firstPlace, sort, direction: isOn ? other : first })}
        scroll={false}
        className="inline-flex items-center gap-1 hover:text-foreground"
      >
        {name}
        {isOn && <Arrow aria-hidden className="size-3" />}
        <span className="sr-only">(sort)</span>
      </Link>
    </th>
  );
}
