import Link from "next/link";
import type { ModuleListItem } from "@/lib/contracts/module";
import { HealthSparkline } from "./health-sparkline";
import { RelativeTime } from "./relative-time";
import { StateBadge } from "./state-badge";
import { modulePath } from "./state-words";

/** One module in the list: what it is, how it is doing, and the one thing it needs from the person. */
export function ModuleCard({ module }: { module: ModuleListItem }) {
  return (
    <Link
      href={modulePath(module)}
      className="group flex flex-col gap-3 rounded-lg border bg-card p-4 outline-none transition-colors hover:border-foreground/25 focus-visible:ring-2 focus-visible:ring-ring"
    >
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 className="truncate font-medium text-[15px]">{module.title}</h2>
          <p className="truncate text-muted-foreground text-xs">
            {module.category} / {module.name}
          </p>
        </div>
        <StateBadge state={module.state} />
      </div>
      <p className="line-clamp-2 text-muted-foreground text-sm">{module.problem ?? module.description}</p>
      <div className="mt-auto flex items-end justify-between gap-3 pt-1 text-muted-foreground text-xs">
        <span>
          {module.lastUsedAt ? (
            <>
              Used <RelativeTime at={module.lastUsedAt} />
            </>
          ) : (
            "Not used yet"
          )}
        </span>
        <HealthSparkline calls={module.recentCalls} />
      </div>
    </Link>
  );
}
