import { credentialNamesOf } from "@/lib/contracts/module";
import type { ModuleDraft, OperationDraft } from "./draft";
import { isObject } from "./json-value";
import { isWhole } from "./json-schema";
import { makeVariableName } from "./names";
import { quote, writeLiteral } from "./quote";
import { type Exchanges, firstRequest } from "./record-exchanges";
import { tryInput } from "./try-inputs";

/** Longer literals hide what is compared: then only some values are. */
const maxLiteralChars = 900;
const maxChecks = 6;

export interface Recorded {
  operation: OperationDraft;
  exchanges: Exchanges;
}

/** adapter.test.ts: each operation against its cassettes, what it sends, and what it makes of failures. */
export function writeTests(draft: ModuleDraft, recorded: Recorded[]): string {
  const module = `${makeVariableName(draft.name, "module")}Module`;
  const tools = recorded.filter(({ operation }) => operation.pullOf === null);
  const tests = recorded.flatMap((one) => [
    writeResultTest(one),
    ...(one.exchanges.missing ? [writeMissingTest(one)] : []),
  ]);
  tests.push(...tools.map((one) => writeRequestTest(draft, module, one)));
  const [first] = tools;
  if (first) tests.push(writeBusyTest(module, first));
  const strict = tools.find(
    ({ operation }) =>
      operation.reply.kind === "json" && (isWhole(operation.reply.shape) || operation.reply.shape.kind === "list"),
  );
  if (strict) tests.push(writeShapeTest(module, strict));
  return `${[writeHead(draft, module), ...tests].join("\n\n")}\n`;
}

function writeHead(draft: ModuleDraft, module: string): string {
  return `/** The replies that these tests hear are in cassettes/main.json; nothing is sent anywhere. */
import type { Ctx, HttpRequest, HttpResponse } from "@burgeon/sdk";
import { expect, test } from "@burgeon/sdk/test";
import ${module} from "./adapter";

/** A service that always answers the same, and remembers what it was asked. */
function standIn(ctx: Ctx, status: number, body: unknown = null, headers: Record<string, string> = {}) {
  const requests: HttpRequest[] = [];
  const response: HttpResponse = {
    status,
    ok: status < 300,
    headers,
    json: <T>() => body as T,
    text: () => JSON.stringify(body),
  };
  const connection = {
    request: async (request: HttpRequest) => {
      requests.push(request);
      return response;
    },
  };
  return { ctx: { ...ctx, http: { ${draft.connection.name}: connection } }, requests };
}`;
}

function writeResultTest({ operation, exchanges }: Recorded): string {
  const { attempt, result, pages } = exchanges;
  const what =
    pages > 1
      ? "collects all pages"
      : operation.method === "GET"
        ? "gives what the service says"
        : "gives what the service answers";
  const lines = [
    `  const result = await run(${quote(operation.name)}, ${writeLiteral(attempt.input, "  ")});`,
    ...writeChecks(result),
  ];
  return `test(${quote(`${operation.name} ${what}`)}, async ({ run }) => {\n${lines.join("\n")}\n});`;
}

/** Everything when that is short; else the number of items, and the first and last one. */
function writeChecks(result: unknown): string[] {
  const whole = writeLiteral(result, "  ");
  if (whole.length <= maxLiteralChars) return [`  expect(result).toEqual(${whole});`];
  const items = isObject(result) && Array.isArray(result.items) ? result.items : null;
  if (!items) return checkParts("result", result);
  const rest = Object.entries(isObject(result) ? result : {}).filter(([name]) => name !== "items");
  const last = items.length - 1;
  return [
    `  expect(result.items).toHaveLength(${items.length});`,
    ...checkParts("result.items[0]", items[0]),
    ...(last > 0 ? checkParts(`result.items[${last}]`, items[last]) : []),
    ...(rest.length > 0 ? [`  expect(result).toMatchObject(${writeLiteral(Object.fromEntries(rest), "  ")});`] : []),
  ];
}

function checkParts(code: string, value: unknown): string[] {
  const whole = writeLiteral(value, "  ");
  if (whole.length <= maxLiteralChars) return [`  expect(${code}).toEqual(${whole});`];
  if (!isObject(value)) return [`  expect(${code}).toBeDefined();`];
  const plain = Object.entries(value).filter(
    ([, item]) => item === null || (typeof item !== "object" && String(item).length < 200),
  );
  return [
    `  expect(Object.keys(${code})).toHaveLength(${Object.keys(value).length});`,
    ...(plain.length > 0
      ? [`  expect(${code}).toMatchObject(${writeLiteral(Object.fromEntries(plain.slice(0, maxChecks)), "  ")});`]
      : []),
  ];
}

function writeMissingTest({ operation, exchanges }: Recorded): string {
  const input = writeLiteral(exchanges.missing?.input ?? {}, "    ");
  return `test(${quote(`${operation.name} says that it found nothing`)}, async ({ run }) => {
  await expect(run(${quote(operation.name)}, ${input})).rejects.toThrow("not_found");
});`;
}

/** With every input given: each has to be in its place. */
function writeRequestTest(draft: ModuleDraft, module: string, { operation }: Recorded): string {
  const { input, request } = tryInput(operation, { isFull: true });
  const { method, ...rest } = firstRequest(operation, request);
  const sent = { ...(method === "GET" ? {} : { method }), ...rest };
  const hasKey = credentialNamesOf(draft.connection.auth).length > 0;
  return `test(${quote(`${operation.name} sends what it was given and says ${hasKey ? "that the key was refused" : "that it may not"}`)}, async ({ ctx }) => {
  const service = standIn(ctx, 401);
  await expect(${call(module, operation, input)}).rejects.toThrow("auth_invalid");
  expect(service.requests).toEqual([${writeLiteral(sent, "  ")}]);
});`;
}

function writeBusyTest(module: string, { operation }: Recorded): string {
  return `test("a busy service is reported with the time to wait", async ({ ctx }) => {
  const service = standIn(ctx, 429, null, { "retry-after": "30" });
  await expect(${call(module, operation, tryInput(operation, {}).input)}).rejects.toThrow("30 seconds");
  await expect(${call(module, operation, tryInput(operation, {}).input)}).rejects.toThrow("rate_limited");
});`;
}

function writeShapeTest(module: string, { operation }: Recorded): string {
  return `test("a reply of another shape is refused", async ({ ctx }) => {
  const service = standIn(ctx, 200, "something else");
  await expect(${call(module, operation, tryInput(operation, {}).input)}).rejects.toThrow("schema");
});`;
}

function call(module: string, operation: OperationDraft, input: Record<string, unknown>): string {
  const hasInput = operation.parameters.some((one) => one.input !== null);
  return `${module}.${operation.name}(service.ctx${hasInput ? `, ${writeLiteral(input, "  ")}` : ""})`;
}
