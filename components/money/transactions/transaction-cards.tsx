"use client";

import { Amount } from "../amount";
import { formatDay, kindWords } from "../money-text";
import { RowCategory, RowName, RowTick } from "./transaction-parts";
import type { ListProps } from "./transaction-table";

/** The same on a phone, where a table has no room. */
export function TransactionCards({ rows, actions }: ListProps) {
  const { locale } = actions;
  return (
    <ul aria-label="Transactions" className="mt-3 divide-y rounded-lg border bg-card">
      {rows.map((transaction) => (
        <li key={transaction.id} className="flex items-start gap-3 px-3 py-3 text-sm">
          <span className="pt-0.5">
            <RowTick transaction={transaction} actions={actions} />
          </span>
          <div className="min-w-0 grow">
            <div className="flex items-start justify-between gap-3">
              <RowName transaction={transaction} actions={actions} />
              <div className="text-right">
                <Amount
                  amountMinor={transaction.amountMinor}
                  currency={transaction.currency}
                  locale={locale}
                  className="font-medium"
                />
                {transaction.kind !== "expense" && transaction.kind !== "income" && (
                  <p className="text-muted-foreground text-xs">{kindWords[transaction.kind]}</p>
                )}
              </div>
            </div>
            <div className="mt-2 flex items-center justify-between gap-3">
              <RowCategory transaction={transaction} actions={actions} className="py-1" />
              <p className="min-w-0 truncate text-muted-foreground text-xs">
                <time dateTime={transaction.date}>{formatDay(transaction.date, locale)}</time> ·{" "}
                {transaction.accountName}
              </p>
            </div>
          </div>
        </li>
      ))}
    </ul>
  );
}
