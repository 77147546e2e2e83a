"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";

const pages = [
  { href: "/settings/places", label: "Places & profile" },
  { href: "/settings/models", label: "Models" },
  { href: "/settings/limits", label: "Limits" },
  { href: "/settings/tokens", label: "Tokens" },
] as const;

export function SettingsNav() {
  const pathname = usePathname();
  return (
    <nav aria-label="Settings" className="mt-4 flex gap-1 overflow-x-auto border-b">
      {pages.map((page) => (
        <Link
          key={page.href}
          href={page.href}
          aria-current={pathname === page.href ? "page" : undefined}
          className="-mb-px shrink-0 border-transparent border-b-2 px-3 py-2 text-muted-foreground text-sm outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring aria-[current]:border-primary aria-[current]:font-medium aria-[current]:text-foreground"
        >
          {page.label}
        </Link>
      ))}
    </nav>
  );
}
