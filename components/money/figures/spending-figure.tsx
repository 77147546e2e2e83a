import type { Summary } from "@/lib/contracts/finance";
import { formatMinor } from "@/lib/contracts/money";
import { listPath } from "../money-address";
import { formatShare } from "../money-text";
import { Figure } from "./figure";
import { type FigureRow, FigureTable } from "./figure-table";
import { SpendingChart } from "./lazy-charts";
import { spendingBars } from "./spending-bars";

interface Props {
  summary: Summary;
  currency: string;
  /** "This month" */
  periodLabel: string;
  period: { from?: string; to?: string };
  locale: string;
  basis: string;
}

/** What money went to, by category. */
export function SpendingFigure({ summary, currency, periodLabel, period, locale, basis }: Props) {
  const { bars, others, total } = spendingBars(summary, currency);
  const write = (minor: number) => formatMinor(minor, currency, locale);
  const hrefOf = (category: string) => listPath({ category, currency, ...period });
  const spent = total?.outMinor ?? 0;
  const rows: FigureRow[] = bars.map(({ key, label, outMinor, count, share }) => ({
    ...{ key, label, href: hrefOf(key) },
    cells: [count, share === null ? "" : formatShare(share, locale), write(outMinor)],
  }));
  if (others)
    rows.push({
      ...{ key: "others", label: `${others.groups} other ${others.groups === 1 ? "category" : "categories"}` },
      cells: ["", "", write(others.outMinor)],
    });
  return (
    <Figure
      title="Spending by category"
      about={
        bars.length === 0 ? (
          `${periodLabel}, nothing was spent in ${currency}.`
        ) : (
          <>
            {periodLabel}, you spent <span className="font-medium text-foreground">{write(spent)}</span>: expenses, fees
            and interest, less refunds.
          </>
        )
      }
      basis={basis}
      chart={
        bars.length > 0 && (
          <SpendingChart
            points={bars.map(({ key, label, outMinor }) => ({
              ...{ label, outMinor, text: write(outMinor), href: hrefOf(key) },
            }))}
          />
        )
      }
      table={
        <FigureTable
          caption={`Spending by category, ${periodLabel}, in ${currency}`}
          columns={["Category", "Transactions", "Share", "Spent"]}
          rows={rows}
          foot={{ key: "all", label: "All", href: listPath({ currency, ...period }), cells: ["", "", write(spent)] }}
        />
      }
    />
  );
}
