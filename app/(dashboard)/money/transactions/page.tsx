import type { Metadata } from "next";
import Link from "next/link";
import { Suspense } from "react";
import { readListAddress } from "@/components/money/money-address";
import { TransactionBoard } from "@/components/money/transactions/transaction-board";
import { TransactionFilters } from "@/components/money/transactions/transaction-filters";
import { Button } from "@/components/ui/button";
import { requireViewer } from "@/lib/auth/viewer";
import { defaultCategories, type TransactionFilter } from "@/lib/contracts/finance";
import { listAccounts } from "@/lib/db/finance/accounts";
import { totalTransactions } from "@/lib/db/finance/summaries";
import { listCategories, listTransactions } from "@/lib/db/finance/transactions";
import { type PeriodWord, periodOf } from "@/lib/finance/period";
import { readMoneyReader } from "../read-money-reader";
import { Totals } from "./totals";

export const metadata: Metadata = { title: "Transactions" };

const pageSize = 50;
const presets = [
  ["this_month", "This month"],
  ["last_month", "Last month"],
  ["last_90_days", "Last 90 days"],
  ["this_year", "This year"],
  ["last_year", "Last year"],
] as const satisfies readonly (readonly [PeriodWord, string])[];

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** The list stands as soon as its page was read; what all of it comes to follows. */
export default async function TransactionsPage({ searchParams }: Props) {
  const viewer = await requireViewer();
  const { filter, place } = readListAddress(await searchParams);
  const [reader, page, accounts, used] = await Promise.all([
    readMoneyReader(viewer),
    listTransactions(viewer, filter, {
      order: { sort: place.sort, direction: place.direction },
      limit: pageSize,
      ...(place.cursor === null ? {} : { cursor: place.cursor }),
    }),
    listAccounts(viewer),
    listCategories(viewer),
  ]);
  const categories = [...new Set([...used, ...defaultCategories])].sort((a, b) => a.localeCompare(b, reader.locale));
  // Not waited for here: it adds up everything that matches, and the page of the list is a few rows.
  const totals = totalTransactions(viewer, filter);
  const shown = accounts.filter(({ isHidden }) => !isHidden);
  return (
    <section aria-labelledby="transactions-title" className="mt-6">
      <h2 id="transactions-title" className="sr-only">
        Transactions
      </h2>
      <TransactionFilters
        filter={filter}
        place={place}
        accounts={shown.map(({ id, name, mask }) => ({
          id,
          name: mask && !name.includes(mask) ? `${name} ·· ${mask}` : name,
        }))}
        categories={categories}
        currencies={[...new Set(shown.map(({ currency }) => currency))]}
        presets={presets.map(([word, label]) => ({ label, ...spanOf(word, reader.today) }))}
        locale={reader.locale}
      />
      <Suspense
        key={JSON.stringify(filter)}
        fallback={<div aria-hidden className="mt-4 h-10 animate-pulse rounded bg-muted" />}
      >
        <Totals totals={totals} reader={reader} />
      </Suspense>
      {page.transactions.length === 0 ? (
        <NothingFound filter={filter} hasAccounts={accounts.length > 0} />
      ) : (
        <TransactionBoard
          key={JSON.stringify([filter, place])}
          {...{ page, filter, place, categories }}
          count={totals.then((found) => found.count + found.provenance.transfersLeftOut)}
          locale={reader.locale}
          isPhone={reader.isPhone}
        />
      )}
    </section>
  );
}

function spanOf(word: PeriodWord, today: string): { from: string; to: string } {
  const { from, to } = periodOf(word, today);
  return { from: from ?? "1970-01-01", to: to ?? today };
}

function NothingFound({ filter, hasAccounts }: { filter: TransactionFilter; hasAccounts: boolean }) {
  const isFiltered = Object.keys(filter).length > 0;
  const [title, text, href, action] =
    isFiltered || hasAccounts
      ? ["No transaction matches", "Take a filter away, or look at all of them.", "/money/transactions", "Show all"]
      : ["No transaction yet", "Connect a bank, or import a file of your bank.", "/money", "Begin"];
  return (
    <div className="mt-4 rounded-lg border border-dashed px-6 py-14 text-center">
      <h3 className="font-medium">{title}</h3>
      <p className="mx-auto mt-2 max-w-md text-muted-foreground text-sm">{text}</p>
      <Button asChild variant="outline" className="mt-6">
        <Link href={href}>{action}</Link>
      </Button>
    </div>
  );
}
