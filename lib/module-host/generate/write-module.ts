import type { BuildPlan, BuildRequest } from "@/lib/contracts/build";
import type { CassetteEntry, ModuleFiles } from "@/lib/contracts/module";
import type { ModuleDraft } from "./draft";
import { draftModule } from "./draft-module";
import { writeJson } from "./quote";
import { recordExchanges } from "./record-exchanges";
import type { Source } from "./source";
import { writeAdapter } from "./write-adapter";
import { writeManifest } from "./write-manifest";
import { type Recorded, writeTests } from "./write-tests";
import { writeEvals, writeReadme } from "./write-texts";

/** All files of the planned module. The same source, plan and request give the same bytes. */
export function writeModule(source: Source, plan: BuildPlan, request: BuildRequest): ModuleFiles {
  const draft = restrict(draftModule(source, request), plan);
  const taken = new Set<string>();
  const target = { connection: draft.connection.name, baseUrl: draft.connection.baseUrl };
  const recorded = draft.operations.map((operation): Recorded => {
    const usual =
      operation.pullOf === null
        ? operation
        : { ...operation, parameters: operation.parameters.map((one) => ({ ...one, input: null })) };
    return { operation, exchanges: recordExchanges(usual, target, taken) };
  });
  return {
    "manifest.json": writeManifest(draft),
    "adapter.ts": writeAdapter(draft),
    "adapter.test.ts": writeTests(draft, recorded),
    "cassettes/main.json": writeJson(withoutRepeats(recorded.flatMap(({ exchanges }) => exchanges.entries))),
    "evals.yaml": writeEvals(draft),
    "README.md": writeReadme(draft),
  };
}

/** What was shown in the plan is what is written: its operations, under its name. */
function restrict(draft: ModuleDraft, plan: BuildPlan): ModuleDraft {
  const names = new Set(plan.operations.map(({ name }) => name));
  const operations = draft.operations.filter(
    ({ name, pullOf }) => names.has(name) && (pullOf === null || names.has(pullOf)),
  );
  return { ...draft, category: plan.category, name: plan.name, title: plan.title, operations };
}

/** A pull asks what its tool asks. */
function withoutRepeats(entries: CassetteEntry[]): CassetteEntry[] {
  const seen = new Map<string, CassetteEntry>();
  for (const entry of entries) {
    const key = JSON.stringify(entry.request);
    if (!seen.has(key)) seen.set(key, entry);
  }
  return [...seen.values()];
}
