import Link from "next/link";
import type { FinanceContext } from "@/lib/contracts/context";
import { formatMinor } from "@/lib/contracts/money";

/** This month in a few figures, each currency in its own row; nothing is added across. */
export function MoneyGlance({ finance }: { finance: FinanceContext }) {
  const { totals, pending, topCategories, basis } = finance;
  const most = topCategories.slice(0, 3).flatMap(({ category, totals: spent }) => {
    const [first] = spent.filter(({ outMinor }) => outMinor > 0);
    return first ? [`${category} ${formatMinor(first.outMinor, first.currency)}`] : [];
  });
  return (
    <>
      {totals.length === 0 ? (
        <p className="text-[15px]">Nothing came in or went out yet this month.</p>
      ) : (
        <table className="w-full text-left text-[15px]">
          <caption className="sr-only">This month, by currency</caption>
          <thead>
            <tr className="text-muted-foreground text-xs">
              <th scope="col" className="py-1 pr-3 font-normal">
                This month
              </th>
              <th scope="col" className="py-1 pr-3 text-right font-normal">
                In
              </th>
              <th scope="col" className="py-1 pr-3 text-right font-normal">
                Out
              </th>
              <th scope="col" className="py-1 text-right font-normal">
                Left
              </th>
            </tr>
          </thead>
          <tbody>
            {totals.map(({ currency, inMinor, outMinor, netMinor }) => (
              <tr key={currency} className="border-t">
                <th scope="row" className="py-1.5 pr-3 font-medium">
                  {currency}
                </th>
                <td className="py-1.5 pr-3 text-right">{plain(inMinor, currency)}</td>
                <td className="py-1.5 pr-3 text-right">{plain(outMinor, currency)}</td>
                <td className={`py-1.5 text-right font-medium ${netMinor < 0 ? "text-warning" : ""}`}>
                  {plain(netMinor, currency)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="mt-3 text-sm">
        {most.length > 0 && <>Most went to {most.join(", ")}. </>}
        {pending.count > 0 && (
          <>{pending.count === 1 ? "1 transaction is" : `${pending.count} transactions are`} pending. </>
        )}
        <Link href="/money" className="text-primary underline underline-offset-3">
          Open Money
        </Link>
      </p>
      <p className="mt-3 text-muted-foreground text-xs">{basis}.</p>
    </>
  );
}

/** The currency stands at the row's head. */
function plain(amountMinor: number, currency: string): string {
  return formatMinor(amountMinor, currency).replace(/[^\d.,\-−]/g, "");
}
