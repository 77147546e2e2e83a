import { z } from "zod";
import type { Finding } from "@/lib/contracts/finding";
import { type CassetteEntry, cassetteEntrySchema, type ModuleFiles, type ModuleManifest } from "@/lib/contracts/module";
import type { SandboxRequest, SandboxResponse } from "@/lib/contracts/sandbox";

const fileSchema = z.array(cassetteEntrySchema).max(500);

/** Every recorded exchange of a module, in the order of file names; what is no cassette is a finding. */
export function readCassettes(files: ModuleFiles): { entries: CassetteEntry[]; findings: Finding[] } {
  const entries: CassetteEntry[] = [];
  const findings: Finding[] = [];
  for (const path of Object.keys(files).sort()) {
    if (!path.startsWith("cassettes/")) continue;
    const parsed = fileSchema.safeParse(parseJson(files[path] ?? ""));
    if (parsed.success) entries.push(...parsed.data);
    else {
      const issue = parsed.error.issues[0];
      const message = `${issue?.path.join(".") || "file"}: ${issue?.message ?? "not valid"}`;
      findings.push({
        code: "cassette_invalid",
        file: path,
        message,
        hint: "A cassette is an array of { connection, request, response }.",
      });
    }
  }
  return { entries, findings };
}

export interface CassettePlayer {
  /** Answers a request of the module without any network. */
  answer(connection: string, request: SandboxRequest): SandboxResponse;
  /** Back to the beginning: each test hears the same replies. */
  rewind(): void;
  /** Requests answered so far. */
  readonly answered: number;
}

/**
 * Answers requests from recorded exchanges. Exchanges of the same request are played in their order and the last one is
 * repeated; a request that none fits is an error that says what was asked.
 */
export function playCassettes(manifest: ModuleManifest, entries: readonly CassetteEntry[]): CassettePlayer {
  const used = new Set<CassetteEntry>();
  let answered = 0;
  return {
    answer(connection, request) {
      const method = (request.method || "GET").toUpperCase();
      const allowed: readonly string[] = manifest.connections[connection]?.methods ?? [];
      if (!allowed.includes(method))
        return {
          error: {
            code: "refused",
            message: `The manifest does not declare the method ${method.slice(0, 10)} for this connection`,
          },
        };
      const fitting = entries.filter((entry) => entry.connection === connection && fits(entry, method, request));
      const entry = fitting.find((candidate) => !used.has(candidate)) ?? fitting.at(-1);
      if (!entry)
        return {
          error: { code: "no_cassette", message: `No cassette answers ${showRequest(connection, method, request)}` },
        };
      used.add(entry);
      answered += 1;
      return toResponse(entry);
    },
    rewind: () => used.clear(),
    get answered() {
      return answered;
    },
  };
}

function fits({ request: recorded }: CassetteEntry, method: string, request: SandboxRequest): boolean {
  if (recorded.method.toUpperCase() !== method || normalise(recorded.path) !== normalise(request.path)) return false;
  if (queryText(recorded.query) !== queryText(request.query)) return false;
  return recorded.json === undefined || canonical(recorded.json) === canonical(request.json);
}

function normalise(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a stray percent sign: compared as it stands
  }
}

/** The same text for the same parameters, in any order; numbers and texts look alike on the wire. */
function queryText(query: SandboxRequest["query"] | CassetteEntry["request"]["query"]): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}=${String(one)}`),
  );
  return pairs.sort().join("&");
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

function toResponse({ response: { status, headers, json, text } }: CassetteEntry): SandboxResponse {
  const isJson = json !== undefined;
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    status,
    headers: { ...(isJson ? { "content-type": "application/json" } : {}), ...lower },
    body: isJson ? JSON.stringify(json) : (text ?? ""),
  };
}

function showRequest(connection: string, method: string, request: SandboxRequest): string {
  const query = queryText(request.query);
  return `${method} ${request.path}${query === "" ? "" : `?${query}`} on the connection "${connection}"`.slice(0, 500);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // judged by the schema like any other wrong file
  }
}
