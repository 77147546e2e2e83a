import { z } from "zod";
import { AppError, type ErrorCode } from "@/lib/contracts/errors";
import { type ModuleManifest, type ModuleOperation, toolNameOf } from "@/lib/contracts/module";
import type { Tool, ToolContext, ToolOutcome } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { recordModuleCall } from "@/lib/db/module-calls";
import { listOfferedModules, type OfferedModule } from "@/lib/db/offered-modules";
import { logger } from "@/lib/logger";
import { openAll } from "@/lib/vault/vault";
import { credentialScope, neededCredentials } from "./credentials";
import { loadCode } from "./load-code";
import { mayHaveChanged, type OperationError, runOperation } from "./run-operation";
import { toZod } from "./validate-output";

const timeoutMs = 60_000;

/**
 * The operations of the viewer's active modules as tools, from the approved manifests alone: listing loads no module code.
 * A module that lacks a credential offers nothing yet; one whose manifest cannot be read any more is left out and logged.
 */
export async function listModuleTools(viewer: Viewer): Promise<Tool[]> {
  const tools: Tool[] = [];
  for (const module of await listOfferedModules(viewer)) {
    try {
      const { manifest, credentials } = module;
      if (neededCredentials(manifest).some((name) => !credentials.includes(name))) continue;
      for (const [name, operation] of Object.entries(manifest.operations)) tools.push(toTool(module, name, operation));
    } catch (cause) {
      logger.error({ room: "module-host", moduleId: module.id, cause }, "the tools of a module cannot be offered");
    }
  }
  return tools;
}

function toTool(module: OfferedModule, name: string, operation: ModuleOperation): Tool {
  const { id: moduleId, category, digest, manifest } = module;
  return {
    name: toolNameOf(manifest, name),
    title: `${manifest.title}: ${name.replaceAll("_", " ")}`,
    description: `${operation.description} (module ${category}/${module.name})`,
    effect: operation.effect,
    idempotency: operation.effect === "read" ? "read" : operation.idempotencyHeader ? "keyed" : "none",
    timeoutMs,
    source: { kind: "module", moduleId, category, name: module.name, digest, operation: name },
    inputJsonSchema: operation.input,
    input: toZod(operation.input),
    output: z.json(),
    questions: operation.questions,
    describe: (input) => describeInput(manifest, name, input),
    execute: (input, context) => execute({ module, operation: name, input }, context),
  };
}

interface ToolCall {
  module: OfferedModule;
  operation: string;
  input: unknown;
}

/**
 * What an operation of the kind `pull` gives for the viewer's context: called by no run, with nothing but its defaults.
 * @throws AppError not-found when there is no such operation that only reads; what the module failed with
 */
export async function pullOperation(
  viewer: Viewer,
  { moduleId, operation }: { moduleId: string; operation: string },
  signal: AbortSignal,
): Promise<unknown> {
  const module = (await listOfferedModules(viewer)).find(({ id }) => id === moduleId);
  const found = module?.manifest.operations[operation];
  if (!module || found?.kind !== "pull" || found.effect !== "read")
    throw new AppError("not-found", "This module has nothing to fill the context with any more.");
  if (neededCredentials(module.manifest).some((name) => !module.credentials.includes(name)))
    throw new AppError("auth-required", `${module.manifest.title} still needs its credentials.`, {
      hint: `Enter them on the page of ${module.category}/${module.name}.`,
    });
  const input = toZod(found.input).parse({});
  const outcome = await execute(
    { module, operation, input },
    { viewer, runId: null, signal, progress: () => undefined },
  );
  return outcome.kind === "done" ? outcome.output : null;
}

type CallContext = Pick<ToolContext, "viewer" | "signal" | "progress"> & {
  runId: string | null;
  idempotencyKey?: string;
};

async function execute(call: ToolCall, context: CallContext): Promise<ToolOutcome> {
  const { module, operation } = call;
  const { viewer } = context;
  const { digest } = module;
  const loaded = await loadCode(viewer, module.id, digest);
  const hosts = [...new Set(Object.values(loaded.manifest.connections).map(({ baseUrl }) => new URL(baseUrl).host))];
  context.progress(`Asking ${hosts.join(", ") || loaded.manifest.title}`);
  const { outcome, requests, durationMs } = await runOperation({
    ...loaded,
    operation,
    input: call.input,
    credentials: await openAll(viewer, credentialScope(module.category, module.name)),
    tokenScope: `${viewer.userId}/${module.id}`,
    signal: context.signal,
    ...(context.idempotencyKey === undefined ? {} : { idempotencyKey: context.idempotencyKey }),
  });
  const error = outcome.ok ? null : outcome.error;
  const isOff = await recordModuleCall(viewer, {
    moduleId: module.id,
    digest,
    runId: context.runId,
    operation,
    ok: outcome.ok,
    errorCode: error && codeOf(error),
    isModulesFault: error !== null && isModulesFault(error),
    durationMs,
    requests,
  });
  if (outcome.ok)
    return {
      kind: "done",
      output: outcome.value,
      tainted: true,
      source: `${module.category}/${module.name} · ${hosts.join(", ")}`,
    };
  const isOpen = module.manifest.operations[operation]?.effect !== "read" && mayHaveChanged(requests);
  throw isOpen ? toOpenFailure(call, outcome.error, isOff) : toFailure(call, outcome.error, isOff);
}

/** The words a ModuleError begins with; see modules/sdk/module-error.ts. */
const guestCodes: Record<string, { code: ErrorCode; hint: (place: string) => string }> = {
  auth_invalid: { code: "auth-expired", hint: (place) => `Enter the credentials again on the page of ${place}.` },
  auth_expired: { code: "auth-expired", hint: (place) => `Enter the credentials again on the page of ${place}.` },
  rate_limited: { code: "rate-limited", hint: () => "Wait a little and ask again." },
  not_found: { code: "not-found", hint: () => "Check what was asked for." },
  invalid_input: { code: "invalid", hint: () => "Check what was asked for." },
  upstream: { code: "unavailable", hint: () => "The service has a fault: try again later." },
};

function codeOf({ code, message }: OperationError): string {
  return code === "guest_error" ? (/^([a-z_]+): /.exec(message)?.[1] ?? code) : code;
}

function isModulesFault(error: OperationError): boolean {
  const code = codeOf(error);
  return !Object.hasOwn(guestCodes, code) && code !== "invalid_input" && code !== "unknown_operation";
}

function toFailure({ module, operation }: ToolCall, error: OperationError, isOff: boolean): AppError {
  const { manifest } = module;
  const place = placeOf(module);
  const known = guestCodes[codeOf(error)];
  const words = wordsOf(error);
  const off = offNote(module, isOff);
  if (known)
    return new AppError(known.code, `${manifest.title} could not answer: ${words}${off}`, { hint: known.hint(place) });
  if (error.code === "invalid_input") return new AppError("invalid", words);
  return new AppError("unavailable", `${manifest.title} failed in ${operation} (${error.code}): ${words}${off}`, {
    hint: `The page of ${place} shows its calls; you can ask for changes or roll back there.`,
  });
}

/**
 * Something was sent before it failed that may have been done there. Whatever the module says of its failure ("not found", "too
 * many") is of a later request and says nothing of that one, so no code is given that would mean "surely not done".
 */
function toOpenFailure({ module, operation }: ToolCall, error: OperationError, isOff: boolean): AppError {
  const { title } = module.manifest;
  return new AppError(
    "unavailable",
    `${title} failed in ${operation} after a request that may have changed something there, so Burgeon cannot tell whether it happened: ${wordsOf(error)}${offNote(module, isOff)}`,
    {
      hint: `Look at ${title} whether it happened before you ask again. The page of ${placeOf(module)} shows its calls.`,
    },
  );
}

const placeOf = ({ category, name }: OfferedModule): string => `${category}/${name}`;
const wordsOf = ({ message }: OperationError): string => message.replace(/^[a-z_]+: /, "").slice(0, 500);
const offNote = (module: OfferedModule, isOff: boolean): string =>
  isOff ? ` Burgeon switched ${placeOf(module)} off after repeated failures.` : "";

function describeInput(manifest: ModuleManifest, operation: string, input: unknown) {
  const entries = typeof input === "object" && input !== null ? Object.entries(input) : [];
  return {
    title: `${manifest.title}: ${operation.replaceAll("_", " ")}`,
    lines: entries.map(([name, value]) => ({
      label: labelOf(name),
      value: typeof value === "string" ? value : JSON.stringify(value),
    })),
  };
}

/** `book_id` and `bookId` → "Book id". */
function labelOf(name: string): string {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/[_-]+/g, " ")
    .trim()
    .toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}
