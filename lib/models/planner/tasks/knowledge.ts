import { inline, quoteBlock } from "../answers/escape";
import { formatDate } from "../answers/format-value";
import type { Message } from "../language/message";
import { isRecord } from "../read-prompt";
import {
  askTask,
  callTask,
  type Context,
  describeResult,
  findResult,
  hasTool,
  type ReadTask,
  sayTask,
  slotText,
  type Task,
} from "../task";
import { stopWords, toWords } from "../language/words";

export const storeTool = "store_knowledge";
export const searchTool = "search_knowledge";

const maxTitleWords = 8;
const maxQueryWords = 8;
const titled =
  /\s*[,;]?\s+(?:under the (?:title|name)|titled|with the title|and call it|under) ["“']?([^"”'\n]{2,80})["”']?\s*$/i;

/** "Remember that …", "Save this note: …" */
export const readStore: ReadTask = (clause, message, context, found) => {
  const content = contentOf(slotText(found, "content", clause.words, message));
  // "Can you remember that …?" asks for it; other questions are about what is known.
  if (clause.isQuestion && !/:|\bplease\b|^\W*(?:\w+\W+){0,2}(?:can|could|will|would) you\b/i.test(message.raw))
    return null;
  if (looksLikeQuestion(content)) return null;
  if (!hasTool(context, storeTool))
    return sayTask("store", "I cannot keep notes right now: the tool for it is not offered.");
  if (content === "")
    return askTask("store", "What shall I remember?", (reply) => {
      const text = contentOf(reply.raw);
      return text === "" ? null : store(text);
    });
  return store(wholeContent(content, message));
};

/** "What do I know about …?", "Search my notes for …" */
export const readSearch: ReadTask = (clause, message, context, found) => {
  const query = slotText(found, "query", clause.words, message) || slotText(found, "question", clause.words, message);
  if (!hasTool(context, searchTool))
    return sayTask("search", "I cannot search your knowledge right now: the tool for it is not offered.");
  if (toQuery(query) === "")
    return askTask("search", "What shall I look for in your knowledge?", (reply) =>
      toQuery(reply.raw) === "" ? null : search(reply.raw, false),
    );
  return search(query, false);
};

/** A question about the person's own things, for which no other tool was found: perhaps they once told it. */
export function readPersonalQuestion(text: string, context: Context): Task | null {
  const words = toWords(text).filter((word) => word.isWord);
  const [first, second] = words;
  const asked = /^(?:at|in|on|for|to|with|from)$/.test(first?.lower ?? "") ? second : first;
  const isQuestion = /^(what|when|where|who|which|how|whose|do|did|is|are|does|was)$/.test(asked?.lower ?? "");
  if (words.some((word) => /^(module|integration|connector|plugin)s?$/.test(word.lower))) return null;
  const isHowTo = /^how (?:do|can|could|should|would|to)\b/i.test(text.trim());
  const isMine =
    !isHowTo &&
    (words.some((word) => /^(my|mine|our)$/.test(word.lower)) ||
      /^(?:what|where|when|who|which|did|do|have)\b.*\b(?:did|do|have) i\b/i.test(text));
  if (!isQuestion || !isMine || !hasTool(context, searchTool) || toQuery(text) === "") return null;
  return search(text, true);
}

export function search(text: string, isGuess: boolean): Task {
  const query = toQuery(text);
  const words = query.replaceAll('"', "").split(" ");
  const first = { tool: searchTool, input: { query } };
  // All words at once find little; any of them is the second try.
  const second = { tool: searchTool, input: { query: words.join(" or ") } };
  return {
    name: "search",
    next(calls) {
      const result = findResult(calls, first);
      if (!result) return { kind: "call", calls: [first] };
      const isEmpty = result.kind === "ok" && hitsOf(result.output).length === 0;
      const again = isEmpty && words.length > 1 ? findResult(calls, second) : result;
      if (!again) return { kind: "call", calls: [second] };
      return { kind: "say", text: describeResult(again, (output) => describeHits(output, query, isGuess)) };
    },
  };
}

function store(content: string): Task {
  const named = isPlace(content) ? null : titled.exec(content);
  const text = named ? content.slice(0, named.index) : content;
  const title = named?.[1]?.trim() ?? titleOf(text);
  return callTask("store", { tool: storeTool, input: { title, content: text } }, (output) => {
    const kept = isRecord(output) ? String(output.title ?? title) : title;
    return `I will remember this as **${inline(kept, 200)}**. Ask me about it whenever you need it.`;
  });
}

/** "The key is under the mat" says where it is, and "save 1234 under boiler code" by what name. */
function isPlace(content: string): boolean {
  const before = /^(.*)\sunder\s(?!the (?:title|name)\b|["“'])/is.exec(content)?.[1] ?? "";
  return /\b(?:is|are|was|were|lies?|lives?|sits?|hides?|hidden|hid|keeps?|kept|left|puts?|parked|buried)\b/i.test(
    before,
  );
}

/** After a colon, everything belongs to the note: a note may have several sentences. */
function wholeContent(content: string, message: Message): string {
  const at = message.raw.indexOf(content.slice(0, 40));
  const before = at < 0 ? "" : message.raw.slice(0, at).trimEnd();
  return before.endsWith(":") ? message.raw.slice(at).trim() : content;
}

function contentOf(text: string): string {
  return text
    .replace(/^[\s:,–—-]+/, "")
    .replace(/^(?:that|the fact that)\s+/i, "")
    .replace(/\s+/g, (space) => (space.includes("\n") ? "\n" : " "))
    .trim();
}

/** "remember when we met?" asks; it tells nothing. */
function looksLikeQuestion(content: string): boolean {
  return (
    /^(?:when|how|what|where|who|why|which|if|whether)\b.*\?\s*$/is.test(content) ||
    /^(?:when|how|what|where|who|why|me\b|us\b|you\b|that (?:time|day|night|one|summer|winter|year)\b)/i.test(content)
  );
}

function titleOf(content: string): string {
  const words = (content.split(/\n|(?<=[.!?])\s/)[0] ?? content).replace(/[.!?\s]+$/, "").split(/\s+/);
  const short = words.slice(0, maxTitleWords).join(" ").slice(0, 120);
  const title = words.length > maxTitleWords ? `${short}…` : short;
  return `${title[0]?.toUpperCase() ?? ""}${title.slice(1)}`;
}

/** The words that carry the question; quotation marks keep their meaning. */
function toQuery(text: string): string {
  const phrases = [...text.matchAll(/["“]([^"”]{2,100})["”]/g)].map((match) => `"${match[1]}"`);
  const rest = text.replace(/["“][^"”]*["”]/g, " ");
  const words = toWords(rest)
    .filter((word) => word.isWord && !stopWords.has(word.lower) && !asking.has(word.lower))
    .map((word) => word.text.replace(/'s$/, ""));
  return [...phrases, ...new Set(words)].slice(0, maxQueryWords).join(" ").slice(0, 300);
}

const asking = new Set(
  "remember recall told tell said say saved stored noted note notes wrote written knowledge anything something put did ago again".split(
    " ",
  ),
);

interface Hit {
  title: string;
  excerpt: string;
  source: string | null;
  storedAt: string;
}

function hitsOf(output: unknown): Hit[] {
  const results = isRecord(output) && Array.isArray(output.results) ? output.results : [];
  return results.filter(isRecord).map((hit) => ({
    title: String(hit.title ?? ""),
    excerpt: String(hit.excerpt ?? ""),
    source: typeof hit.source === "string" ? hit.source : null,
    storedAt: String(hit.stored_at ?? ""),
  }));
}

function describeHits(output: unknown, query: string, isGuess: boolean): string {
  const hits = hitsOf(output);
  const shown = inline(query.replaceAll('"', ""), 100);
  if (hits.length === 0)
    return isGuess
      ? `I found nothing about "${shown}" in your knowledge, and I have no other tool for this question. Ask "What can you do?" to see my tools, or tell me with "Remember that …".`
      : `I found nothing about "${shown}" in your knowledge. You can tell me with "Remember that …".`;
  const lines = hits.map(({ title, excerpt, source, storedAt }) => {
    const from = source && source !== "conversation" ? `, from ${inline(source, 100)}` : "";
    const when = formatDate(storedAt);
    return `**${inline(title, 200)}**${when ? ` (kept on ${when}${from})` : ""}\n${quoteBlock(excerpt, 1500)}`;
  });
  const head = hits.length === 1 ? "In your knowledge I found:" : `In your knowledge I found ${hits.length} notes:`;
  return `${head}\n\n${lines.join("\n\n")}`;
}
