"use client";

import { FileUp } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { Button } from "@/components/ui/button";

const pages = [
  { href: "/money", label: "Overview" },
  { href: "/money/transactions", label: "Transactions" },
  { href: "/money/rules", label: "Rules" },
  { href: "/money/doubles", label: "Doubles & changes" },
] as const;

/** The parts of Money, and the way to bring in a file. */
export function MoneyNav() {
  const pathname = usePathname();
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
      <nav aria-label="Money" className="mt-4 flex gap-1 overflow-x-auto overflow-y-hidden border-b">
        {pages.map((page) => (
          <Link
            key={page.href}
            href={page.href}
            aria-current={pathname === page.href ? "page" : undefined}
            className="-mb-px shrink-0 border-transparent border-b-2 px-3 py-2 text-muted-foreground text-sm outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset aria-[current]:border-primary aria-[current]:font-medium aria-[current]:text-foreground"
          >
            {page.label}
          </Link>
        ))}
      </nav>
    </>
  );
}
