import { z } from "zod";
import type { ModuleContext } from "@/lib/contracts/context";
import { AppError } from "@/lib/contracts/errors";
import type { CanonicalTypeName } from "@/lib/contracts/module";
import { listOfferedModules } from "@/lib/db/offered-modules";
import { logger } from "@/lib/logger";
import { cachedSection, failedSection, guardSection, type Scope } from "./section";
import { readCached } from "./source-cache";

const freshMs = 15 * 60_000;
const timeoutMs = 20_000;
const maxItems = 50;
const maxChars = 40_000;

/** Where each canonical type belongs; a record belongs to the category of its module. */
const categoryOf: Partial<Record<CanonicalTypeName, string>> = {
  CalendarEvent: "calendar",
  FinancialAccount: "finance",
  FinancialTransaction: "finance",
  HealthMetric: "health",
  HealthSummary: "health",
  NavigationRoute: "navigation",
  WeatherData: "weather",
  WeatherForecast: "weather",
  GamingProfile: "gaming",
  GamingMatch: "gaming",
  Contact: "contacts",
};

interface Pull {
  moduleId: string;
  digest: string;
  module: string;
  title: string;
  operation: string;
  category: string;
  canonical: CanonicalTypeName;
}

/**
 * What the viewer's modules fill the context with: each operation of the kind `pull` for itself, in the sandbox, at most every
 * fifteen minutes. `wanted` names categories; null is all.
 */
export async function readModules(scope: Scope, wanted: readonly string[] | null): Promise<ModuleContext[]> {
  const pulls = await listPulls(scope);
  const asked = pulls.filter(({ category }) => wanted === null || wanted.includes(category));
  if (asked.length === 0) return [];
  return Promise.all(asked.map((pull) => readPull(scope, pull)));
}

async function listPulls({ viewer }: Scope): Promise<Pull[]> {
  const pulls: Pull[] = [];
  for (const { id, category, name, digest, manifest } of await listOfferedModules(viewer)) {
    // A manifest comes from the database: one that cannot be read is a fault of that module and of no other.
    try {
      for (const [operation, { kind, canonical, effect }] of Object.entries(manifest.operations)) {
        if (kind !== "pull" || canonical === undefined || effect !== "read") continue;
        const module = `${category}/${name}`;
        pulls.push({
          ...{ moduleId: id, digest, module, title: manifest.title, operation, canonical },
          category: categoryOf[canonical] ?? category,
        });
      }
    } catch (cause) {
      logger.error({ room: "context", moduleId: id, cause }, "a module cannot be part of the context");
    }
  }
  return pulls;
}

async function readPull(scope: Scope, pull: Pull): Promise<ModuleContext> {
  const { moduleId, digest, operation } = pull;
  const title = `the module ${pull.title}`;
  const about = {
    module: pull.module,
    title: pull.title,
    operation,
    category: pull.category,
    canonical: pull.canonical,
  };
  const section = await guardSection(scope, { title, timeoutMs }, async (own) => {
    const read = await readCached({
      ...{
        userId: scope.viewer.userId,
        source: "module",
        title,
        args: [moduleId, digest, operation],
        freshMs,
        timeoutMs,
      },
      now: scope.now,
      signal: own.signal,
      load: async (signal) => {
        // Loaded when it is needed: most people have no such module, and the sandbox is large.
        const { pullOperation } = await import("@/lib/module-host/tools");
        return toItems(await pullOperation(scope.viewer, { moduleId, operation }, signal));
      },
    });
    return cachedSection(title, read);
  });
  return { ...section, ...about };
}

const outputSchema = z.union([
  z.array(z.json()),
  z.object({ items: z.array(z.json()) }).transform(({ items }) => items),
]);

/** A list, `{ items }`, or one thing; of all of it no more than fits into a context. */
function toItems(output: unknown): { items: z.infer<ReturnType<typeof z.json>>[]; isCut: boolean } {
  const list = outputSchema.safeParse(output);
  const all = list.success ? list.data : [z.json().parse(output)];
  const items = all.slice(0, maxItems);
  while (items.length > 0 && JSON.stringify(items).length > maxChars) items.pop();
  if (items.length === 0 && all.length > 0)
    throw new AppError("unavailable", "It gave more than fits into the context, so nothing of it was taken.");
  return { items, isCut: items.length < all.length };
}

/** The one entry that says that the modules as a whole could not be looked at. */
export function failedModules(cause: unknown): ModuleContext {
  return {
    ...failedSection("your modules", cause),
    ...{ module: "", title: "your modules", operation: "", category: "modules", canonical: "Record" },
  };
}
