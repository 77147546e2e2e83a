import { fieldsOf, writeExpression } from "./canonical-expression";
import type { OperationDraft, ParameterDraft } from "./draft";
import { isWhole, itemShape, parameterShape } from "./json-schema";
import { endSentence } from "./finish-draft";
import { makeTypeName, makeVariableName } from "./names";
import { writeAccess, writeComment, writeKey } from "./quote";
import { shapeAt } from "./shape";
import type { TypeBook } from "./type-book";
import { splitWords } from "./words";
import { writeObject, writeRequest, writeValue } from "./write-request";

export interface WrittenOperation {
  /** Its entry in the default export. */
  entry: string;
  /** The function, and with it the interface of its input and the mapping to a canonical type. */
  code: string;
}

/** The function of one operation. */
export function writeOperation(operation: OperationDraft, book: TypeBook): WrittenOperation {
  const functionName = book.claim(makeVariableName(operation.name, "call"), "Operation");
  const inputs = operation.parameters.filter((one) => one.input !== null);
  const inputType = inputs.length > 0 ? book.claim(`${makeTypeName(operation.name, "Call")}Input`, "") : null;
  const result = writeBody(operation, book);
  const signature = `async function ${functionName}(ctx: Ctx${inputType ? `, input: ${inputType}` : ""}): Promise<${result.type}>`;
  const ending = operation.reply.paging ? " Collects all pages." : "";
  const comment = `/** ${writeComment(`${operation.method} ${operation.path}: ${endSentence(operation.summary)}`, 200)}${ending} */`;
  const parts = [
    ...(inputType ? [writeInputType(inputType, inputs, book)] : []),
    `${comment}\n${signature} {\n${result.code}\n}`,
    ...result.extra,
  ];
  return {
    entry: functionName === operation.name ? operation.name : `${operation.name}: ${functionName}`,
    code: parts.join("\n\n"),
  };
}

function writeInputType(name: string, inputs: ParameterDraft[], book: TypeBook): string {
  const lines = inputs.map((one) => {
    const shape = parameterShape(one);
    const comment = shape.description ? writeComment(shape.description, 100) : "";
    return `${comment ? `  /** ${comment} */\n` : ""}  ${writeKey(one.input ?? "")}${one.isRequired ? "" : "?"}: ${book.typeOf(shape, one.wire || "body", "input")};`;
  });
  return `export interface ${name} {\n${lines.join("\n")}\n}`;
}

interface Body {
  type: string;
  code: string;
  extra: string[];
}

function writeBody(operation: OperationDraft, book: TypeBook): Body {
  const { reply } = operation;
  if (reply.kind === "none")
    return {
      type: "{ done: true }",
      code: `  await send(ctx, ${writeRequest(operation, "  ")});\n  return { done: true };`,
      extra: [],
    };
  if (reply.kind === "text")
    return {
      type: "{ text: string }",
      code: `  const response = await send(ctx, ${writeRequest(operation, "  ")});\n  return { text: response.text() };`,
      extra: [],
    };
  const hint = replyHint(operation);
  const reader = book.readerOf(reply.shape, hint);
  const read = `${reader}(readJson(response), "the reply")`;
  if (reply.list === null && !operation.canonical) return writeSingle(operation, book, hint, read);
  return reply.paging ? writePaged(operation, book, hint, read) : writeList(operation, book, hint, read);
}

/** What the type of the reply is called: after the thing, unless the thing is only inside of it. */
function replyHint({ noun, name, reply }: OperationDraft): string {
  if (reply.list && reply.list.length > 0) return `${name} reply`;
  const words = splitWords(name);
  return reply.list === null && words.length > 1 ? words.slice(1).join(" ") : noun;
}

/** Things that operations give as a whole take their names before parts of other replies do. */
export function declareReply(operation: OperationDraft, book: TypeBook): void {
  const { reply, noun } = operation;
  if (reply.kind !== "json") return;
  if (reply.list === null) book.readerOf(reply.shape, replyHint(operation));
  else book.readerOf(itemShape(reply.shape, reply.list), noun);
}

function writeSingle(operation: OperationDraft, book: TypeBook, hint: string, read: string): Body {
  const type = book.typeOf(operation.reply.shape, hint, "reply");
  const isDirect = isWhole(operation.reply.shape);
  const code = [
    `  const response = await send(ctx, ${writeRequest(operation, "  ")});`,
    isDirect ? `  return ${read};` : `  return { result: ${read} };`,
  ];
  return { type: isDirect ? type : `{ result: ${type} }`, code: code.join("\n"), extra: [] };
}

function writeList(operation: OperationDraft, book: TypeBook, hint: string, read: string): Body {
  const { reply } = operation;
  const mapping = writeMapping(operation, book, hint);
  const items = reply.list ? mapping.map(writeAt(operation, reply.list, " ?? []")) : `[${mapping.one}]`;
  const total = reply.list && reply.total ? `, total: ${writeAt(operation, reply.total, " ?? undefined")}` : "";
  const code = [
    `  const response = await send(ctx, ${writeRequest(operation, "  ")});`,
    `  const reply = ${read};`,
    `  return { items: ${items}${total} };`,
  ];
  return {
    type: `{ items: ${mapping.type}[]${total ? "; total?: number" : ""} }`,
    code: code.join("\n"),
    extra: mapping.extra,
  };
}

function writePaged(operation: OperationDraft, book: TypeBook, hint: string, read: string): Body {
  const { reply } = operation;
  const { paging } = reply;
  if (!paging || !reply.list) throw new Error("Only a paged list is written so.");
  const mapping = writeMapping(operation, book, hint);
  const limit = operation.parameters.find((one) => one.in === "collect");
  const maxItems = limit?.input ? writeAccess("input", [limit.input], () => false) : "undefined";
  const isCounted = (paging.kind === "page" || paging.kind === "offset") && paging.stop.kind === "total";
  const query = pagedQuery(operation);
  const lines = [
    ...(isCounted && paging.kind === "page" ? ["  let seen = 0;"] : []),
    `  return collectAll(${maxItems}, async (cursor) => {`,
    ...query.before.map((line) => `    ${line}`),
    `    const response = await send(ctx, ${writeRequest(operation, "    ", query.value)});`,
    `    const reply = ${read};`,
    `    const items = ${mapping.map(writeAt(operation, reply.list, " ?? []"))};`,
    ...(isCounted && paging.kind === "page" ? ["    seen += items.length;"] : []),
    ...nextLines(operation),
    `    return { items, next${reply.total ? `, total: ${writeAt(operation, reply.total, "")}` : ""} };`,
    "  });",
  ];
  return { type: `Collected<${mapping.type}>`, code: lines.join("\n"), extra: mapping.extra };
}

/** The query of a page: what the person gave, the page's place, and how many items. */
function pagedQuery(operation: OperationDraft): { before: string[]; value: string } {
  const { paging } = operation.reply;
  if (!paging) throw new Error("Only a paged list is written so.");
  const given = operation.parameters
    .filter((one) => one.in === "query")
    .map((one) => [one.wire, writeValue(one)] as const);
  const sized = paging.size ? [...given, [paging.size.parameter, String(paging.size.value)] as const] : given;
  const write = (entries: (readonly [string, string])[]) => writeObject(entries, "      ");
  if (paging.kind === "link")
    return { before: [], value: `cursor === undefined ? ${write(sized)} : queryOf(String(cursor))` };
  if (paging.kind === "cursor" || paging.kind === "last_id")
    return { before: [], value: write([...sized, [paging.parameter, "cursor"]]) };
  const name = paging.kind === "page" ? "page" : "offset";
  const first = paging.kind === "page" ? paging.first : 0;
  return {
    before: [`const ${name} = Number(cursor ?? ${first});`],
    value: write([...sized, [paging.parameter, name]]),
  };
}

/** Lines that say what to ask for next; nothing after the last page. */
function nextLines(operation: OperationDraft): string[] {
  const { paging, list } = operation.reply;
  if (!paging || !list) return [];
  const at = (path: string[]) => writeAt(operation, path, "");
  switch (paging.kind) {
    case "cursor":
      return [
        paging.more
          ? `    const next = ${at(paging.more)} === false ? undefined : ${at(paging.next)};`
          : `    const next = ${at(paging.next)};`,
      ];
    case "last_id": {
      const last = writeAccess("reply", list, (depth) => isMissable(operation, list, depth));
      return [
        `    const next = ${at(paging.more)} ? ${last}${isMissable(operation, list, list.length - 1) ? "?" : ""}.at(-1)?.${paging.id} : undefined;`,
      ];
    }
    case "link":
      return [
        paging.next === "header" ? "    const next = nextLink(response);" : `    const next = ${at(paging.next)};`,
      ];
    case "page":
    case "offset": {
      const after = paging.kind === "page" ? "page + 1" : "offset + items.length";
      const { stop } = paging;
      if (stop.kind === "empty") return [`    const next = items.length > 0 ? ${after} : undefined;`];
      if (stop.kind === "more")
        return [`    const next = items.length > 0 && ${at(stop.path)} ? ${after} : undefined;`];
      if (stop.kind === "next_page") return [`    const next = items.length > 0 ? ${at(stop.path)} : undefined;`];
      // Without the number, only a page without items tells the end.
      const limit = isSure(operation, stop.path) ? at(stop.path) : `(${at(stop.path)} ?? Number.POSITIVE_INFINITY)`;
      const isMore =
        stop.kind === "pages"
          ? `page ${paging.kind === "page" && paging.first === 0 ? "+ 1 " : ""}< ${limit}`
          : `${paging.kind === "page" ? "seen" : after} < ${limit}`;
      return [`    const next = items.length > 0 && ${isMore} ? ${after} : undefined;`];
    }
  }
}

/** A value of the reply, such as `reply.meta?.total`; `fallback` stands behind it when it may be missing. */
function writeAt(operation: OperationDraft, path: string[], fallback: string): string {
  const code = writeAccess("reply", path, (depth) => isMissable(operation, path, depth));
  return isSure(operation, path) ? code : `${code}${fallback}`;
}

function isSure(operation: OperationDraft, path: string[]): boolean {
  return !path.some((_, depth) => isMissable(operation, path, depth));
}

function isMissable({ reply }: OperationDraft, path: string[], depth: number): boolean {
  if (depth < 0) return false;
  const name = path[depth] ?? "";
  const field = shapeAt(reply.shape, path.slice(0, depth))?.fields?.get(name);
  return !field?.isRequired || field.shape.isNullable === true;
}

interface Mapping {
  type: string;
  map: (list: string) => string;
  /** The reply as a whole, as one value. */
  one: string;
  extra: string[];
}

/** How items become what is given: as they are, or as a canonical type. */
function writeMapping(operation: OperationDraft, book: TypeBook, hint: string): Mapping {
  const { reply, canonical } = operation;
  const shape = reply.list ? itemShape(reply.shape, reply.list) : reply.shape;
  // The same names as the readers use: typeOf finds what they declared.
  const itemType = reply.list
    ? elementType(book.typeOf(listShape(operation), hint, "reply"))
    : book.typeOf(shape, hint, "reply");
  if (!canonical)
    return { type: itemType.includes(" ") ? `(${itemType})` : itemType, map: (list) => list, one: "reply", extra: [] };
  const name = book.claim(`to${canonical.type}`, makeTypeName(operation.name, ""));
  const needsReply = fieldsOf(canonical.value).some(({ from }) => from === "reply");
  const replyType = book.typeOf(reply.shape, hint, "reply");
  const parameters = [
    ...(reply.list ? [`item: ${itemType}`] : []),
    ...(needsReply ? [`reply: ${replyType}`] : []),
  ].join(", ");
  const code = `/** As Burgeon's own ${canonical.type}, so that answers of different services can be compared. */
function ${name}(${parameters}): ${canonical.type} {
  return ${writeExpression(canonical.value, "  ")};
}`;
  const call = (item: string) =>
    `${name}(${[...(reply.list ? [item] : []), ...(needsReply ? ["reply"] : [])].join(", ")})`;
  return {
    type: canonical.type,
    map: (list) => `${list.includes("??") ? `(${list})` : list}.map((item) => ${call("item")})`,
    one: call("reply"),
    extra: [code],
  };
}

function listShape({ reply }: OperationDraft) {
  const shape = reply.list ? shapeAt(reply.shape, reply.list) : undefined;
  return { ...(shape ?? { kind: "unknown" as const }), isNullable: false };
}

function elementType(listType: string): string {
  const element = listType.replace(/\[\]$/, "");
  return element.startsWith("(") && element.endsWith(")") ? element.slice(1, -1) : element;
}
