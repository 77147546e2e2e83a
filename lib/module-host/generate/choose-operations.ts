import type { BuildRequest } from "@/lib/contracts/build";
import { nounOfPath } from "./names";
import type { ApiOperation } from "./open-api";
import { singular, splitWords, stem, stemsOf } from "./words";

/** More tools than this from one module crowd out others. */
const maxOperations = 8;
/** A match this much weaker than the best one is chance. */
const worthShare = 0.45;

/** Words of a wish that ask for an effect, by the method that has it. */
const effectWords: Record<"POST" | "PUT" | "PATCH" | "DELETE", string[]> = {
  POST: "create add place send submit reserve upload write make register publish invite buy pay save".split(" "),
  PUT: "update change edit modify set rename move renew replace save extend mark complete".split(" "),
  PATCH: "update change edit modify set rename move renew save extend mark complete".split(" "),
  DELETE: "delete remove cancel clear erase revoke unsubscribe".split(" "),
};

/** Verbs that are things as well: "my orders" asks for no change, "order a pizza" does. */
const doubtfulVerbs = /\b(book|order|hold|request|log|schedule|start|post)\s+(?:an?|the|another|new|some|my)\b/gi;

/** Verbs and fillers: many operations share them, so they order matches but make none. */
const weakStems = new Set(
  (
    "list show find search look read fetch see view tell know check query open load browse print display give current my your info information " +
    "detail details item items page pages number name names id user key answer question call use usage access support able tool only also between " +
    [...Object.values(effectWords).flat()].join(" ")
  )
    .split(" ")
    .map(stem),
);

interface Ranked {
  operation: ApiOperation;
  score: number;
  order: number;
}

/**
 * The operations a wish is about: reads by their words; writes only when the wish asks for that kind of change to that
 * kind of thing. A wish that names none of a small API's reads means all of them.
 */
export function chooseOperations(operations: ApiOperation[], request: BuildRequest, title: string): ApiOperation[] {
  const wish = wishText(request);
  const common = new Set(stemsOf(title));
  const wanted = new Set(stemsOf(wish).filter((word) => !common.has(word)));
  const ranked = rank(operations, wanted);
  const reads = ranked.filter(({ operation }) => operation.method === "GET");
  const writes = wantsNoChange(wish)
    ? []
    : chooseWrites(
        ranked.filter(({ operation }) => operation.method !== "GET"),
        wish,
        common,
      );
  const best = Math.max(0, ...reads.map(({ score }) => score));
  const named = reads.filter(({ score }) => score > 0 && score >= best * worthShare);
  const current = reads.filter(({ operation }) => !operation.isDeprecated);
  const chosen =
    named.length > 0 || writes.length > 0 ? named : (current.length > 0 ? current : reads).sort(bySimplicity);
  const room = Math.max(maxOperations - writes.length, 1);
  const kept = [...chosen.sort(named.length > 0 ? byScore : bySimplicity).slice(0, room), ...writes].slice(
    0,
    maxOperations,
  );
  const providers = listProviders(kept, reads).slice(0, maxOperations - kept.length);
  return [...kept, ...providers].sort((left, right) => left.order - right.order).map(({ operation }) => operation);
}

/** The person's words without the address and without the sentence that only asks for a module. */
export function wishText(request: BuildRequest): string {
  const text = `${request.wish}\n${request.changes?.note ?? ""}`;
  return text
    .replace(/https?:\/\/\S+/g, " ")
    .replace(
      /\b(build|create|make|add|set up|write|generate|grow|connect|install)\b(\s+(me|us))?\s+(an?|the|my|this|some)?\s*([\w-]+\s+){0,4}?(module|integration|connector|adapter|tool|plugin)s?\b/gi,
      " $4 ",
    );
}

function wantsNoChange(wish: string): boolean {
  return /\bread[- ]?only\b|\b(no|without|never|not|don'?t)\s+(any\s+)?(writ\w*|chang\w*|creat\w*|delet\w*|edit\w*|modif\w*|effects?)\b/i.test(
    wish,
  );
}

function rank(operations: ApiOperation[], wanted: Set<string>): Ranked[] {
  const weights = operations.map(weighWords);
  return operations.map((operation, order) => {
    let score = 0;
    let weak = 0;
    for (const word of wanted) {
      const weight = weights[order]?.get(word) ?? 0;
      if (weight === 0) continue;
      const having = weights.filter((words) => words.has(word)).length;
      const rarity = Math.log(1 + operations.length / having);
      if (weakStems.has(word)) weak += weight * rarity * 0.1;
      else score += weight * rarity;
    }
    const total = score > 0 ? score + weak : 0;
    return { operation, order, score: operation.isDeprecated ? total * 0.3 : total };
  });
}

/** How much each word says about the operation. */
function weighWords(operation: ApiOperation): Map<string, number> {
  const words = new Map<string, number>();
  const add = (text: string, weight: number) => {
    for (const word of stemsOf(text)) words.set(word, Math.max(weight, words.get(word) ?? 0));
  };
  add(operation.description.slice(0, 400), 1);
  add(operation.parameters.map(({ name }) => name).join(" "), 1);
  add(operation.tags.join(" "), 1.5);
  add(operation.path.replace(/\{[^}]*\}/g, " "), 2);
  add(`${operation.operationId} ${operation.summary}`, 3);
  return words;
}

/** Writes whose kind of change and whose thing the wish both names, in different words. */
function chooseWrites(writes: Ranked[], wish: string, common: Set<string>): Ranked[] {
  const words = new Set(splitWords(wish));
  const stems = new Set([...words].map(stem));
  const said = splitWords(wish).filter((word) => !/^(an?|the|my|new|your|some|our)$/.test(word));
  const pairs = new Set(said.map((word, at) => `${word} ${stem(said[at + 1] ?? "")}`));
  const doubtful = [...wish.matchAll(doubtfulVerbs)].map(([, verb = ""]) => verb.toLowerCase());
  const asked = writes.filter(({ operation }) => {
    if (operation.method === "GET") return false;
    const asksFor = effectWords[operation.method].filter(
      (verb) => words.has(verb) || words.has(`${verb.replace(/e$/, "")}ing`),
    );
    const verbs = [...asksFor, ...(operation.method === "POST" ? doubtful : [])].map(stem);
    const noun = stem(nounOfPath(operation.path)?.split(" ").at(-1) ?? "");
    const things = [
      noun,
      ...stemsOf(`${operation.summary} ${operation.operationId}`).filter((word) => !weakStems.has(word)),
    ];
    // "places holds" asks for a change, "places and holds" does not.
    const direct = effectWords[operation.method]
      .filter((verb) => things.some((thing) => pairs.has(`${verb}s ${thing}`)))
      .map(stem);
    return [...verbs, ...direct].some((verb) =>
      things.some((thing) => thing !== verb && stems.has(thing) && (thing === noun || !common.has(thing))),
    );
  });
  return asked.sort(byScore).slice(0, maxOperations - 1);
}

/** Lists that give the ids which the chosen operations ask for: `/places` for `?place=`. */
function listProviders(chosen: Ranked[], reads: Ranked[]): Ranked[] {
  const nouns = new Set<string>();
  for (const { operation } of chosen)
    for (const parameter of operation.parameters)
      if (parameter.isRequired && (parameter.in === "path" || parameter.in === "query"))
        nouns.add(singular(splitWords(parameter.name.replace(/[_-]?(id|uuid|key|slug|name)$/i, "")).at(-1) ?? ""));
  nouns.delete("");
  return reads.filter(({ operation }) => {
    if (chosen.some((one) => one.operation === operation) || operation.path.endsWith("}")) return false;
    const needs = operation.parameters.some((parameter) => parameter.isRequired && parameter.in === "path");
    return !needs && nouns.has(nounOfPath(operation.path)?.split(" ").at(-1) ?? "");
  });
}

function byScore(left: Ranked, right: Ranked): number {
  return right.score - left.score || left.order - right.order;
}

/** Without a hint, what needs little input and has a short path comes first. */
function bySimplicity(left: Ranked, right: Ranked): number {
  return weightOf(left.operation) - weightOf(right.operation) || left.order - right.order;
}

function weightOf({ path, parameters }: ApiOperation): number {
  return path.split("/").length + 2 * parameters.filter(({ isRequired }) => isRequired).length;
}
