import type { CashFlow } from "@/lib/contracts/finance";
import { formatMinor } from "@/lib/contracts/money";
import { listPath } from "../money-address";
import { formatMonth, monthSpan } from "../money-text";
import { Figure } from "./figure";
import { FigureTable } from "./figure-table";
import { FlowChart, MonthChart } from "./lazy-charts";
import { shownMonths, withRunningTotal } from "./shown-months";

interface Props {
  flow: CashFlow;
  currency: string;
  locale: string;
  basis: string;
}

/** Month by month: what came in and went out, and what was left. */
export function MonthFigures({ flow, currency, locale, basis }: Props) {
  const found = flow.currencies.find((one) => one.currency === currency);
  if (!found) return null;
  const own = shownMonths(found.months);
  const write = (minor: number) => formatMinor(minor, currency, locale);
  const points = withRunningTotal(own.months).map((month) => ({
    ...month,
    label: formatMonth(month.month, locale),
    href: listPath({ currency, ...monthSpan(month.month) }),
  }));
  const rowOf = ({ month, href }: (typeof points)[number]) => ({
    ...{ key: month, label: formatMonth(month, locale, true), href },
  });
  const last = points.at(-1);
  return (
    <>
      <Figure
        title="Month by month"
        about={
          <>
            On average {write(own.averageInMinor)} came in and{" "}
            <span className="font-medium text-foreground">{write(own.averageOutMinor)}</span> went out each month
            {own.months.length > 1 && `, over ${own.months.length} months`}.
          </>
        }
        basis={basis}
        chart={<MonthChart {...{ points, currency, locale }} averageOutMinor={own.averageOutMinor} />}
        table={
          <FigureTable
            caption={`In and out by month, in ${currency}`}
            columns={["Month", "In", "Out"]}
            rows={points.map((point) => ({ ...rowOf(point), cells: [write(point.inMinor), write(point.outMinor)] }))}
            foot={{
              ...{ key: "average", label: "Average" },
              cells: [write(own.averageInMinor), write(own.averageOutMinor)],
            }}
          />
        }
      />
      <Figure
        title="Cash flow"
        about={
          <>
            In less out. Together, these months come to{" "}
            <span className="font-medium text-foreground">{write(last?.runningMinor ?? 0)}</span>.
          </>
        }
        basis={basis}
        chart={<FlowChart {...{ points, currency, locale }} />}
        table={
          <FigureTable
            caption={`In less out by month, in ${currency}`}
            columns={["Month", "In less out", "Together so far"]}
            rows={points.map((point) => ({
              ...rowOf(point),
              cells: [write(point.netMinor), write(point.runningMinor)],
            }))}
          />
        }
      />
    </>
  );
}
