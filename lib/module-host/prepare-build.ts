import type { BuildPlan, BuildRequest } from "@/lib/contracts/build";
import { AppError } from "@/lib/contracts/errors";
import type { ModuleFiles } from "@/lib/contracts/module";
import { type BuildRow, getBuild } from "@/lib/db/builds";
import { findModuleRow } from "@/lib/db/modules";
import { findVersion } from "@/lib/db/module-versions";
import { resolveModel } from "@/lib/models/resolve";
import type { BuildMemory } from "./build-memory";
import { type Builder, type Given, planWithModel } from "./builder/build-with-model";
import type { BuildWork } from "./execute-build";
import { findSource } from "./generate/find-source";
import { planModule } from "./generate/plan-module";
import type { Source } from "./generate/source";
import { loadPage } from "./load-page";

export interface BuildStep {
  work: BuildWork;
  build: BuildRow;
  memory: BuildMemory;
  say(message: string): Promise<void>;
}

/** Who writes the code: the generator, from a document alone, or a model. */
export type Prepared = { plan: BuildPlan } & (
  | { by: "planner"; source: Source; request: BuildRequest }
  | { by: "model"; builder: Builder; given: Given }
);

/** Finds out what is to be built from what, and says so before any code is written. @throws AppError */
export async function prepareBuild(step: BuildStep): Promise<Prepared> {
  const { work, memory, build } = step;
  const { model, label, isPlanner } = await resolveModel(work.viewer, "builder");
  const { request, base } = await findBase(step);
  if (isPlanner) {
    const source = await memory.once("source", async () => ({ value: await readSource(step, request) }));
    return { by: "planner", source, request, plan: planModule(source, request) };
  }
  const source = await memory.once("source", async () => ({ value: await readSourceIfAny(step, request) }));
  const given: Given = {
    request,
    base,
    source:
      source === null ? null : JSON.stringify(source.kind === "openapi" ? source.document : source.sample, null, 1),
  };
  const builder: Builder = { model, label, signal: work.signal };
  await step.say(`${label} plans the module`);
  const plan = await memory.once("plan", async () => {
    const { plan, usage } = await planWithModel(builder, given);
    return { value: plan, usage };
  });
  return {
    by: "model",
    builder,
    given: { ...given, request: { ...request, category: plan.category, name: plan.name, wish: build.request.wish } },
    plan,
  };
}

function readSource({ work, say }: BuildStep, request: BuildRequest): Promise<Source> {
  const sayings: Promise<void>[] = [];
  const load = async (url: string) => {
    await say(`Reading ${new URL(url).host}${new URL(url).pathname}`);
    return loadPage(url, work.signal);
  };
  return findSource(request, load, (sentence) => void sayings.push(say(sentence))).finally(() => Promise.all(sayings));
}

/** A wish to a model may name no document at all: then it plans from what it knows. */
async function readSourceIfAny(step: BuildStep, request: BuildRequest): Promise<Source | null> {
  const hasSource = request.url || request.document || request.sample || /https?:\/\//.test(request.wish);
  if (!hasSource) return null;
  try {
    return await readSource(step, request);
  } catch (cause) {
    // An address in the wish need not be an API's: without the person having named it as the source, the model goes on.
    if (cause instanceof AppError && cause.code === "invalid" && !request.url && !request.document && !request.sample)
      return null;
    throw cause;
  }
}

/** "Ask for changes" goes on from a version, and from what that version was made of. */
async function findBase({ work, build }: BuildStep): Promise<{ request: BuildRequest; base: ModuleFiles | null }> {
  const { request } = build;
  const { changes, category, name } = request;
  if (!changes || !category || !name) return { request, base: null };
  const module = await findModuleRow(work.viewer, category, name);
  const version = module && (await findVersion(work.viewer, module.id, changes.digest));
  if (!version) throw new AppError("not-found", "The version that changes were asked for is gone.");
  const origin = version.buildId === null ? null : (await getBuild(work.viewer, version.buildId)).request;
  const merged: BuildRequest = {
    ...(origin ?? { wish: "" }),
    category,
    name,
    changes,
    wish: [origin?.wish, changes.note].filter(Boolean).join("\n").slice(0, 4000),
  };
  return { request: merged, base: version.files };
}
