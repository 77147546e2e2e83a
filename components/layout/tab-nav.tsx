"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

interface Props {
  label: string;
  pages: readonly { href: string; label: string }[];
}

/** The pages of one part of Burgeon, beside each other; the one that is open is marked. */
export function TabNav({ label, pages }: Props) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className="mt-4 flex gap-1 overflow-x-auto overflow-y-hidden border-b">
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
  );
}
