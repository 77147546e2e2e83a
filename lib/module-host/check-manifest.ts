import type { Finding } from "@/lib/contracts/finding";
import { type ModuleFiles, type ModuleManifest, moduleManifestSchema } from "@/lib/contracts/module";
import { isException } from "@/lib/egress/address";
import { toZod } from "./validate-output";

const file = "manifest.json";

/** The manifest of a set of files, or why there is none. `place` is the folder the files lie in, if they lie in one. */
export function checkManifest(
  files: ModuleFiles,
  place?: { category: string; name: string },
): { manifest: ModuleManifest | null; findings: Finding[] } {
  const text = files[file];
  if (text === undefined)
    return fail("manifest_missing", "There is no manifest.json.", "See modules/README.md for its fields.");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return fail(
      "manifest_invalid",
      `This is not valid JSON: ${cause instanceof Error ? cause.message.slice(0, 200) : "it cannot be read"}.`,
    );
  }
  const parsed = moduleManifestSchema.safeParse(value);
  if (!parsed.success) {
    const findings = parsed.error.issues.slice(0, 20).map((issue): Finding => {
      const path = issue.path.map(String).join(".");
      return {
        code: "manifest_invalid",
        file,
        ...lineOf(text, issue.path),
        message: path === "" ? issue.message : `${path}: ${issue.message}`,
      };
    });
    return { manifest: null, findings };
  }
  const findings = [
    ...placeFindings(parsed.data, place),
    ...schemaFindings(parsed.data),
    ...addressFindings(parsed.data),
  ];
  return { manifest: findings.length === 0 ? parsed.data : null, findings };
}

function placeFindings(
  { category, name }: ModuleManifest,
  place: { category: string; name: string } | undefined,
): Finding[] {
  if (!place || (place.category === category && place.name === name)) return [];
  const message = `The manifest says ${category}/${name}, the folder is ${place.category}/${place.name}.`;
  return [{ code: "manifest_invalid", file, message, hint: "Rename the folder or change the manifest." }];
}

function schemaFindings(manifest: ModuleManifest): Finding[] {
  const findings: Finding[] = [];
  for (const [name, operation] of Object.entries(manifest.operations)) {
    for (const part of ["input", "output"] as const)
      try {
        toZod(operation[part]);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message.slice(0, 200) : "unknown";
        findings.push({
          code: "manifest_invalid",
          file,
          message: `operations.${name}.${part}: this JSON Schema cannot be enforced: ${reason}`,
        });
      }
    if (operation.input.type !== "object")
      findings.push({ code: "manifest_invalid", file, message: `operations.${name}.input: the type must be "object"` });
    const required = operation.input.required;
    if (operation.kind === "pull" && Array.isArray(required) && required.length > 0)
      findings.push({
        code: "manifest_invalid",
        file,
        message: `operations.${name}: a pull is called without input, so none may be required`,
      });
    if (operation.kind === "pull" && operation.effect !== "read")
      findings.push({ code: "manifest_invalid", file, message: `operations.${name}: a pull only reads` });
  }
  return findings;
}

function addressFindings(manifest: ModuleManifest): Finding[] {
  const findings: Finding[] = [];
  for (const [name, { baseUrl, auth }] of Object.entries(manifest.connections)) {
    const addresses = [
      ["baseUrl", baseUrl],
      ...(auth.kind === "oauth2_client_credentials" ? [["auth.tokenUrl", auth.tokenUrl]] : []),
    ];
    for (const [field, address] of addresses as [string, string][]) {
      const url = new URL(address);
      const at = `connections.${name}.${field}`;
      if (url.username || url.password)
        findings.push({ code: "secret_found", file, message: `${at}: an address holds no user and no password` });
      if (url.search || url.hash)
        findings.push({ code: "manifest_invalid", file, message: `${at}: without a query and a fragment, please` });
      if (url.protocol !== "https:" && !isException(url))
        findings.push({
          code: "insecure_address",
          file,
          message: `${at}: modules reach ${url.host} over https only`,
          hint: "Whoever runs Burgeon can make an exception for one host with BURGEON_EGRESS_ALLOW=host:port.",
        });
    }
  }
  return findings;
}

/** The line where the last named part of the path stands first; a hint for the eye, so a guess is enough. */
function lineOf(text: string, path: readonly PropertyKey[]): { line?: number } {
  const name = path.findLast((part) => typeof part === "string");
  if (name === undefined) return {};
  const at = text.indexOf(JSON.stringify(name));
  return at < 0 ? {} : { line: text.slice(0, at).split("\n").length };
}

function fail(code: string, message: string, hint?: string): { manifest: null; findings: Finding[] } {
  return { manifest: null, findings: [{ code, file, message, ...(hint ? { hint } : {}) }] };
}
