import type { BuildRequest } from "@/lib/contracts/build";
import { AppError } from "@/lib/contracts/errors";
import { chooseOperations } from "./choose-operations";
import type { ModuleDraft, OperationDraft } from "./draft";
import { type AuthChoice, findAuth } from "./find-auth";
import { findServer, readServer } from "./find-server";
import { addPulls, finishOperation, isLongEnough, nameFromPath, summaryFromName } from "./finish-draft";
import { getText, type JsonObject } from "./json-value";
import { makeIdentifier, makeUnique, nameVerbs, nounOfPath } from "./names";
import { nameModule } from "./name-module";
import { type ApiOperation, listOperations } from "./open-api";
import { plainText } from "./quote";
import { type ReadInput, readInput } from "./read-parameters";
import { shapeOfSchema } from "./schema-shape";
import type { Source } from "./source";
import { singular, splitWords } from "./words";

/** Models take tool names of up to 64 characters: the module's name, an underscore, the operation and a number to tell two apart. */
const maxToolNameChars = 60;

type OpenApiSource = Extract<Source, { kind: "openapi" }>;

/** @throws AppError when nothing of the document can become a module */
export function draftFromOpenApi(source: OpenApiSource, request: BuildRequest): ModuleDraft {
  const { document, url } = source;
  const apiTitle = plainText(getText(document.info, "title"), 60);
  const baseUrl = findServer(document, url);
  const all = listOperations(document);
  const usable = all.filter((operation) => isUsable(document, operation, baseUrl, url));
  if (usable.length === 0)
    throw new AppError("invalid", "None of the operations in the document can be called by a module.", {
      hint: "Modules send and read JSON below one address. Paste a document with such operations, or a sample reply.",
    });
  const chosen = chooseOperations(usable, request, apiTitle);
  if (chosen.length === 0)
    throw new AppError(
      "invalid",
      "The document only describes operations that change something, and the wish names none of them.",
      {
        hint: 'Say which change the module may make, such as "create an invoice".',
      },
    );
  const nouns = [...new Set(chosen.map((operation) => nounOf(operation)))];
  const naming = nameModule(request, apiTitle, url ?? baseUrl, nouns);
  const auth = findAuth(document, chosen, naming.title, baseUrl);
  const hidden = hiddenParameters(auth);
  const taken = new Set<string>();
  const operations = chosen.flatMap((operation) => {
    const input = readInput(document, operation, hidden);
    if (!input) return [];
    const drafted = draftOperation(document, operation, input, {
      taken,
      maxChars: Math.min(40, maxToolNameChars - naming.name.length),
    });
    taken.add(drafted.name);
    return [drafted];
  });
  return {
    ...naming,
    description: describeModule(document, naming.title, auth),
    kind: "openapi",
    provenance: plainText(
      url ? `${source.origin === "pasted" ? "pasted document for " : ""}${withoutSecrets(url)}` : "pasted document",
      1000,
    ),
    connection: { name: makeIdentifier(naming.name, "api"), baseUrl, auth: auth.auth },
    credentials: auth.credentials,
    operations: addPulls(operations),
  };
}

/** Can its request be sent and its reply be read? */
function isUsable(document: JsonObject, operation: ApiOperation, baseUrl: string, documentUrl: string | null): boolean {
  if (operation.reply.kind === "other" || operation.path.length > 500) return false;
  // Refused by the host: two parsers could read them differently.
  if (
    /[\\\s?#]|\p{Cc}|%(2e|2f|5c|00)|\/\/|\/\.{1,2}(\/|$)|%(?![0-9a-f]{2})/iu.test(
      operation.path.replace(/\{[^{}]*\}/g, "x"),
    )
  )
    return false;
  if (/[{}]/.test(operation.path.replace(/\{[^{}/]+\}/g, ""))) return false;
  const own = operation.servers.flatMap((server) => readServer(server, documentUrl));
  if (own.length > 0 && !own.some(({ url }) => url.href.replace(/\/+$/, "") === baseUrl)) return false;
  return readInput(document, operation, new Set()) !== null;
}

function hiddenParameters({ auth }: AuthChoice): ReadonlySet<string> {
  return new Set(auth.kind === "api_key" ? [`${auth.in} ${auth.name.toLowerCase()}`] : []);
}

function draftOperation(
  document: JsonObject,
  operation: ApiOperation,
  input: ReadInput,
  names: { taken: ReadonlySet<string>; maxChars: number },
): OperationDraft {
  const noun = nounOf(operation);
  const fromId = makeIdentifier(orderName(operation.operationId), "", names.maxChars);
  const shape = shapeOfSchema(document, operation.reply.schema);
  const name = makeUnique(fromId || nameFromPath(operation.method, operation.path, noun, shape), names.taken);
  return finishOperation({
    name,
    noun,
    method: operation.method,
    path: operation.path,
    summary: plainText(operation.summary, 120) || firstSentence(operation.description) || summaryFromName(name),
    description: operation.description,
    parameters: input.parameters,
    bodyKind: input.bodyKind,
    idempotencyHeader: input.idempotencyHeader,
    reply: { ...operation.reply, shape, isReal: false },
  });
}

/** What an operation is about: what its name says after the verb, else the last word of its path. */
function nounOf(operation: ApiOperation): string {
  const fromPath = nounOfPath(operation.path);
  const [verb = "", ...words] = splitWords(orderName(operation.operationId)).filter((word) => !/^\d+$/.test(word));
  const last = singular(words.at(-1) ?? "");
  const isTelling =
    words.length > 0 &&
    words.length < 4 &&
    nameVerbs.test(verb) &&
    !words.some((word) => /^(by|for|of|in|all|with|and|from|the|to|on|id|ids)$/.test(word));
  // `getCurrentWeather` at `/current`: the name has the noun.
  if (isTelling && (fromPath === null || words.slice(0, -1).includes(fromPath) || fromPath.split(" ").at(-1) === last))
    return [...words.slice(0, -1), last].join(" ");
  return fromPath ?? (last || "result");
}

/** `transactions.list` → "list transactions", `transactions.get` → "get transaction"; other names as they are. */
function orderName(operationId: string): string {
  const words = splitWords(operationId);
  const [first = ""] = words;
  const last = words.at(-1) ?? "";
  if (words.length < 2 || words.length > 4 || nameVerbs.test(first) || !nameVerbs.test(last) || last === "by")
    return words.join(" ");
  const things = words.slice(0, -1);
  const isMany = /^(list|search|find|query|filter)$/.test(last);
  return [last, ...things.slice(0, -1), isMany ? (things.at(-1) ?? "") : singular(things.at(-1) ?? "")].join(" ");
}

function firstSentence(text: string): string {
  return plainText(plainText(text, 400).split(/(?<=[.!?])\s+/)[0] ?? "", 120);
}

function describeModule(document: JsonObject, title: string, auth: AuthChoice): string {
  const about = plainText(getText(document.info, "description"), 600);
  const text = [about || `Calls ${title}.`, auth.problem ?? ""].filter(Boolean).join(" ");
  return isLongEnough(text) ? text : `Calls ${title}: ${text}`;
}

/** The address without what may be a key. */
export function withoutSecrets(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}
