import { findCanonical } from "./canonical-map";
import { findList, findPaging, findTotal, isOnlyList } from "./find-paging";
import type { OperationDraft, ParameterDraft, ReplyDraft } from "./draft";
import { makeIdentifier, makeUnique } from "./names";
import type { ApiReply } from "./open-api";
import { plainText } from "./quote";
import { askQuestions } from "./questions";
import { changeAt, pickPaths } from "./pick-paths";
import { fieldsOf } from "./canonical-expression";
import type { Shape } from "./shape";
import { isSoundMapping } from "./sound-mapping";
import { plural, splitWords } from "./words";

interface Started {
  name: string;
  noun: string;
  method: OperationDraft["method"];
  path: string;
  summary: string;
  description: string;
  parameters: ParameterDraft[];
  bodyKind: OperationDraft["bodyKind"];
  idempotencyHeader: string | null;
  reply: Pick<ApiReply, "kind" | "status" | "headers" | "description" | "example"> & { shape: Shape; isReal: boolean };
}

/** Adds what follows from an operation's parameters and reply: list, paging, canonical type, description, questions. */
export function finishOperation(started: Started): OperationDraft {
  const { noun } = started;
  const parameters = started.parameters.map((one) => ({
    ...one,
    example: one.example ?? findExample(one, started.reply.shape),
  }));
  const list = started.reply.kind === "json" ? findList(started.reply.shape, noun) : null;
  const query = parameters.map((one) => ({
    name: one.wire,
    in: one.in,
    description: one.shape.description ?? "",
    shape: one.shape,
  }));
  const paging = list
    ? findPaging({ method: started.method, parameters: query, reply: started.reply }, started.reply.shape, list)
    : null;
  const isReadable = started.method === "GET" && started.reply.kind === "json";
  const mapping = isReadable
    ? findCanonical(started.reply.shape, list, `${started.name} ${started.summary} ${noun}`)
    : null;
  const canonical = mapping && isSoundMapping(mapping, list, started.reply, noun) ? mapping : null;
  const isItems =
    list !== null &&
    (paging !== null || list.length === 0 || canonical !== null || isOnlyList(started.reply.shape, list));
  const reply: ReplyDraft = {
    kind: started.reply.kind === "other" ? "text" : started.reply.kind,
    status: started.reply.status,
    shape: started.reply.shape,
    example: started.reply.example,
    isReal: started.reply.isReal,
    list: isItems ? list : null,
    total: isItems && list ? findTotal(started.reply.shape, list) : null,
    paging: isItems ? paging : null,
  };
  // No list at all is not the same as an empty one.
  if (reply.list || canonical) reply.shape = { ...reply.shape, isNullable: false };
  // What the code does not look at is not read either.
  if (reply.list && reply.list.length > 0)
    reply.shape = pickPaths(readableCursor(reply), neededPaths(reply, canonical));
  const kept = paging && isItems ? parameters.filter((one) => !isPagingParameter(one, reply)) : parameters;
  if (reply.list && reply.paging) kept.push(maxItemsParameter(new Set(kept.map(({ input }) => input ?? ""))));
  const questions = askQuestions({ ...started, parameters: kept, isList: reply.list !== null });
  return {
    name: started.name,
    kind: "tool",
    effect: started.method === "GET" ? "read" : started.method === "DELETE" ? "destroy" : "write",
    method: started.method,
    path: started.path,
    summary: started.summary,
    description: describeOperation(started, reply),
    questions,
    parameters: kept,
    bodyKind: started.bodyKind,
    idempotencyHeader: started.idempotencyHeader,
    reply,
    canonical,
    noun,
    pullOf: null,
  };
}

/** What the description names as one ("such as b-104"), or the id that the example of the reply has. */
function findExample({ shape, wire, in: place }: ParameterDraft, reply: Shape): unknown {
  const described = /\b(?:such as|e\.?g\.?,?|for example|example:|like)\s+["'`]?([\w][\w.@:-]{0,60})/i
    .exec(shape.description ?? "")?.[1]
    ?.replace(/[.:]+$/, "");
  if (described && shape.kind === "text" && !shape.choices && !shape.format) return described;
  if (described && (shape.kind === "integer" || shape.kind === "number") && /^\d{1,9}$/.test(described))
    return Number(described);
  const id = place === "path" && /id$/i.test(wire) ? reply.fields?.get("id")?.shape : undefined;
  return id?.kind === shape.kind ? id.example : undefined;
}

/** Where the next page is told may be null in an example, which says nothing about its kind. */
function readableCursor({ shape, paging }: ReplyDraft): Shape {
  const path =
    paging?.kind === "cursor" || (paging?.kind === "link" && paging.next !== "header")
      ? (paging.next as string[])
      : null;
  return path
    ? changeAt(shape, path, (one) => ({ ...one, kind: one.kind === "integer" ? "integer" : "text", isNullable: true }))
    : shape;
}

function neededPaths(reply: ReplyDraft, canonical: OperationDraft["canonical"]): string[][] {
  const { paging } = reply;
  const paths: (string[] | null)[] = [reply.list, reply.total];
  if (paging?.kind === "cursor") paths.push(paging.next, paging.more);
  if (paging?.kind === "last_id") paths.push(paging.more);
  if (paging?.kind === "link" && paging.next !== "header") paths.push(paging.next);
  if ((paging?.kind === "page" || paging?.kind === "offset") && paging.stop.kind !== "empty")
    paths.push(paging.stop.path);
  for (const field of canonical ? fieldsOf(canonical.value) : [])
    if (field.from === "reply") paths.push(field.leaf.path);
  return paths.filter((path) => path !== null);
}

function isPagingParameter(parameter: ParameterDraft, { paging }: ReplyDraft): boolean {
  if (!paging || parameter.in !== "query") return false;
  if (paging.size?.parameter === parameter.wire) return true;
  // The address of the next page carries these itself; asking for a page in the middle would hide the first ones.
  if (paging.kind === "link") return /^(page|cursor|offset|after|before|page_?token|skip)$/i.test(parameter.wire);
  return paging.parameter === parameter.wire;
}

/** Not sent: it ends the collecting. */
function maxItemsParameter(taken: Set<string>): ParameterDraft {
  return {
    input: makeUnique("max_items", taken),
    wire: "",
    in: "collect",
    shape: { kind: "integer", minimum: 1, maximum: 5000, description: "At most so many items; 500 when left out." },
    isRequired: false,
    fallback: null,
    isJoined: false,
    example: undefined,
  };
}

function describeOperation({ summary, description, method, path }: Started, reply: ReplyDraft): string {
  const first = plainText(summary, 300);
  const more = plainText(description, 500)
    .split(/(?<=[.!?])\s+/)
    .slice(0, 2)
    .join(" ");
  const isNew = more !== "" && !more.toLowerCase().startsWith(first.toLowerCase().replace(/\.$/, ""));
  const sentences = [
    endSentence(isNew || more === "" ? first : more),
    isNew ? endSentence(more) : "",
    reply.paging ? "Collects all pages." : "",
  ];
  const text = plainText(sentences.filter(Boolean).join(" "), 1000);
  return isLongEnough(text) ? text : plainText(`${text} Calls ${method} ${plainText(path, 100)}.`, 200);
}

/** As the manifest's schema counts: in characters, not in UTF-16 units. */
export function isLongEnough(description: string): boolean {
  return [...description].length >= 10;
}

/** With a full stop. */
export function endSentence(text: string): string {
  return text === "" || /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** A list that is always wanted and maps to one of Burgeon's own types is also offered as something to pull by itself. */
export function addPulls(operations: OperationDraft[]): OperationDraft[] {
  const taken = new Set(operations.map(({ name }) => name));
  const pulls: OperationDraft[] = [];
  for (const operation of operations) {
    const isPullable =
      operation.canonical && operation.reply.list && operation.parameters.every((one) => !one.isRequired);
    if (!isPullable) continue;
    const name = makeUnique(makeIdentifier(`pull ${plural(operation.noun)}`, "pull_items"), taken);
    taken.add(name);
    pulls.push({ ...operation, name, kind: "pull", pullOf: operation.name, questions: [] });
  }
  return [...operations, ...pulls];
}

/** `GET /v1/loans` → list_loans; `GET /v1/books/{id}` → get_book. */
export function nameFromPath(method: OperationDraft["method"], path: string, noun: string, reply: Shape): string {
  const isOne = /\}[^/]*\/?$/.test(path) || findList(reply, noun) === null;
  const verb = { GET: isOne ? "get" : "list", POST: "create", PUT: "replace", PATCH: "update", DELETE: "delete" }[
    method
  ];
  return makeIdentifier(`${verb} ${method === "GET" && !isOne ? plural(noun) : noun}`, "call");
}

/** "listOpenLoans" → "List open loans". */
export function summaryFromName(name: string): string {
  const words = splitWords(name).join(" ");
  return words ? words[0]?.toUpperCase() + words.slice(1) : "";
}
