import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Suspense } from "react";
import { AccountList } from "@/components/money/account-list";
import { ChoiceNav } from "@/components/money/choice-nav";
import { groupAccounts } from "@/components/money/group-accounts";
import { EmptyMoney } from "@/components/money/empty-money";
import { listPath, overviewPath } from "@/components/money/money-address";
import { KeepFresh } from "@/components/today/keep-fresh";
import { type AccountView, transactionFilterSchema } from "@/lib/contracts/finance";
import { requireViewer } from "@/lib/auth/viewer";
import { canRefreshBalances } from "@/lib/connections/refresh-balances";
import { listConnectionRows } from "@/lib/db/connections";
import { listAccounts } from "@/lib/db/finance/accounts";
import { type PeriodWord, periodOf } from "@/lib/finance/period";
import { Figures, FiguresSkeleton } from "./figures";
import { readMoneyReader } from "./read-money-reader";

export const metadata: Metadata = { title: "Money" };

const periods = [
  ["this_month", "This month"],
  ["last_month", "Last month"],
  ["last_30_days", "Last 30 days"],
  ["last_90_days", "Last 90 days"],
  ["this_year", "This year"],
  ["last_12_months", "Last 12 months"],
  ["all", "All time"],
] as const satisfies readonly (readonly [PeriodWord, string])[];

const currencySchema = transactionFilterSchema.shape.currency;

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Accounts and figures. The frame and the accounts come at once, the figures when they were added up. */
export default async function MoneyPage({ searchParams }: Props) {
  const viewer = await requireViewer();
  const query = await searchParams;
  if (query.import === "file") redirect("/money/import");
  if (query.pending === "true") redirect(listPath({ isPending: true }));
  const [reader, accounts] = await Promise.all([readMoneyReader(viewer), listAccounts(viewer)]);
  if (accounts.length === 0) {
    const connections = await listConnectionRows(viewer);
    const isReading = connections.some(({ adapter, lastGoodAt }) => adapter === "plaid" && lastGoodAt === null);
    return <EmptyMoney isReading={isReading} />;
  }
  const [period, periodLabel] = periods.find(([word]) => word === query.period) ?? periods[0];
  const known = groupAccounts(accounts).map((group) => group.currency);
  const asked = currencySchema.safeParse(query.currency).data;
  return (
    <>
      <KeepFresh readAt={reader.now.toISOString()} />
      <AccountList
        accounts={accounts}
        refreshableIds={listRefreshable(accounts)}
        locale={reader.locale}
        timeZone={reader.timeZone}
      />
      <section aria-labelledby="figures-title" className="mt-10">
        <h2 id="figures-title" className="font-medium">
          Where it goes
        </h2>
        <div className="mt-3">
          <ChoiceNav
            label="Period"
            choices={periods.map(([word, label]) => ({
              label,
              isOn: word === period,
              href: overviewPath({
                ...(word === periods[0][0] ? {} : { period: word }),
                ...(asked === undefined ? {} : { currency: asked }),
              }),
            }))}
          />
        </div>
        <Suspense key={`${period} ${asked}`} fallback={<FiguresSkeleton />}>
          <Figures
            viewer={viewer}
            reader={reader}
            periodWord={period}
            periodLabel={periodLabel}
            span={periodOf(period, reader.today)}
            currency={asked ?? known[0] ?? accounts[0]?.currency ?? ""}
            known={known}
          />
        </Suspense>
      </section>
    </>
  );
}

/** Connections whose bank can be asked for balances now. */
function listRefreshable(accounts: readonly AccountView[]): string[] {
  const able = accounts.flatMap(({ connection }) =>
    connection?.state === "active" && canRefreshBalances(connection.adapter) ? connection.id : [],
  );
  return [...new Set(able)];
}
