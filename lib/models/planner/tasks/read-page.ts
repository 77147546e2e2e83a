import { inline, quoteBlock } from "../answers/escape";
import { describeValue } from "../answers/describe-value";
import { isRecord } from "../read-prompt";
import { askTask, callTask, type Context, hasTool, type ReadTask, sayTask, type Task } from "../task";
import { stopWords, toWords, type Word } from "../language/words";

export const pageTool = "load_web_page";

const maxSentences = 4;

/** "Read https://…", "What does https://… say about prices?" */
export const readPage: ReadTask = (clause, message, context) => {
  const own = clause.words.flatMap((word) => urlOf(word, message.urls));
  // "I found this on https://…, can you summarise it?"
  const urls = own.length === 0 && isAboutIt(clause.words) ? message.urls : own;
  if (urls.length === 0) return asksForPage(clause.words) ? askForAddress(context) : null;
  if (!hasTool(context, pageTool))
    return sayTask("page", "I cannot load pages right now: the tool for it is not offered.");
  const about = clause.words.filter(
    (word) => word.isWord && !word.text.startsWith("§") && !stopWords.has(word.lower) && !asking.has(word.stem),
  );
  const isBare = clause.words.every((word) => word.text.startsWith("§") || !word.isWord);
  const tasks = urls.slice(0, 5).map((url) =>
    readUrl(
      url,
      about.map((word) => word.stem),
      isBare,
    ),
  );
  const [only] = tasks;
  if (tasks.length === 1 && only) return only;
  return {
    name: "page",
    isBare,
    next(calls) {
      const steps = tasks.map((task) => task.next(calls));
      const wanted = steps.flatMap((step) => (step.kind === "call" ? step.calls : []));
      if (wanted.length > 0) return { kind: "call", calls: wanted };
      return { kind: "say", text: steps.map((step) => (step.kind === "say" ? step.text : "")).join("\n\n") };
    },
  };
};

/** Loads one address. `about` holds the stems of what is asked of it. */
export function readUrl(url: string, about: string[] = [], isBare = false): Task {
  return callTask("page", { tool: pageTool, input: { url } }, (output) => describePage(output, about), isBare);
}

function isAboutIt(words: readonly Word[]): boolean {
  const said = words.filter((word) => word.isWord);
  return said.length <= 5 && /^(?:it|this|that|them|these)$/.test(said.at(-1)?.lower ?? "");
}

const asking = new Set(
  "read open load fetch summaris summariz summary tldr visit check page site website link url article blog post content text word short brief main point say key sentenc mention write tell fact detail".split(
    " ",
  ),
);

function asksForPage(words: readonly Word[]): boolean {
  const [first, ...rest] = words.filter((word) => word.isWord);
  return (
    /^(read|open|load|fetch|summarise|summarize)$/.test(first?.lower ?? "") &&
    rest.length <= 5 &&
    rest.some((word) => /^(pages?|websites?|sites?|urls?|links?|webpages?)$/.test(word.lower))
  );
}

function askForAddress(context: Context): Task | null {
  if (!hasTool(context, pageTool)) return null;
  return askTask("page", "Which page? Give me its address, beginning with https://.", (reply) => {
    const [url] = reply.urls;
    return url ? readUrl(url) : null;
  });
}

function urlOf(word: Word, urls: readonly string[]): string[] {
  const found = /^§url(\d+)$/.exec(word.text);
  const url = found ? urls[Number(found[1])] : undefined;
  return url ? [url] : [];
}

function describePage(output: unknown, about: readonly string[]): string {
  if (!isRecord(output)) return "The page gave no text I can read.";
  const text = String(output.text ?? "").trim();
  const url = String(output.url ?? "");
  const host = URL.canParse(url) ? new URL(url).host : "the page";
  const title = String(output.title ?? "").trim();
  const head = title ? `**${inline(title, 200)}** (${inline(host, 100)})` : `From ${inline(host, 100)}:`;
  if (text === "") return `${head}\n\nThe page has no readable text.`;
  const data = parseData(text);
  if (data !== undefined) return `${head}\n\n${describeValue(data)}`;
  const sentences = toSentences(text);
  const relevant = about.length > 0 ? pickRelevant(sentences, about) : [];
  const lead =
    relevant.length > 0
      ? "It says:"
      : about.length > 0
        ? "I found no sentence that answers this. It begins:"
        : "It begins:";
  const shown = relevant.length > 0 ? relevant : sentences.slice(0, maxSentences);
  const note = "\n\nThese are the page's own words; I am the built-in planner and do not write summaries.";
  return `${head}\n\n${lead}\n\n${quoteBlock(shown.join("\n\n"), 3000)}${note}`;
}

function parseData(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // Text that only begins like JSON.
    return undefined;
  }
}

function toSentences(text: string): string[] {
  return text
    .slice(0, 40_000)
    .split(/(?<=[.!?])\s+(?=[\p{Lu}\d"“])|\n+/u)
    .map((sentence) => sentence.replace(/\s+/g, " ").trim())
    .filter((sentence) => sentence.length >= 20);
}

/** The sentences that share most words with the question, in the page's order. */
function pickRelevant(sentences: readonly string[], about: readonly string[]): string[] {
  const wanted = new Set(about);
  const scored = sentences.map((sentence, index) => {
    const stems = new Set(toWords(sentence).map((word) => word.stem));
    return { sentence, index, score: [...wanted].filter((stem) => stems.has(stem)).length };
  });
  const best = scored
    .filter(({ score }) => score >= Math.ceil(wanted.size / 2))
    .sort((left, right) => right.score - left.score || left.index - right.index);
  return best
    .slice(0, maxSentences)
    .sort((left, right) => left.index - right.index)
    .map(({ sentence }) => sentence);
}
