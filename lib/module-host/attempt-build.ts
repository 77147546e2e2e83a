import { createHash } from "node:crypto";
import type { BuildOutcome } from "@/lib/contracts/build";
import type { Finding } from "@/lib/contracts/finding";
import type { ModuleFiles } from "@/lib/contracts/module";
import type { Usage } from "@/lib/contracts/run";
import { updateBuild } from "@/lib/db/builds";
import { getModuleRow, saveVersion } from "@/lib/db/modules";
import { findVersion } from "@/lib/db/module-versions";
import { generateWithModel, repairWithModel } from "./builder/build-with-model";
import { type CheckedModule, checkModule } from "./check";
import { writeModule } from "./generate/write-module";
import type { BuildStep, Prepared } from "./prepare-build";

type Attempt = BuildStep & { prepared: Prepared; attempt: number };

/** What a module may not contain ends the build at once: it is no mistake to be repaired five times. */
const policyCodes = ["dynamic_code", "secret_found"];

/** One attempt: write the files, check them, say what was found. The outcome when the build has ended, else null: try again. */
export async function attemptBuild(step: Attempt): Promise<BuildOutcome | null> {
  const { work, build, memory, prepared, attempt, say } = step;
  const { by } = prepared;
  await updateBuild(work.viewer, work, { state: "generating", attempts: attempt });
  await work.append([{ type: "build-attempt-started", payload: { buildId: build.id, attempt, by } }]);
  if (by === "model")
    await say(
      attempt === 1 ? `${prepared.builder.label} writes the module` : `${prepared.builder.label} repairs the module`,
    );
  const usageBefore = { ...memory.usage };
  const files = await writeFiles(step);
  work.signal.throwIfAborted();
  await updateBuild(work.viewer, work, { state: "checking" });
  const checked = await memory.once(`check:${attempt}`, async () => ({ value: await check(step, files) }));
  await work.append([
    {
      type: "build-checked",
      payload: {
        buildId: build.id,
        attempt,
        ok: checked.report.ok,
        digest: checked.digest,
        files: Object.keys(files).sort(),
        findings: checked.report.findings,
        tests: checked.report.tests,
        usage: difference(memory.usage, usageBefore),
      },
    },
  ]);
  if (checked.report.ok) return accept(step, checked, files);
  const reason = await findReasonToEnd(step, checked.report.findings);
  return reason === null ? null : toOutcome(step, "failed", null, reason);
}

async function writeFiles({ memory, prepared, attempt }: Attempt): Promise<ModuleFiles> {
  return memory.once(`generate:${attempt}`, async () => {
    if (prepared.by === "planner") return { value: writeModule(prepared.source, prepared.plan, prepared.request) };
    const { builder, given, plan } = prepared;
    const { files, usage } =
      attempt === 1 ? await generateWithModel(builder, given, plan) : await repair(prepared, memory, attempt);
    return { value: pinNames(files, plan), usage };
  });
}

async function repair(prepared: Extract<Prepared, { by: "model" }>, memory: Attempt["memory"], attempt: number) {
  const nothing = async (): Promise<never> => {
    throw new Error("the attempt before left nothing behind");
  };
  const files = await memory.once<ModuleFiles>(`generate:${attempt - 1}`, nothing);
  const { report } = await memory.once<CheckedModule>(`check:${attempt - 1}`, nothing);
  return repairWithModel(prepared.builder, prepared.plan, files, report.findings);
}

/** The module is what was planned and shown: a model cannot slip into the place of another one. */
function pinNames(files: ModuleFiles, { category, name }: { category: string; name: string }): ModuleFiles {
  const text = files["manifest.json"];
  if (text === undefined) return files;
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== "object" || manifest === null || Array.isArray(manifest)) return files;
    return { ...files, "manifest.json": `${JSON.stringify({ ...manifest, category, name }, null, 2)}\n` };
  } catch {
    return files; // not JSON: the check says so
  }
}

async function check({ work, say }: Attempt, files: ModuleFiles): Promise<CheckedModule> {
  const words: Record<string, string> = {
    types: "Checking types",
    tests: "Running its tests in the sandbox",
    contract: "Checking what it returns",
  };
  const sayings: Promise<void>[] = [];
  const checked = await checkModule(files, {
    signal: work.signal,
    onStage: (stage) => {
      const sentence = words[stage];
      if (sentence) sayings.push(say(sentence));
    },
  });
  await Promise.all(sayings);
  return checked;
}

async function accept(step: Attempt, checked: CheckedModule, files: ModuleFiles): Promise<BuildOutcome> {
  const { work, build } = step;
  const { digest, manifest, report } = checked;
  if (!manifest) throw new Error("a module passed its check without a manifest");
  await saveVersion(work.viewer, { digest, files, manifest, report, origin: "built", buildId: build.id });
  const module = await getModuleRow(work.viewer, manifest.category, manifest.name);
  const saved = await findVersion(work.viewer, module.id, digest);
  if (saved?.state === "approved")
    return toOutcome(step, "failed", null, "The result is exactly the version you already approved: nothing changed.");
  if (saved?.state === "quarantined")
    return toOutcome(step, "failed", null, "The result is exactly a version you quarantined.");
  return toOutcome(step, "awaiting_review", digest, null);
}

/** Attempts used up, the same failure twice, or something that is against the rules; null to go on. */
async function findReasonToEnd(
  { prepared, attempt, build, memory }: Attempt,
  findings: readonly Finding[],
): Promise<string | null> {
  const first = findings[0];
  const what = first
    ? `${first.file ? `${first.file}${first.line ? `:${first.line}` : ""}: ` : ""}${first.message}`.slice(0, 500)
    : "no reason was given";
  if (prepared.by === "planner") return `The generated module did not pass its check: ${what}`;
  const violation = findings.find(({ code }) => policyCodes.includes(code));
  if (violation) return `The module does what no module may do: ${violation.message}`;
  if (attempt >= build.maxAttempts) return `After ${attempt} attempts the check still finds: ${what}`;
  if (attempt === 1) return null;
  const before = await memory.once<CheckedModule>(`check:${attempt - 1}`, async () => {
    throw new Error("the attempt before left nothing behind");
  });
  const isSame = fingerprint(before.report.findings) === fingerprint(findings);
  return isSame ? `Two attempts in a row failed in the same way, so Burgeon stopped: ${what}` : null;
}

/** Findings without what changes from attempt to attempt: lines and numbers. */
function fingerprint(findings: readonly Finding[]): string {
  const lines = findings.map(({ code, file, message }) => `${code}|${file}|${message.replace(/\d+/g, "#")}`).sort();
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}

function toOutcome(
  { build, prepared, attempt }: Attempt,
  state: BuildOutcome["state"],
  digest: string | null,
  reason: string | null,
): BuildOutcome {
  const { plan } = prepared;
  return {
    buildId: build.id,
    state,
    category: plan.category,
    name: plan.name,
    title: plan.title,
    digest,
    attempts: attempt,
    reason,
    credentials: plan.credentials.map(({ label }) => label),
    hosts: plan.hosts,
  };
}

function difference(now: Usage, before: Usage): Usage {
  return { inputTokens: now.inputTokens - before.inputTokens, outputTokens: now.outputTokens - before.outputTokens };
}
