import type { CassetteEntry } from "@/lib/contracts/module";
import { evaluateExpression } from "./canonical-expression";
import type { OperationDraft, ReplyDraft } from "./draft";
import { exampleOf } from "./example";
import { isWhole, itemShape } from "./json-schema";
import { isObject, type JsonObject } from "./json-value";
import { project } from "./project";
import { readPath } from "./shape";
import { scrub } from "./scrub";
import { type Attempt, canMiss, tryInput, type WrittenRequest } from "./try-inputs";

/** What the tests of one operation replay and expect. */
export interface Exchanges {
  attempt: Attempt;
  /** What the operation gives for the attempt. */
  result: unknown;
  missing: Attempt | null;
  entries: CassetteEntry[];
  pages: number;
}

type Response = CassetteEntry["response"];

const maxRealItems = 5;
const maxRealTextChars = 2000;

/** Replies for one operation, and what its code makes of them. `taken`: requests that other operations answer already. */
export function recordExchanges(
  operation: OperationDraft,
  draft: { connection: string; baseUrl: string },
  taken: Set<string>,
): Exchanges {
  const attempt = findAttempt(operation, taken, (index) => tryInput(operation, { index }));
  const pages = makePages(operation, attempt, draft.baseUrl);
  const entries = pages.map(({ request, response }) => toEntry(draft.connection, request, response));
  const missing = canMiss(operation) ? tryInput(operation, { isMissing: true }) : null;
  if (missing)
    entries.push(
      toEntry(draft.connection, firstRequest(operation, missing.request), {
        status: 404,
        headers: jsonHeaders,
        json: { message: "Not found" },
      }),
    );
  for (const { request } of [...pages, ...(missing ? [missing] : [])]) taken.add(keyOf(request));
  return {
    attempt,
    missing,
    entries,
    pages: pages.length,
    result: resultOf(
      operation,
      pages.map(({ response }) => response),
    ),
  };
}

const jsonHeaders = { "content-type": "application/json" };

/** Two operations may lead to the same address (`/books/{id}` and `/books/latest`): the later one tries other values. */
function findAttempt(operation: OperationDraft, taken: Set<string>, make: (index: number) => Attempt): Attempt {
  for (let index = 0; index < 5; index += 1) {
    const attempt = make(index);
    if (operation.pullOf || !taken.has(keyOf(attempt.request))) return attempt;
  }
  return make(0);
}

function keyOf({ method, path, query }: WrittenRequest): string {
  return JSON.stringify([method, path, Object.entries(query ?? {}).sort()]);
}

function toEntry(connection: string, request: WrittenRequest, response: Response): CassetteEntry {
  const query = Object.entries(request.query ?? {}).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map(String) : String(value),
  ]);
  return {
    connection,
    request: {
      method: request.method,
      path: request.path,
      ...(query.length > 0 ? { query: Object.fromEntries(query) } : {}),
      ...(request.json === undefined ? {} : { json: request.json as CassetteEntry["request"]["json"] }),
    },
    response,
  };
}

interface Exchange {
  request: WrittenRequest;
  response: Response;
}

function makePages(operation: OperationDraft, attempt: Attempt, baseUrl: string): Exchange[] {
  const { reply } = operation;
  const { request } = attempt;
  if (reply.kind === "none")
    return [{ request, response: { status: reply.status === 200 ? 204 : reply.status, headers: {}, text: "" } }];
  if (reply.kind === "text") {
    const text =
      typeof reply.example === "string"
        ? String(scrub(reply.example)).slice(0, maxRealTextChars)
        : "Everything is fine.";
    return [{ request, response: { status: reply.status, headers: { "content-type": "text/plain" }, text } }];
  }
  const first = firstReply(operation);
  const respond = (json: unknown, headers: Record<string, string> = {}): Response => ({
    status: reply.status,
    headers: { ...jsonHeaders, ...headers },
    json: json as Response["json"],
  });
  if (!reply.paging || !reply.list) return [{ request, response: respond(first) }];
  return pageUp(operation, request, first, respond, baseUrl);
}

/** The whole reply, as documented or as it really was. */
function firstReply({ reply, noun }: OperationDraft): unknown {
  if (reply.isReal) return trim(reply.example);
  const value = scrub(exampleOf(reply.shape, "", 0, reply.example, noun));
  if (!reply.list) return value;
  const items = listIn(value, reply.list);
  const shape = itemShape(reply.shape, reply.list);
  const [hint] = items;
  const made = items.length > 1 ? items : [0, 1].map((index) => scrub(exampleOf(shape, noun, index, hint, noun)));
  return setPath(value, reply.list, made);
}

/** A real reply may be long; its first items tell enough. */
function trim(value: unknown, depth = 0): unknown {
  if (typeof value === "string")
    return value.length > maxRealTextChars ? value.slice(0, maxRealTextChars).toWellFormed() : value;
  if (Array.isArray(value)) return value.slice(0, maxRealItems).map((item) => trim(item, depth + 1));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, trim(item, depth + 1)]));
}

/** The request for the first page: with its place and how many items, where the code sends these. */
export function firstRequest({ reply: { paging } }: OperationDraft, request: WrittenRequest): WrittenRequest {
  if (!paging) return request;
  const size = paging.size ? { [paging.size.parameter]: paging.size.value } : {};
  const start =
    paging.kind === "page"
      ? { [paging.parameter]: paging.first }
      : paging.kind === "offset"
        ? { [paging.parameter]: 0 }
        : {};
  return { ...request, query: { ...request.query, ...size, ...start } };
}

/** Two pages, and an empty third one where only that tells the end. */
function pageUp(
  operation: OperationDraft,
  request: WrittenRequest,
  first: unknown,
  respond: (json: unknown, headers?: Record<string, string>) => Response,
  baseUrl: string,
): Exchange[] {
  const { reply, noun } = operation;
  const { paging, list, total } = reply;
  if (!paging || !list) return [];
  const items = listIn(first, list);
  const shape = itemShape(reply.shape, list);
  const last = [scrub(exampleOf(shape, noun, Math.max(items.length, 2), items[0], noun))];
  const count = items.length + last.length;
  const withTotal = (value: unknown) => (total ? setPath(value, total, count) : value);
  const one = withTotal(first);
  const two = setPath(one, list, last);
  const begin = firstRequest(operation, request);
  const ask = (query: JsonObject): WrittenRequest => ({ ...begin, query: { ...begin.query, ...query } });
  const answer = (query: JsonObject, json: unknown, headers?: Record<string, string>): Exchange => ({
    request: ask(query),
    response: respond(json, headers),
  });
  switch (paging.kind) {
    case "cursor": {
      const cursor = readsNumber(reply, paging.next) ? 2 : "page-2";
      const mark = (value: unknown, next: unknown, more: boolean) =>
        setPath(paging.more ? setPath(value, paging.more, more) : value, paging.next, next);
      return [answer({}, mark(one, cursor, true)), answer({ [paging.parameter]: cursor }, mark(two, null, false))];
    }
    case "last_id": {
      const lastItem = items.at(-1);
      const id = isObject(lastItem) ? lastItem[paging.id] : "";
      return [
        answer({}, setPath(one, paging.more, true)),
        answer({ [paging.parameter]: id }, setPath(two, paging.more, false)),
      ];
    }
    case "link": {
      const next = Object.fromEntries(
        Object.entries({ ...begin.query, page: 2 }).map(([name, value]) => [
          name,
          Array.isArray(value) ? value.map(String) : String(value),
        ]),
      );
      const address = `${baseUrl}${request.path}?${writeQuery(next)}`;
      const follow: WrittenRequest = { ...begin, query: next };
      if (paging.next === "header")
        return [answer({}, one, { link: `<${address}>; rel="next"` }), { request: follow, response: respond(two) }];
      return [
        answer({}, setPath(one, paging.next, address)),
        { request: follow, response: respond(setPath(two, paging.next, null)) },
      ];
    }
    case "page":
    case "offset": {
      const start = paging.kind === "page" ? paging.first : 0;
      const next = paging.kind === "page" ? start + 1 : items.length;
      const after = paging.kind === "page" ? start + 2 : count;
      const mark = (value: unknown, isLast: boolean) => markStop(value, paging, isLast, next, count);
      const pages = [answer({}, mark(one, false)), answer({ [paging.parameter]: next }, mark(two, true))];
      return paging.stop.kind === "empty"
        ? [...pages, answer({ [paging.parameter]: after }, setPath(two, list, []))]
        : pages;
    }
  }
}

function markStop(
  value: unknown,
  paging: Extract<NonNullable<ReplyDraft["paging"]>, { stop: unknown }>,
  isLast: boolean,
  next: number,
  count: number,
): unknown {
  const { stop } = paging;
  if (stop.kind === "empty") return value;
  if (stop.kind === "more") return setPath(value, stop.path, !isLast);
  if (stop.kind === "next_page") return setPath(value, stop.path, isLast ? null : next);
  if (stop.kind === "total") return setPath(value, stop.path, count);
  return setPath(value, stop.path, paging.kind === "page" && paging.first === 0 ? next + 1 : next);
}

function writeQuery(query: JsonObject): string {
  return Object.entries(query)
    .flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map(
        (one) => `${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`,
      ),
    )
    .join("&");
}

function readsNumber(reply: ReplyDraft, path: string[]): boolean {
  let shape: ReplyDraft["shape"] | undefined = reply.shape;
  for (const name of path) shape = shape?.fields?.get(name)?.shape;
  return shape?.kind === "integer";
}

function listIn(value: unknown, list: string[]): unknown[] {
  const found = list.length === 0 ? value : readPath(value, list);
  return Array.isArray(found) ? found : [];
}

/** A copy with another value at the path. */
function setPath(value: unknown, path: readonly string[], item: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return item;
  const holder = isObject(value) ? value : {};
  return { ...holder, [name]: setPath(holder[name], rest, item) };
}

function resultOf(operation: OperationDraft, responses: Response[]): unknown {
  const { reply, canonical } = operation;
  if (reply.kind === "none") return { done: true };
  if (reply.kind === "text") return { text: responses[0]?.text ?? "" };
  const replies = responses.map(({ json }) => project(json, reply.shape));
  if (canonical && !reply.list) return { items: [evaluateExpression(canonical.value, undefined, replies[0])] };
  if (!reply.list) return isWhole(reply.shape) ? replies[0] : { result: replies[0] };
  const list = reply.list;
  const items = replies.flatMap((one) =>
    listIn(one, list).map((item) => (canonical ? evaluateExpression(canonical.value, item, one) : item)),
  );
  const total = reply.total ? readPath(replies.at(-1), reply.total) : undefined;
  return { items, ...(typeof total === "number" ? { total } : {}), ...(reply.paging ? { complete: true } : {}) };
}
