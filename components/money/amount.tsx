import { formatMinor } from "@/lib/contracts/money";
import { cn } from "@/components/ui/cn";

interface Props {
  amountMinor: number;
  currency: string;
  locale: string;
  className?: string;
}

/** Money that moved. What came in has a plus, so that the colour is not the only sign. */
export function Amount({ amountMinor, currency, locale, className }: Props) {
  const isIn = amountMinor > 0;
  return (
    <span className={cn("whitespace-nowrap tabular-nums", isIn && "text-success", className)}>
      {isIn && "+"}
      {formatMinor(amountMinor, currency, locale)}
    </span>
  );
}
