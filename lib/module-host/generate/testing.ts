import type { BuildPlan, BuildRequest } from "@/lib/contracts/build";
import type { ModuleFiles, ModuleManifest } from "@/lib/contracts/module";
import type { Sandbox } from "@/lib/contracts/sandbox";
import { compileModule } from "@/lib/sandbox/compile";
import { playCassettes, readCassettes } from "../cassette";
import { type CheckedModule, checkModule, testNow } from "../check";
import { describeInputFault, describeOutputFault } from "../validate-output";
import { draftModule } from "./draft-module";
import { planModule } from "./plan-module";
import { recordExchanges } from "./record-exchanges";
import type { Source } from "./source";
import { writeModule } from "./write-module";

export interface Generated {
  source: Source;
  plan: BuildPlan;
  files: ModuleFiles;
}

/** A module out of a document as a person pastes it. */
export function generateFrom(
  document: unknown,
  wish = "",
  url: string | null = "https://api.example.com/openapi.json",
): Generated {
  const source: Source = { kind: "openapi", document: document as Record<string, unknown>, url, origin: "given" };
  return generateOf(source, { wish });
}

export function generateOf(source: Source, request: BuildRequest): Generated {
  // A build keeps the source as JSON between its steps.
  const kept: Source = JSON.parse(JSON.stringify(source));
  const plan = planModule(kept, request);
  return { source: kept, plan, files: writeModule(kept, plan, request) };
}

export interface Proof {
  checked: CheckedModule;
  manifest: ModuleManifest;
  /** What is wrong with inputs that were tried or with what came back; empty when all is well. */
  faults: string[];
  results: Record<string, unknown>;
}

/** The check that every version passes, and each operation run with an input against its own schemas. */
export async function prove(
  sandbox: Sandbox,
  { source, files }: Generated,
  request: BuildRequest = { wish: "" },
): Promise<Proof> {
  const checked = await checkModule(files, { sandbox });
  const { manifest } = checked;
  if (!manifest) throw new Error(JSON.stringify(checked.report.findings));
  const compiled = await compileModule(files);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.findings));
  const faults: string[] = [];
  const results: Record<string, unknown> = {};
  const draft = draftModule(source, request);
  const taken = new Set<string>();
  for (const operation of draft.operations) {
    const described = manifest.operations[operation.name];
    if (!described) continue;
    const target = { connection: draft.connection.name, baseUrl: draft.connection.baseUrl };
    const input = operation.pullOf ? {} : recordExchanges(operation, target, taken).attempt.input;
    const fault = describeInputFault(described, input);
    if (fault) faults.push(`${operation.name}: ${fault}`);
    const player = playCassettes(manifest, readCassettes(files).entries);
    const result = await sandbox.run({
      code: compiled.code,
      operation: operation.name,
      inputJson: JSON.stringify(input),
      connections: Object.keys(manifest.connections),
      now: testNow,
      deterministic: true,
      onRequest: async (connection, sent) => player.answer(connection, sent),
    });
    const outputFault = result.ok ? describeOutputFault(manifest, operation.name, result.value) : result.error.message;
    if (outputFault) faults.push(`${operation.name}: ${outputFault}`);
    if (result.ok) results[operation.name] = result.value;
  }
  return { checked, manifest, faults, results };
}
