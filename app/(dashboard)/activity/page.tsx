import type { Metadata } from "next";
import Link from "next/link";
import { DayMeters } from "@/components/activity/day-meters";
import { activityPath, RunFilter, type RunFilterValue } from "@/components/activity/run-filter";
import { RunList } from "@/components/activity/run-list";
import { UsageChart } from "@/components/activity/usage-chart";
import { emptyDay, fillDays } from "@/components/activity/usage-days";
import { Button } from "@/components/ui/button";
import { requireViewer } from "@/lib/auth/viewer";
import { type Budget, type DayUsage, runStatuses } from "@/lib/contracts/run";
import { listRuns } from "@/lib/db/activity";
import { getBudget } from "@/lib/db/budget";
import { listUsage } from "@/lib/db/usage";

export const metadata: Metadata = { title: "Activity" };

const pageSize = 50;
const chartDays = 30;

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ActivityPage({ searchParams }: Props) {
  const viewer = await requireViewer();
  const query = await searchParams;
  const filter = toFilter(query);
  const before = typeof query.before === "string" ? query.before : undefined;
  const [found, usage, budget] = await Promise.all([
    listRuns(viewer, { ...filter, limit: pageSize + 1, ...(before === undefined ? {} : { before }) }),
    listUsage(viewer, chartDays),
    getBudget(viewer),
  ]);
  const runs = found.slice(0, pageSize);
  const last = runs.at(-1);
  const isFiltered = filter.status !== undefined || filter.kind !== undefined;
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-8 sm:py-10">
      <h1 className="font-semibold text-2xl tracking-tight">Activity</h1>
      <p className="mt-1 max-w-prose text-muted-foreground text-sm">
        Everything Burgeon did for you: what was asked, which steps and tools it took, and what it used.
      </p>
      <Use usage={usage} budget={budget} />
      <div className="mt-8">
        <RunFilter filter={filter} />
      </div>
      {runs.length > 0 ? (
        <RunList
          key={activityPath(filter, before)}
          runs={runs}
          filter={filter}
          before={before ?? null}
          limit={pageSize}
        />
      ) : (
        <EmptyList isFiltered={isFiltered || before !== undefined} />
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        {before !== undefined && (
          <Button asChild variant="outline" size="sm">
            <Link href={activityPath(filter)}>Newest</Link>
          </Button>
        )}
        {found.length > pageSize && last && (
          <Button asChild variant="outline" size="sm">
            <Link href={activityPath(filter, last.runId)}>Older</Link>
          </Button>
        )}
      </div>
    </div>
  );
}

function Use({ usage, budget }: { usage: DayUsage[]; budget: Budget }) {
  const day = new Date().toISOString().slice(0, 10);
  const days = fillDays(usage, chartDays, day);
  return (
    <div className="mt-6 grid gap-6 rounded-lg border bg-card p-5 lg:grid-cols-[minmax(0,1fr)_17rem] lg:gap-10">
      <UsageChart days={days} />
      <section aria-labelledby="today-title">
        <div className="mb-4 flex items-baseline justify-between gap-3">
          <h2 id="today-title" className="font-medium text-sm">
            Today
          </h2>
          <Link
            href="/settings/limits"
            className="text-muted-foreground text-xs underline-offset-4 hover:text-foreground hover:underline"
          >
            Change limits
          </Link>
        </div>
        <DayMeters today={days.at(-1) ?? emptyDay(day)} limits={budget.day} />
      </section>
    </div>
  );
}

function EmptyList({ isFiltered }: { isFiltered: boolean }) {
  return (
    <div className="mt-4 rounded-lg border border-dashed px-6 py-14 text-center">
      <h2 className="font-medium">{isFiltered ? "No run matches" : "Nothing yet"}</h2>
      <p className="mx-auto mt-2 max-w-md text-muted-foreground text-sm">
        {isFiltered
          ? "Choose another filter, or look at all runs."
          : "Ask something. Every answer and every build stands here afterwards, step by step."}
      </p>
      <Button asChild variant="outline" className="mt-6">
        <Link href={isFiltered ? "/activity" : "/chat"}>{isFiltered ? "Show all runs" : "Ask something"}</Link>
      </Button>
    </div>
  );
}

/** What is no filter of ours is left out. */
function toFilter({ status, kind }: Record<string, string | string[] | undefined>): RunFilterValue {
  const known = runStatuses.find((one) => one === status);
  const knownKind = (["chat", "build"] as const).find((one) => one === kind);
  return { ...(known ? { status: known } : {}), ...(knownKind ? { kind: knownKind } : {}) };
}
