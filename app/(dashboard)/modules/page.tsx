import { Hammer } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { ModuleCard } from "@/components/modules/module-card";
import { ModuleFilter } from "@/components/modules/module-filter";
import { RescanButton } from "@/components/modules/rescan-button";
import { Button } from "@/components/ui/button";
import { requireViewer } from "@/lib/auth/viewer";
import type { ModuleListItem } from "@/lib/contracts/module";
import { listModules } from "@/lib/module-host/views";

export const metadata: Metadata = { title: "Modules" };

export default async function ModulesPage({
  searchParams,
}: {
  searchParams: Promise<{ show?: string; find?: string }>;
}) {
  const viewer = await requireViewer();
  const { show = "all", find = "" } = await searchParams;
  const modules = await listModules(viewer);
  const shown = modules.filter((module) => matches(module, show, find));
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-8 sm:py-10">
      <header className="flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="font-semibold text-2xl tracking-tight">Modules</h1>
          <p className="mt-1 max-w-prose text-muted-foreground text-sm">
            Small integrations that Burgeon writes, tests and runs for you. None does anything before you approve it.
          </p>
        </div>
        <div className="flex gap-2">
          <RescanButton />
          <Button asChild>
            <Link href="/modules/new">
              <Hammer aria-hidden className="size-4" />
              Build a module
            </Link>
          </Button>
        </div>
      </header>
      {modules.length > 0 && <ModuleFilter show={show} find={find} counts={countByShelf(modules)} />}
      {shown.length > 0 ? (
        <ul className="mt-6 grid gap-4 sm:grid-cols-2">
          {shown.map((module) => (
            <li key={`${module.category}/${module.name}`} className="grid">
              <ModuleCard module={module} />
            </li>
          ))}
        </ul>
      ) : (
        <EmptyList hasModules={modules.length > 0} />
      )}
    </div>
  );
}

function EmptyList({ hasModules }: { hasModules: boolean }) {
  return (
    <div className="mt-10 rounded-lg border border-dashed px-6 py-14 text-center">
      <h2 className="font-medium">{hasModules ? "No module matches" : "No modules yet"}</h2>
      <p className="mx-auto mt-2 max-w-md text-muted-foreground text-sm">
        {hasModules
          ? "Choose another filter, or clear the search."
          : "Give Burgeon the address of an OpenAPI document, or a sample of what an API answers. It writes the code and its tests; you review and approve."}
      </p>
      <Button asChild variant="outline" className="mt-6">
        <Link href={hasModules ? "/modules" : "/modules/new"}>
          {hasModules ? "Show all modules" : "Build your first module"}
        </Link>
      </Button>
    </div>
  );
}

const shelves: Record<string, (module: ModuleListItem) => boolean> = {
  all: (module) => module.state !== "archived",
  waiting: (module) => ["awaiting_review", "needs_credentials", "tests_failed"].includes(module.state),
  active: (module) => ["active", "degraded"].includes(module.state),
  off: (module) => ["disabled", "rejected", "quarantined", "archived", "stale"].includes(module.state),
};

function matches(module: ModuleListItem, show: string, find: string): boolean {
  const text = `${module.title} ${module.category} ${module.name} ${module.description}`.toLowerCase();
  const onShelf = shelves[show] ?? shelves.all;
  return (onShelf?.(module) ?? true) && text.includes(find.trim().toLowerCase());
}

function countByShelf(modules: ModuleListItem[]): Record<string, number> {
  return Object.fromEntries(Object.entries(shelves).map(([name, onShelf]) => [name, modules.filter(onShelf).length]));
}
