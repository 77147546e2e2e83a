import { type ModuleManifest, moduleManifestSchema } from "@/lib/contracts/module";
import type { ModuleDraft, OperationDraft } from "./draft";
import { inputSchema, outputSchema } from "./json-schema";
import { plainText, writeJson } from "./quote";

/** manifest.json, checked against the one schema of all manifests. */
export function writeManifest(draft: ModuleDraft): string {
  const methods = [...new Set(draft.operations.map(({ method }) => method))];
  const manifest = {
    schemaVersion: 1,
    category: draft.category,
    name: draft.name,
    title: draft.title,
    description: draft.description,
    version: "1.0.0",
    connections: {
      [draft.connection.name]: { baseUrl: draft.connection.baseUrl, auth: draft.connection.auth, methods },
    },
    credentials: draft.credentials,
    operations: Object.fromEntries(draft.operations.map((operation) => [operation.name, describeOperation(operation)])),
    provenance: { kind: draft.kind, source: draft.provenance },
  };
  return writeJson(moduleManifestSchema.parse(manifest));
}

function describeOperation(operation: OperationDraft): ModuleManifest["operations"][string] {
  const { kind, description, effect, canonical, questions, pullOf, idempotencyHeader } = operation;
  return {
    kind,
    description: plainText(description, 1000),
    effect,
    ...(idempotencyHeader ? { idempotencyHeader } : {}),
    input: inputSchema(pullOf ? [] : operation.parameters) as ModuleManifest["operations"][string]["input"],
    output: outputSchema(operation) as ModuleManifest["operations"][string]["output"],
    ...(canonical ? { canonical: canonical.type } : {}),
    questions,
  };
}
