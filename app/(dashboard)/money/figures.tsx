import { ChoiceNav } from "@/components/money/choice-nav";
import { MonthFigures } from "@/components/money/figures/month-figures";
import { SpendingFigure } from "@/components/money/figures/spending-figure";
import { overviewPath } from "@/components/money/money-address";
import type { Viewer } from "@/lib/contracts/viewer";
import { listCashFlow, summarize, totalTransactions } from "@/lib/db/finance/summaries";
import { type Period, type PeriodWord, periodOf } from "@/lib/finance/period";
import { describeProvenance } from "@/lib/finance/provenance";
import type { MoneyReader } from "./read-money-reader";

interface Props {
  viewer: Viewer;
  reader: MoneyReader;
  periodWord: PeriodWord;
  periodLabel: string;
  span: Period;
  /** The one that the figures are of. */
  currency: string;
  /** Those of the accounts. Transactions may be in others. */
  known: readonly string[];
}

/** Charts of one currency at a time. Each opens its rows, and says what it stands on. */
export async function Figures({ viewer, reader, periodWord, periodLabel, span, currency, known }: Props) {
  const { locale, timeZone, now, today } = reader;
  const period = { ...(span.from ? { from: span.from } : {}), ...(span.to ? { to: span.to } : {}) };
  const year = periodOf("last_12_months", today);
  const months = { from: year.from ?? today, to: today };
  // Filtered by the database, so that what a figure stands on is what it is made of.
  const [summary, flow, used] = await Promise.all([
    summarize(viewer, "category", { ...period, currency }, { limit: 1000 }),
    listCashFlow(viewer, months, { currency }),
    totalTransactions(viewer, months),
  ]);
  const currencies = [...new Set([...known, ...used.totals.map((total) => total.currency), currency])];
  return (
    <>
      {currencies.length > 1 && (
        <div className="mt-2">
          <ChoiceNav
            label="Currency"
            choices={currencies.map((one) => ({
              ...{ label: one, isOn: one === currency },
              href: overviewPath({ ...(periodWord === "this_month" ? {} : { period: periodWord }), currency: one }),
            }))}
          />
        </div>
      )}
      <div className="mt-4 grid gap-4 lg:grid-cols-2">
        <div className="min-w-0 lg:col-span-2">
          <SpendingFigure
            {...{ summary, currency, periodLabel, period, locale }}
            basis={describeProvenance(summary.provenance, { timeZone, now })}
          />
        </div>
        <MonthFigures
          {...{ flow, currency, locale }}
          basis={`Last 12 months: ${describeProvenance(flow.provenance, { timeZone, now })}`}
        />
      </div>
    </>
  );
}

export function FiguresSkeleton() {
  return (
    <div role="status" className="mt-4 grid animate-pulse gap-4 lg:grid-cols-2">
      <span className="sr-only">Adding up your transactions</span>
      <div aria-hidden className="h-96 rounded-lg bg-muted lg:col-span-2" />
      <div aria-hidden className="h-80 rounded-lg bg-muted" />
      <div aria-hidden className="h-80 rounded-lg bg-muted" />
    </div>
  );
}
