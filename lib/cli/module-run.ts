import { parseArgs } from "node:util";
import { z } from "zod";
import { playCassettes, readCassettes } from "@/lib/module-host/cassette";
import { checkManifest } from "@/lib/module-host/check-manifest";
import { testNow } from "@/lib/module-host/check";
import { type OperationResult, runOperation } from "@/lib/module-host/run-operation";
import { compileModule } from "@/lib/sandbox/compile";
import { readFolder } from "./module-check";
import { print, printJson } from "./print";
import { UsageError } from "./usage-error";

type Reply =
  | { ok: true; value: unknown; logs: unknown[]; requests: unknown[] }
  | {
      ok: false;
      error: { code: string; message: string; file?: string; line?: number };
      logs?: unknown[];
      requests?: unknown[];
    };

/** Runs one operation of a folder, checked or not, in the same sandbox and behind the same egress rules as always. */
export async function runFolder(args: string[]): Promise<0 | 1> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      input: { type: "string" },
      cassettes: { type: "boolean" },
      live: { type: "boolean" },
      credentials: { type: "string" },
      json: { type: "boolean" },
    },
  });
  const [folder, operation] = positionals;
  if (!folder || !operation || positionals.length > 2 || (values.cassettes && values.live))
    throw new UsageError(
      "Usage: module run <folder> <operation> [--input <json>] [--cassettes | --live] [--credentials <json>] [--json]",
    );
  const input = parseOption("--input", values.input ?? "{}", z.json());
  const credentials = parseOption("--credentials", values.credentials ?? "{}", z.record(z.string(), z.string()));
  const reply = await run(folder, operation, input, credentials, values.live === true);
  if (values.json) printJson(reply);
  else print(reply.ok ? JSON.stringify(reply.value, null, 2) : `${reply.error.code}: ${reply.error.message}`);
  return reply.ok ? 0 : 1;
}

async function run(
  folder: string,
  operation: string,
  input: unknown,
  credentials: Record<string, string>,
  isLive: boolean,
): Promise<Reply> {
  const files = await readFolder(folder);
  const { manifest, findings } = checkManifest(files);
  if (!manifest) return fail(findings[0]);
  const compiled = await compileModule(files);
  if (!compiled.ok) return fail(compiled.findings[0]);
  const player = playCassettes(manifest, readCassettes(files).entries);
  const result = await runOperation({
    manifest,
    code: compiled.code,
    operation,
    input,
    credentials,
    tokenScope: "command-line",
    ...(isLive ? {} : { now: testNow, answer: (connection, request) => player.answer(connection, request) }),
  });
  return toReply(result);
}

function toReply({ outcome, logs, requests }: OperationResult): Reply {
  return outcome.ok
    ? { ok: true, value: outcome.value, logs, requests }
    : { ok: false, error: outcome.error, logs, requests };
}

function fail(finding: { code: string; file: string; line?: number | undefined; message: string } | undefined): Reply {
  const { code = "manifest_invalid", message = "The manifest cannot be read.", file, line } = finding ?? {};
  const isBuild = code !== "manifest_invalid" && code !== "manifest_missing";
  return {
    ok: false,
    error: { code: isBuild ? "build_rejected" : code, message, ...(file ? { file } : {}), ...(line ? { line } : {}) },
  };
}

function parseOption<Value>(name: string, text: string, schema: z.ZodType<Value>): Value {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`${name} takes JSON, for example '{"city":"Berlin"}'.`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new UsageError(`${name}: ${parsed.error.issues[0]?.message ?? "not valid"}`);
  return parsed.data;
}
