import type { BuildRequest } from "@/lib/contracts/build";
import type { ModuleDraft, ParameterDraft } from "./draft";
import { withoutSecrets } from "./draft-from-open-api";
import { type AuthChoice, basicChoice, bearerChoice, keyChoice } from "./find-auth";
import { addPulls, finishOperation } from "./finish-draft";
import { inferShape, relaxShape } from "./infer-shape";
import { isUnsafeName, makeIdentifier, makeUnique, nounOfPath } from "./names";
import { nameModule } from "./name-module";
import { plainText } from "./quote";
import { scrub } from "./scrub";
import type { Source } from "./source";
import { plural, singular, splitWords } from "./words";

type JsonSource = Extract<Source, { kind: "json" }>;

const keyNames = /^(api_?key|apikey|app_?id|appid|access_?token|auth_?token|auth|key|token|secret|sig|signature)$/i;

/** A module with the one operation whose reply is known. */
export function draftFromJson(source: JsonSource, request: BuildRequest): ModuleDraft {
  const url = new URL(source.url);
  const taken = new Set<string>();
  const segments = templateOf(url.pathname, taken);
  const noun = nounOfPath(decodePath(segments.path)) ?? "reply";
  const naming = nameModule(request, "", source.url, [noun]);
  const auth = findAuth(url, request, naming.title);
  const parameters = [...segments.parameters, ...queryParameters(url, taken)];
  const sample = scrub(source.sample);
  const isList = Array.isArray(sample) || (!segments.endsWithId && isMany(sample));
  const name = makeIdentifier(isList ? `list ${plural(noun)}` : `get ${noun}`, "get_reply");
  const summary = isList ? `List ${plural(noun)}` : `Show the ${noun}`;
  const operation = finishOperation({
    name,
    noun,
    method: "GET",
    path: segments.path,
    summary: `${summary} from ${naming.title}`,
    description: "",
    parameters,
    bodyKind: null,
    idempotencyHeader: null,
    reply: {
      kind: "json",
      status: 200,
      headers: [],
      description: "",
      example: sample,
      shape: inferShape(sample),
      isReal: true,
    },
  });
  if (!operation.canonical) operation.reply.shape = relaxShape(operation.reply.shape);
  return {
    ...naming,
    description: `Asks ${url.host} for ${isList ? plural(noun) : `the ${noun}`}. Made from one reply: fields that the reply did not show are not known.`,
    kind: "json",
    provenance: plainText(`${source.origin === "pasted" ? "pasted reply of " : ""}${withoutSecrets(source.url)}`, 1000),
    connection: { name: makeIdentifier(naming.name, "api"), baseUrl: url.origin, auth: auth.auth },
    credentials: auth.credentials,
    operations: addPulls([operation]),
  };
}

function isMany(sample: unknown): boolean {
  if (Array.isArray(sample)) return true;
  return (
    typeof sample === "object" &&
    sample !== null &&
    Object.values(sample).some((value) => Array.isArray(value) && value.length > 0 && typeof value[0] === "object")
  );
}

/** Numbers and ids in the path become inputs that have the sample's value when left out. */
function templateOf(
  pathname: string,
  taken: Set<string>,
): { path: string; parameters: ParameterDraft[]; endsWithId: boolean } {
  const parameters: ParameterDraft[] = [];
  const segments = pathname.split("/");
  let endsWithId = false;
  const path = segments.map((segment, at) => {
    endsWithId = false;
    if (!/^(\d{1,15}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i.test(segment) || at < 2)
      return segment;
    endsWithId = true;
    const before = singular(splitWords(decodePath(segments[at - 1] ?? "")).at(-1) ?? "");
    const input = makeUnique(makeIdentifier(`${before} id`, "id"), taken);
    taken.add(input);
    parameters.push({
      input,
      wire: input,
      in: "path",
      shape: { kind: "text" },
      isRequired: false,
      fallback: segment,
      isJoined: false,
      example: segment,
    });
    return `{${input}}`;
  });
  return { path: path.join("/"), parameters, endsWithId };
}

/** What the address asked for, as inputs with these values; keys become credentials instead. */
function queryParameters(url: URL, taken: Set<string>): ParameterDraft[] {
  const parameters: ParameterDraft[] = [];
  for (const [wire, value] of [...url.searchParams].slice(0, 20)) {
    if (keyNames.test(wire) || isUnsafeName(wire) || parameters.some((one) => one.wire === wire)) continue;
    const isNumber = /^-?\d{1,15}(\.\d{1,10})?$/.test(value) && String(Number(value)) === value;
    const input = makeUnique(/^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(wire) ? wire : makeIdentifier(wire, "value"), taken);
    taken.add(input);
    const fallback = isNumber ? Number(value) : value;
    const kind = isNumber ? (Number.isInteger(fallback) ? "integer" : "number") : "text";
    parameters.push({
      input,
      wire,
      in: "query",
      shape: { kind, default: fallback },
      isRequired: false,
      fallback,
      isJoined: false,
      example: fallback,
    });
  }
  return parameters;
}

/** From the address or the person's own words: "with the key in the header X-Key", "bearer token". */
function findAuth(url: URL, request: BuildRequest, title: string): AuthChoice {
  const inQuery = [...url.searchParams.keys()].find(
    (name) => keyNames.test(name) && /^[A-Za-z0-9_.-]{1,100}$/.test(name),
  );
  if (inQuery) return keyChoice({ in: "query", name: inQuery }, title, "");
  const words = `${request.wish} ${request.changes?.note ?? ""}`.replace(/https?:\/\/\S+/g, " ");
  const header =
    /\bheader\s+(?:named\s+|called\s+)?["'`]?([A-Za-z][A-Za-z0-9-]{2,40})\b|\b(X-[A-Za-z0-9-]{2,40})\b/.exec(words);
  const name = header?.[1] ?? header?.[2];
  if (name && !/^(with|and|that|for|is|named|called)$/i.test(name) && !/^authorization$/i.test(name))
    return keyChoice({ in: "header", name }, title, "");
  const query = /\b(?:query\s+)?parameter\s+(?:named\s+|called\s+)?["'`]?([A-Za-z][A-Za-z0-9_]{1,40})\b/i.exec(
    words,
  )?.[1];
  if (query && keyNames.test(query)) return keyChoice({ in: "query", name: query }, title, "");
  if (/\bbearer\b/i.test(words)) return bearerChoice(title, "");
  if (/\bbasic auth/i.test(words)) return basicChoice(title, "");
  return { auth: { kind: "none" }, credentials: [], problem: null };
}

function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
