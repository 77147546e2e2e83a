import Link from "next/link";
import { type RunListItem, type RunStatus, runStatuses } from "@/lib/contracts/run";
import { kindWords, statusWords } from "./run-words";

export interface RunFilterValue {
  status?: RunStatus;
  kind?: RunListItem["kind"];
}

/** The address of the list with this filter; pages after the first name the run that they follow. */
export function activityPath({ status, kind }: RunFilterValue, before?: string): string {
  const query = new URLSearchParams();
  if (status) query.set("status", status);
  if (kind) query.set("kind", kind);
  if (before) query.set("before", before);
  return query.size > 0 ? `/activity?${query}` : "/activity";
}

/** Chips that are links: the filter lives in the address. */
export function RunFilter({ filter }: { filter: RunFilterValue }) {
  const { status, kind } = filter;
  const kinds = Object.keys(kindWords) as RunListItem["kind"][];
  return (
    <nav aria-label="Filter" className="flex flex-wrap gap-x-4 gap-y-2">
      <ul className="flex flex-wrap gap-1">
        <Chip href={activityPath({ kind })} isOn={!status} label="All" />
        {runStatuses.map((one) => (
          <Chip key={one} href={activityPath({ kind, status: one })} isOn={status === one} label={statusWords[one]} />
        ))}
      </ul>
      <ul className="flex flex-wrap gap-1 sm:border-l sm:pl-4">
        {kinds.map((one) => (
          <Chip
            key={one}
            href={activityPath({ status, ...(kind === one ? {} : { kind: one }) })}
            isOn={kind === one}
            label={kindWords[one]}
          />
        ))}
      </ul>
    </nav>
  );
}

function Chip({ href, isOn, label }: { href: string; isOn: boolean; label: string }) {
  return (
    <li>
      <Link
        href={href}
        scroll={false}
        aria-current={isOn ? "true" : undefined}
        className="inline-block rounded-full border px-3 py-1 text-sm transition-colors hover:bg-muted aria-[current]:border-foreground/40 aria-[current]:bg-muted aria-[current]:font-medium"
      >
        {label}
      </Link>
    </li>
  );
}
