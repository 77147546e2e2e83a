import Link from "next/link";
import { Button } from "@/components/ui/button";
import type { TransactionFilter, TransactionPage } from "@/lib/contracts/finance";
import { type ListPlace, listPath } from "../money-address";

interface Props {
  page: TransactionPage;
  filter: TransactionFilter;
  place: ListPlace;
}

/** Further pages. Each is an address, and a place in the order rather than a number: rows that come meanwhile shift nothing. */
export function PageLinks({ page, filter, place }: Props) {
  if (page.next === null && page.previous === null) return null;
  const [before, after] = wordsOf(place);
  return (
    <nav aria-label="Pages of transactions" className="mt-4 flex flex-wrap gap-2">
      {page.previous !== null && (
        <PageLink name={before} href={listPath(filter, { ...place, cursor: page.previous })} />
      )}
      {page.next !== null && <PageLink name={after} href={listPath(filter, { ...place, cursor: page.next })} />}
      {page.previous !== null && (
        <Button asChild variant="ghost" size="sm">
          <Link href={listPath(filter, { ...place, cursor: null })}>First page</Link>
        </Button>
      )}
    </nav>
  );
}

function PageLink({ name, href }: { name: string; href: string }) {
  return (
    <Button asChild variant="outline" size="sm">
      <Link href={href}>{name}</Link>
    </Button>
  );
}

function wordsOf({ sort, direction }: ListPlace): [string, string] {
  if (sort !== "date") return ["Previous", "Next"];
  return direction === "desc" ? ["Newer", "Older"] : ["Older", "Newer"];
}
