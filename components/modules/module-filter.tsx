"use client";

import { usePathname, useRouter } from "next/navigation";
import { Input } from "@/components/ui/input";

const shelves = [
  ["all", "All"],
  ["waiting", "Waiting for you"],
  ["active", "Active"],
  ["off", "Off"],
] as const;

/** Filter and search live in the address, so that they survive a reload and can be shared between tabs. */
export function ModuleFilter({ show, find, counts }: { show: string; find: string; counts: Record<string, number> }) {
  const router = useRouter();
  const pathname = usePathname();
  const go = (next: { show?: string; find?: string }) => {
    const query = new URLSearchParams();
    const chosen = { show, find, ...next };
    if (chosen.show !== "all") query.set("show", chosen.show);
    if (chosen.find) query.set("find", chosen.find);
    router.replace(query.size > 0 ? `${pathname}?${query}` : pathname, { scroll: false });
  };
  return (
    <div className="mt-6 flex flex-wrap items-center gap-2">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Show</legend>
        {shelves.map(([value, label]) => (
          <button
            key={value}
            type="button"
            aria-pressed={show === value}
            onClick={() => go({ show: value })}
            className="rounded-full border px-3 py-1 text-sm outline-none transition-colors hover:bg-muted focus-visible:ring-2 focus-visible:ring-ring aria-pressed:border-foreground/40 aria-pressed:bg-muted aria-pressed:font-medium"
          >
            {label} <span className="text-muted-foreground tabular-nums">{counts[value] ?? 0}</span>
          </button>
        ))}
      </fieldset>
      <Input
        type="search"
        aria-label="Search modules"
        placeholder="Search"
        defaultValue={find}
        onChange={(event) => go({ find: event.target.value })}
        className="ml-auto w-full sm:w-56"
      />
    </div>
  );
}
