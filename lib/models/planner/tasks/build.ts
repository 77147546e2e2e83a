import { inline } from "../answers/escape";
import type { Clause } from "../language/clauses";
import { type Message, withoutBlobs } from "../language/message";
import { compilePattern, matchPattern, type Pattern } from "../language/pattern";
import { isRecord } from "../read-prompt";
import { askTask, callTask, type Context, hasTool, matchAny, type ReadTask, sayTask, type Task } from "../task";
import type { Word } from "../language/words";
import { yesWords } from "../language/vocabulary";

export const buildTool = "build_module";
const maxWishChars = 4000;

// What may stand between the verb and the module: "me a small weather module", "a new tool-calling integration".
const objects: readonly Pattern[] = ["me|us? ~ @module", "me|us? a|an|the|my|some|another|new? ~ ~ @module"].map(
  compilePattern,
);
const supports: readonly Pattern[] = ["me|us? support|access for|of|to <more>", "me|us? ~ support for|of <more>"].map(
  compilePattern,
);
const integrates: readonly Pattern[] = [
  "with|to|me_to|us_to|yourself_to? ~ ~ api|apis|service|endpoint|openapi|swagger",
  "with|to? ~ §url0|§doc0|§json0",
  "to|with|me_to? ~ this|that|the api|service",
].map(compilePattern);
const yes = yesWords.map(compilePattern);
/** After these the module word is only the beginning of another word: an integration test is a test. */
const otherNouns = new Set(
  "test testing tests exam course homework exercise lesson plan chapter diagram description documentation document docs page list name bundler import imports export error federation system theory guide tutorial report".split(
    " ",
  ),
);
const sourceNouns = new Set(
  "api apis openapi swagger spec specification endpoint url json sample reply response document address link service schema".split(
    " ",
  ),
);

interface Sources {
  url?: string;
  document?: string;
  sample?: string;
}

/** "Build me a module from https://…", "here is a sample reply: {…}, make an integration" */
export const readBuild: ReadTask = (clause, message, context, found) => {
  const first = clause.words.find((word) => word.isWord)?.lower ?? "";
  const sources = sourcesOf(message);
  const hasSource = Object.keys(sources).length > 0;
  if (!isAboutModule(clause, found, hasSource, first)) return null;
  const isBare = first.startsWith("§") && !asksLater(clause.words, hasSource);
  if (isBare) return askWhetherToBuild(message, context);
  return build(message, sources, context);
};

/** An OpenAPI document pasted without a word: building is the likely wish, so it is asked. */
export function askWhetherToBuild(message: Message, context: Context): Task | null {
  const sources = sourcesOf(message);
  if (!sources.document && !sources.sample) return null;
  const what = sources.document ? "this OpenAPI document" : "this sample reply";
  const task = askTask("build", `Shall I build a module from ${what}?`, (reply, later) =>
    matchAny(yes, reply.words) ? build(message, sources, later, `Build a module from ${what}`) : null,
  );
  return hasTool(context, buildTool) ? { ...task, isBare: true } : null;
}

function isAboutModule({ words }: Clause, found: Parameters<ReadTask>[3], hasSource: boolean, first: string): boolean {
  const rest = found.slots.rest ? words.slice(found.slots.rest.from, found.slots.rest.to) : [];
  if (found.slots.more) return hasSource || words.some((word) => sourceNouns.has(word.lower));
  if (first.startsWith("§") && asksLater(words, hasSource)) return true;
  if (first.startsWith("§url")) return false;
  if (first.startsWith("§"))
    return words.every(
      (word) =>
        word.text.startsWith("§") ||
        !word.isWord ||
        /^(here|this|is|it|the|openapi|swagger|document|spec|json|a|sample|reply|response)$/.test(word.lower),
    );
  if (/^(for|from|use|using|with|here|this|based|a|an|some|another|new)$/.test(first))
    return asksLater(words, hasSource);
  if (/^(integrate|connect|hook|wire|link|support|learn|intregrate|conect)$/.test(first))
    return matchAny(integrates, rest) !== null;
  for (const pattern of objects) {
    const object = matchPattern(pattern, rest);
    if (object && isModuleNoun(rest, object.end)) return true;
  }
  if (matchAny(supports, rest)) return hasSource || rest.some((word) => sourceNouns.has(word.lower));
  return hasSource && rest.some((word, at) => /^(tool|tools|skill)$/.test(word.lower) && isModuleNoun(rest, at + 1));
}

/** "Here is a sample reply: {…} make an integration": the wish comes after the source. */
function asksLater(words: readonly Word[], hasSource: boolean): boolean {
  if (!hasSource) return matchAny(bareModules, words) !== null && isModuleNounAnywhere(words);
  return (
    words.some((_, at) => {
      const found = matchPattern(laterWish, words.slice(at));
      return found !== null && isModuleNoun(words.slice(at), found.end);
    }) ||
    (matchAny(bareModules, words) !== null && isModuleNounAnywhere(words))
  );
}

const laterWish = compilePattern("@build|want|need|like|get|turn me|us|it|this|that|to_have|into? ~ @module");
const bareModules = [
  "a|an|some|another|new new|custom|small|simple? ~ @module for|to|from|of|that|with|based_on|using",
  "a|an|another|new|one new|custom|small|simple|more? @module $",
].map(compilePattern);

function isModuleNounAnywhere(words: readonly Word[]): boolean {
  return words.some(
    (word, at) => /^(?:modul|integration|connector|adapter|plugin)$/.test(word.stem) && isModuleNoun(words, at + 1),
  );
}

function isModuleNoun(words: readonly Word[], end: number): boolean {
  return !otherNouns.has(words[end]?.lower ?? "");
}

function build(message: Message, sources: Sources, context: Context, fallbackWish?: string): Task {
  if (!hasTool(context, buildTool))
    return sayTask("build", "I cannot build modules right now: the tool for it is not offered.");
  if (Object.keys(sources).length === 0) return askForSource(message, message.hasBrokenJson);
  const wish = (withoutBlobs(message).slice(0, maxWishChars) || fallbackWish) ?? "Build a module";
  const name = nameOf(message);
  return callTask("build", { tool: buildTool, input: { wish, ...sources, ...(name ? { name } : {}) } }, describeBuild);
}

function askForSource(request: Message, isBroken: boolean): Task {
  const lead = isBroken
    ? "The JSON you pasted is not complete, so I cannot read it."
    : "I need to know which API the module is for.";
  const question = `${lead} Give me one of these: the address of an OpenAPI document, an address that answers JSON, or a sample reply pasted here. Which is it?`;
  return askTask("build", question, (reply, context) => {
    const sources = sourcesOf(reply);
    if (Object.keys(sources).length === 0) return null;
    const own = withoutBlobs(request);
    const added = withoutBlobs({ ...reply, text: reply.text.replace(/§url\d+/g, " ") });
    return build({ ...reply, raw: request.raw, text: [own, added].filter(Boolean).join(" ") }, sources, context);
  });
}

/** One address: of several, the one that looks like a document. A document needs no sample beside it. */
function sourcesOf({ urls, documents, samples }: Message): Sources {
  const url = urls.find((one) => /openapi|swagger|\.(?:ya?ml|json)(?:$|[?#])/i.test(one)) ?? urls[0];
  return {
    ...(url ? { url } : {}),
    ...(documents[0] ? { document: documents[0] } : {}),
    ...(samples[0] && !documents[0] ? { sample: samples[0] } : {}),
  };
}

/** "called second-library", "named 'Bus times'" */
function nameOf({ text }: Message): string | null {
  const found =
    /\b(?:called|named|name it|call it|under the name)\s+(?:["“'`]([^"”'`]{2,60})["”'`]|([A-Za-z][\w-]*(?:\s+[A-Z][\w-]*){0,3}))/.exec(
      text,
    );
  const words = (found?.[1] ?? found?.[2] ?? "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
  const slug = words.join("-");
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(slug) && slug.length <= 40 && slug.length >= 2 ? slug : null;
}

function describeBuild(output: unknown): string {
  if (!isRecord(output)) return "The build ended without a result I can read.";
  const name = inline(String(output.title ?? output.name ?? "the module"), 80);
  const attempts = Number(output.attempts ?? 0);
  if (output.state === "stopped") return "The build was stopped. Nothing was kept.";
  if (output.state !== "awaiting_review") {
    const reason = typeof output.reason === "string" ? inline(output.reason, 600) : "It gave no reason.";
    const tried = attempts > 1 ? ` after ${attempts} attempts` : "";
    return `The module could not be built${tried}. ${reason}\n\nYou can try again with an OpenAPI document, another address or a sample reply; a language model in Settings › Models can build more than I can.`;
  }
  const hosts = Array.isArray(output.hosts) ? output.hosts.map((host) => inline(String(host), 100)) : [];
  const credentials = Array.isArray(output.credentials)
    ? output.credentials.map((one) => inline(String(one), 100))
    : [];
  const lines = [
    `The module **${name}** is ready for your review.`,
    hosts.length > 0 ? `It may reach ${sayList(hosts)} and no other host.` : "It reaches no host.",
    credentials.length > 0
      ? `It needs ${sayList(credentials)}: after you approve it, type ${credentials.length === 1 ? "it" : "them"} into the form, never into the chat.`
      : "It needs no credentials.",
    "It cannot be used before you approve it.",
  ];
  return lines.join(" ");
}

function sayList(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
