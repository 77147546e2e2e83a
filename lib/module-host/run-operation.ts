import type { ModuleManifest } from "@/lib/contracts/module";
import type {
  Sandbox,
  SandboxCall,
  SandboxErrorCode,
  SandboxLimits,
  SandboxLog,
  SandboxRequest,
  SandboxResponse,
} from "@/lib/contracts/sandbox";
import { type RequestRecord, sendConnectionRequest } from "@/lib/egress/connection-request";
import { createRedactor } from "@/lib/egress/redact";
import { getSandbox } from "@/lib/sandbox/host";
import { describeInputFault, describeOutputFault } from "./validate-output";

export interface OperationCall {
  manifest: ModuleManifest;
  /** As made by `compileModule` from the very files the manifest came with. */
  code: string;
  operation: string;
  input: unknown;
  /** Values by credential name. They stay on this side of the wall. */
  credentials: Readonly<Record<string, string>>;
  /** Keeps access tokens of different people and modules apart. */
  tokenScope: string;
  /** Instead of the network: cassettes. */
  answer?: (connection: string, request: SandboxRequest) => SandboxResponse;
  now?: string;
  /** Of the call: what the API knows its writes by, where the operation names a header for it. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  limits?: Partial<SandboxLimits>;
  sandbox?: Sandbox;
}

export interface OperationError {
  /** A sandbox code, or: unknown_operation, invalid_input, output_invalid. */
  code: SandboxErrorCode | "unknown_operation" | "invalid_input" | "output_invalid";
  /** Untrusted when the guest wrote it. */
  message: string;
  file?: string;
  line?: number;
}

export interface OperationResult {
  outcome: { ok: true; value: unknown } | { ok: false; error: OperationError };
  logs: SandboxLog[];
  /** In the order they were made; one that was under way when the operation ended has no status. */
  requests: RequestRecord[];
  durationMs: number;
}

/**
 * Runs one operation of a module: input against its schema, the code in a fresh machine, each request through the egress rules
 * with the credential added there, the value against its schema. Rejects only when the signal aborts or the host itself fails.
 */
export async function runOperation(call: OperationCall): Promise<OperationResult> {
  const startedAt = performance.now();
  const requests: RequestRecord[] = [];
  const end = (outcome: OperationResult["outcome"], logs: SandboxLog[] = []): OperationResult => ({
    outcome,
    logs,
    // What is still under way ends after this, and changes nothing that was told.
    requests: [...requests],
    durationMs: Math.round(performance.now() - startedAt),
  });
  const operation = Object.hasOwn(call.manifest.operations, call.operation)
    ? call.manifest.operations[call.operation]
    : undefined;
  if (!operation) {
    const known = Object.keys(call.manifest.operations).join(", ");
    return end({
      ok: false,
      error: {
        code: "unknown_operation",
        message: `There is no operation "${call.operation.slice(0, 60)}". There are: ${known}.`,
      },
    });
  }
  const inputFault = describeInputFault(operation, call.input);
  if (inputFault !== null)
    return end({ ok: false, error: { code: "invalid_input", message: `The input does not fit: ${inputFault}` } });
  const result = await (call.sandbox ?? getSandbox()).run({
    code: call.code,
    operation: call.operation,
    inputJson: JSON.stringify(call.input ?? {}),
    connections: Object.keys(call.manifest.connections),
    now: call.now ?? new Date().toISOString(),
    onRequest: (connection, request, signal) =>
      respond(call, requests, connection, request, signal, operation.idempotencyHeader),
    ...(call.limits ? { limits: call.limits } : {}),
    ...(call.signal ? { signal: call.signal } : {}),
  });
  if (!result.ok) return end({ ok: false, error: result.error }, result.logs);
  const outputFault = describeOutputFault(call.manifest, call.operation, result.value);
  if (outputFault === null) return end({ ok: true, value: result.value }, result.logs);
  return end(
    { ok: false, error: { code: "output_invalid", message: `The result does not fit its schema: ${outputFault}` } },
    result.logs,
  );
}

/**
 * Whether one of these may have changed something at the other side: a request that does more than read, was sent, and was not
 * turned down there.
 */
export function mayHaveChanged(requests: readonly RequestRecord[]): boolean {
  return requests.some(
    ({ method, blocked, status }) =>
      !isRead(method) && (blocked === undefined || status !== undefined) && !isTurnedDown(status),
  );
}

const isRead = (method: string): boolean => method === "GET" || method === "HEAD";

/** Behind a fault of the other side (5xx), a time-out (408) or no answer at all, it may have been done. */
const isTurnedDown = (status: number | undefined): boolean =>
  status !== undefined && status >= 400 && status < 500 && status !== 408;

const respond = async (
  call: OperationCall,
  requests: RequestRecord[],
  name: string,
  request: SandboxRequest,
  signal: AbortSignal,
  idempotencyHeader: string | undefined,
): ReturnType<NonNullable<SandboxCall["onRequest"]>> => {
  const connection = call.manifest.connections[name];
  if (!connection) return { error: { code: "refused", message: "The manifest has no such connection" } };
  const method = (request.method || "GET").toUpperCase();
  const number = requests.filter((before) => isRead(before.method) === isRead(method)).length;
  const path = createRedactor(Object.values(call.credentials))(request.path.split(/[?#]/)[0]?.slice(0, 500) ?? "");
  // Written down before it is sent: the next one may come, and the operation may end, before this one is answered.
  const place = requests.push({ host: new URL(connection.baseUrl).host, method, path, durationMs: 0 }) - 1;
  if (call.answer) {
    const response = call.answer(name, request);
    const status = "status" in response ? { status: response.status } : { blocked: response.error.message };
    requests[place] = { host: new URL(connection.baseUrl).host, method, path, ...status, durationMs: 0 };
    return response;
  }
  const { response, record } = await sendConnectionRequest({
    connection,
    request,
    credentials: call.credentials,
    // Several requests of one call are different things: each has its own key, the same at every repetition. Reads are numbered
    // apart, because how often one waits for something is another number each time.
    ...(idempotencyHeader && call.idempotencyKey
      ? {
          hostHeaders: {
            [idempotencyHeader.toLowerCase()]: `${call.idempotencyKey}-${isRead(method) ? "r" : ""}${number}`,
          },
        }
      : {}),
    tokenScope: `${call.tokenScope}/${name}`,
    signal,
  });
  requests[place] = record;
  return response;
};
