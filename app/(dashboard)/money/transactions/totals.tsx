import type { totalTransactions } from "@/lib/db/finance/summaries";
import { formatMinor } from "@/lib/contracts/money";
import { describeProvenance } from "@/lib/finance/provenance";
import type { MoneyReader } from "../read-money-reader";

interface Props {
  totals: ReturnType<typeof totalTransactions>;
  reader: MoneyReader;
}

/** What everything that matches comes to, by currency, and what that stands on. */
export async function Totals({ totals, reader: { locale, timeZone, now } }: Props) {
  const found = await totals;
  return (
    <div className="mt-4 text-sm">
      <ul aria-label="What these come to" className="flex flex-wrap gap-x-6 gap-y-1">
        {found.totals.map(({ currency, inMinor, outMinor, netMinor }) => (
          <li key={currency} className="flex flex-wrap gap-x-3 tabular-nums">
            <span className="text-muted-foreground">{currency}</span>
            <span>
              <span className="text-muted-foreground">in</span> {formatMinor(inMinor, currency, locale)}
            </span>
            <span>
              <span className="text-muted-foreground">out</span> {formatMinor(outMinor, currency, locale)}
            </span>
            <span>
              <span className="text-muted-foreground">in less out</span>{" "}
              <span className="font-medium">{formatMinor(netMinor, currency, locale)}</span>
            </span>
          </li>
        ))}
      </ul>
      <p className="mt-1 text-muted-foreground text-xs">{describeProvenance(found.provenance, { timeZone, now })}.</p>
    </div>
  );
}
