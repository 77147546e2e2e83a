import type { ApiReply } from "./open-api";
import { type Leaf, leavesOf, type Shape, shapeAt } from "./shape";
import { singular, splitWords } from "./words";

/** How an operation hands out a list in parts. Paths lead into the reply. */
export type Paging =
  /** The reply holds what to send for the next page. `more` says whether there is one, where it is told. */
  | { kind: "cursor"; parameter: string; next: string[]; more: string[] | null; size: PageSize | null }
  /** The last item's id is what to send. */
  | { kind: "last_id"; parameter: string; more: string[]; id: string; size: PageSize | null }
  /** The next page's address is in the Link header, or in the reply. */
  | { kind: "link"; next: "header" | string[]; size: PageSize | null }
  | { kind: "page"; parameter: string; first: number; size: PageSize | null; stop: PageStop }
  | { kind: "offset"; parameter: string; size: PageSize | null; stop: PageStop };

export interface PageSize {
  parameter: string;
  value: number;
}

/**
 * How to know that a page was the last. `empty`: the one after it has no items. Fewer items than asked for would be no
 * sign, because a service may give fewer on every page.
 */
export type PageStop = { kind: "pages" | "more" | "next_page" | "total"; path: string[] } | { kind: "empty" };

/** Big enough that few requests are needed, small enough that services allow it. */
const wantedPageSize = 100;

const cursorNames =
  /^(page_?|next_?|start_?|end_?)?(cursor|page_?token|next_?token|marker|bookmark|continuation(_?token)?)$|^(after|next|scroll_?id|sync_?page)$/;
const lastIdNames = /^(starting_?after|after_?id|since_?id|after)$/;
const nextNames =
  /^(next_?(page_?)?(cursor|token|marker|id)?|(page_?|end_?)?cursor|continuation(_?token)?|next_?key|after|scroll_?id|bookmark)$/;
const linkNames = /^(next|next_?(page_?)?(url|link|href|uri)|odata_?next_?link)$/;
const pageNames = /^(page|page_?(number|num|no|index)|p)$/;
const sizeNames =
  /^(per_?page|page_?size|limit|page_?limit|max_?results|max_?items|count|size|items_?per_?page|results_?per_?page|take|top)$/;
const offsetNames = /^(offset|skip|start_?index|start_?at|startat|from_?index|start|first_?result)$/;
const totalNames =
  /^(total|total_?(count|items|results|size|records|elements|hits|number)|(count|number)_?total|item_?count|num_?(results|found)|full_?count|result_?count|count)$/;
const pagesNames = /^(total_?pages|pages|page_?count|last_?page|num_?pages|pages_?total)$/;
const moreNames = /^(has_?more|has_?next(_?page)?|more|more_?available|is_?truncated|incomplete_results)$/;
const nextPageNames = /^(next_?page(_?(number|num))?)$/;
const listNames =
  /^(items|data|results?|records|values|entries|rows|list|objects|elements|hits|content|collection|members?|documents)$/;
const envelopeNames =
  /^(meta(data)?|paging|pagination|page_?info|page|links?|_?links|info|response_?metadata|cursors?|next|status|result_?info)$/;

/** Names compare without case and signs: `nextPageToken`, `next_page_token`, `page[number]`. */
function plain(name: string): string {
  return splitWords(name).join("_");
}

/** The list that a reply is about: the reply itself, its only list, or the one with a telling name. */
export function findList(shape: Shape, noun: string): string[] | null {
  if (shape.kind === "list") return [];
  if (shape.kind !== "object") return null;
  const lists = leavesOf(shape, 2).filter(
    (leaf) => leaf.shape.kind === "list" && (leaf.path.length === 1 || isEnvelope(leaf.path)),
  );
  const ofObjects = lists.filter((leaf) => leaf.shape.items?.kind === "object");
  const named = (candidates: Leaf[]) =>
    candidates.filter(({ path }) => listNames.test(plain(path.at(-1) ?? "")) || isNoun(path.at(-1) ?? "", noun));
  for (const candidates of [named(ofObjects), ofObjects, named(lists), lists]) {
    const [first] = candidates;
    if (first && candidates.length === 1) return first.path;
  }
  return null;
}

function isEnvelope(path: string[]): boolean {
  return /^(data|result|results|response|embedded|payload|body)$/.test(plain(path[0] ?? ""));
}

function isNoun(name: string, noun: string): boolean {
  return noun !== "" && singular(splitWords(name).at(-1) ?? "") === noun.split(" ").at(-1);
}

/** Is everything beside the list only about paging, so that the items are the whole answer? */
export function isOnlyList(shape: Shape, list: string[]): boolean {
  return leavesOf(shape, 3).every(({ path }) => {
    const name = plain(path.at(-1) ?? "");
    if (path.length <= list.length && path.every((step, depth) => step === list[depth])) return true;
    if (path.slice(0, -1).some((step) => envelopeNames.test(plain(step)))) return true;
    return (
      [
        nextNames,
        linkNames,
        pageNames,
        sizeNames,
        offsetNames,
        totalNames,
        pagesNames,
        moreNames,
        nextPageNames,
        envelopeNames,
      ].some((names) => names.test(name)) ||
      /^(prev|previous)/.test(name) ||
      /^(ok|success|object|kind|etag|url|self|first|last|current_page)$/.test(name)
    );
  });
}

/** Where the reply tells how many items there are in all. */
export function findTotal(shape: Shape, list: string[]): string[] | null {
  return findLeaf(shape, list, totalNames, isNumber)?.path ?? null;
}

/** Recognises how the list is paged; null when it comes in one piece. */
export function findPaging(operation: PagingOperation, shape: Shape, list: string[]): Paging | null {
  if (operation.method !== "GET") return null;
  const query = operation.parameters.filter((parameter) => parameter.in === "query");
  const size = findSize(query);
  const byName = (names: RegExp, accepts: (parameter: PagingParameter) => boolean = () => true) =>
    query.find((parameter) => names.test(plain(parameter.name)) && accepts(parameter));
  if (operation.reply.headers.includes("link") || /rel=\\?["']?next/i.test(operation.reply.description))
    return { kind: "link", next: "header", size };
  const next = findLeaf(shape, list, nextNames, (leaf) => !isLink(leaf) && isTextual(leaf));
  const more = findLeaf(shape, list, moreNames, (leaf) => leaf.kind === "boolean")?.path ?? null;
  const cursor = byName(cursorNames, isTextParameter);
  if (cursor && next) return { kind: "cursor", parameter: cursor.name, next: next.path, more, size };
  const link = findLeaf(shape, list, linkNames, isLink);
  if (link) return { kind: "link", next: link.path, size };
  const lastId = byName(lastIdNames, isTextParameter);
  const id = shapeAt(shape, list)?.items?.fields?.get("id");
  if (lastId && more && id?.isRequired && id.shape.kind === "text")
    return { kind: "last_id", parameter: lastId.name, more, id: "id", size };
  const stop = findStop(shape, list);
  const page = byName(pageNames, isNumberParameter);
  if (page) return { kind: "page", parameter: page.name, first: firstPage(page), size, stop };
  const offset = byName(offsetNames, isNumberParameter);
  if (offset && (size || stop.kind !== "empty")) {
    const kept = stop.kind === "pages" || stop.kind === "next_page" ? ({ kind: "empty" } as const) : stop;
    return { kind: "offset", parameter: offset.name, size, stop: kept };
  }
  return null;
}

/** What paging looks at of an operation. */
export interface PagingOperation {
  method: string;
  parameters: PagingParameter[];
  reply: Pick<ApiReply, "headers" | "description">;
}

interface PagingParameter {
  name: string;
  in: string;
  description: string;
  shape: Shape;
}

function findStop(shape: Shape, list: string[]): PageStop {
  const pages = findLeaf(shape, list, pagesNames, isNumber);
  if (pages) return { kind: "pages", path: pages.path };
  const more = findLeaf(shape, list, moreNames, (leaf) => leaf.kind === "boolean");
  if (more) return { kind: "more", path: more.path };
  const next = findLeaf(shape, list, nextPageNames, isNumber);
  if (next) return { kind: "next_page", path: next.path };
  const total = findLeaf(shape, list, totalNames, isNumber);
  // `count` alone is often the number of items on this page.
  if (total && plain(total.path.at(-1) ?? "") !== "count") return { kind: "total", path: total.path };
  return { kind: "empty" };
}

function findSize(query: PagingParameter[]): PageSize | null {
  const parameter = query.find((one) => sizeNames.test(plain(one.name)) && isNumberParameter(one));
  if (!parameter) return null;
  const { maximum, minimum, default: usual } = parameter.shape;
  const described = /(?:max(?:imum)?|up to|at most)\D{0,20}(\d{1,4})/i.exec(parameter.description)?.[1];
  const most =
    maximum ?? (described ? Number(described) : undefined) ?? (typeof usual === "number" ? Math.max(usual, 1) : 50);
  return {
    parameter: parameter.name,
    value: Math.max(Math.floor(Math.min(most, wantedPageSize)), Math.ceil(minimum ?? 1), 1),
  };
}

function firstPage({ shape, description }: PagingParameter): number {
  const start = typeof shape.default === "number" ? shape.default : shape.minimum;
  if (start === 0 || /zero[- ]?based|starts? (at|from|with) 0|0[- ]?indexed/i.test(description)) return 0;
  return 1;
}

/** A field outside of the list. Shallow ones first. */
function findLeaf(shape: Shape, list: string[], names: RegExp, accepts: (shape: Shape) => boolean): Leaf | undefined {
  return leavesOf(shape, 3)
    .filter(
      ({ path }) =>
        path.length === 1 ||
        path.slice(0, -1).every((step, depth) => envelopeNames.test(plain(step)) || list[depth] === step),
    )
    .sort((left, right) => left.path.length - right.path.length)
    .find((leaf) => names.test(plain(leaf.path.at(-1) ?? "")) && accepts(leaf.shape));
}

function isNumber({ kind }: Shape): boolean {
  return kind === "integer" || kind === "number";
}

function isTextual({ kind }: Shape): boolean {
  return kind === "text" || kind === "integer" || kind === "unknown";
}

function isLink(shape: Shape): boolean {
  if (shape.kind !== "text") return false;
  const isAddress = typeof shape.example === "string" && /^(https?:\/)?\/|^\?/.test(shape.example);
  return (
    shape.format === "uri" || shape.format === "url" || isAddress || /\b(url|uri|link)\b/i.test(shape.description ?? "")
  );
}

function isTextParameter({ shape }: PagingParameter): boolean {
  return shape.kind === "text" || shape.kind === "integer" || shape.kind === "unknown";
}

function isNumberParameter({ shape, name }: PagingParameter): boolean {
  return (
    isNumber(shape) ||
    (shape.kind === "unknown" && name !== "start") ||
    (shape.kind === "text" && /^\d+$/.test(String(shape.default ?? shape.example ?? "")))
  );
}
