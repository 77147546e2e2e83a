import { FileUp } from "lucide-react";
import Link from "next/link";
import { TabNav } from "@/components/layout/tab-nav";
import { Button } from "@/components/ui/button";

const pages = [
  { href: "/money", label: "Overview" },
  { href: "/money/transactions", label: "Transactions" },
  { href: "/money/rules", label: "Rules" },
  { href: "/money/doubles", label: "Doubles & changes" },
] as const;

/** The parts of Money, and the way to bring in a file. */
export function MoneyNav() {
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="font-semibold text-2xl tracking-tight">Money</h1>
        <Button asChild variant="outline" size="sm">
          <Link href="/money/import">
            <FileUp aria-hidden className="size-4" /> Import a file
          </Link>
        </Button>
      </div>
      <TabNav label="Money" pages={pages} />
    </>
  );
}
