import { describeValue } from "../answers/describe-value";
import { knownAnswers } from "../answers/known-answers";
import { inline } from "../answers/escape";
import { type Choice, chooseTools, listRelated, minScore, profileTools, type ToolProfile } from "../choose-tool";
import { type Clause, isNegated, listForms } from "../language/clauses";
import { fillInput, readReply } from "../slots/fill-input";
import type { Message } from "../language/message";
import { isTime } from "../language/question-pattern";
import type { OfferedTool, PastCall } from "../read-prompt";
import { type Property, readProperties } from "../slots/read-schema";
import { askTask, callTask, type Context, type Task } from "../task";
import { stemOf, toWords } from "../language/words";
import { isBuiltin } from "./talk";

const tieMargin = 0.02;

/** A request that a tool of a module can answer; null when none fits well enough. */
export function readToolRequest(clause: Clause, message: Message, context: Context): Task | null {
  const profiles = profilesOf(context);
  if (profiles.length === 0) return null;
  const negated = isNegated(clause);
  // With and without politeness: a question of a tool may begin with "I want to".
  let best: { choices: Choice[]; form: Clause } | null = null;
  for (const form of listForms(clause)) {
    const choices = chooseTools(form.words, profiles, negated, clause.isQuestion);
    if ((choices[0]?.score ?? 0) > (best?.choices[0]?.score ?? 0)) best = { choices, form };
  }
  if (!best) return null;
  const { form } = best;
  const ranked = best.choices
    .map((choice) => withoutBadCaptures(choice, form, message, context, profiles))
    .filter(({ score }) => score >= minScore)
    .map((choice) => ({ choice, rank: rankOf(choice, form, message, context, profiles) }))
    .sort((left, right) => right.rank - left.rank);
  const [first] = ranked;
  if (!first) return null;
  const tied = ranked.filter(({ rank }) => first.rank - rank < tieMargin).map(({ choice }) => choice);
  // Within one module the first one will do; it changes nothing or asks before it does.
  const areOfOne = tied.every(({ profile }) => moduleOf(profile.tool) === moduleOf(first.choice.profile.tool));
  return areOfOne ? startTool(first.choice, form, message, context, profiles) : askWhich(tied, form, message, profiles);
}

const profiled = new WeakMap<readonly OfferedTool[], readonly ToolProfile[]>();

/** What is known of the tools of modules, read once per call of the model: a message of many sentences asks for each. */
function profilesOf({ tools }: Context): readonly ToolProfile[] {
  const known = profiled.get(tools);
  if (known) return known;
  const profiles = profileTools(tools.filter(({ name }) => !isBuiltin(name)));
  profiled.set(tools, profiles);
  return profiles;
}

/** The same tool again with what the follow-up changes: "and in Tokyo?". */
export function continueTool(clause: Clause, message: Message, context: Context, last: PastCall): Task | null {
  const tool = context.tools.find(({ name }) => name === last.tool);
  if (!tool || isBuiltin(tool.name)) return null;
  const profiles = profilesOf(context);
  const { input } = fillInput(tool, clause.words, message, context, knownStems(tool, profiles));
  const changed = Object.entries(input).filter(
    ([name, value]) => JSON.stringify(last.input[name]) !== JSON.stringify(value),
  );
  return changed.length === 0 ? null : callWith(tool, { ...last.input, ...input }, clause, message);
}

/** A question whose slot holds something that cannot be its value was not asked: "books I have borrowed" names no book. */
function withoutBadCaptures(
  choice: Choice,
  clause: Clause,
  message: Message,
  context: Context,
  profiles: readonly ToolProfile[],
): Choice {
  const { tool } = choice.profile;
  const named = choice.captures.filter(({ name }) => name !== "");
  if (named.length === 0) return choice;
  const properties = new Map(readProperties(tool).map((property) => [property.name, property]));
  const { input } = fillInput(tool, clause.words, message, context, knownStems(tool, profiles), named);
  // Nor can the module's own name be: "trees of the orchard" names no tree of the module Orchard.
  const known = new Set([...asking, ...toWords(moduleOf(tool)).map((word) => word.stem)]);
  const isBad = named.some(
    ({ name, words }) =>
      !(name in input) ||
      words.every((word) => known.has(word.stem)) ||
      (isTime(words) && !/^(date|number|count)/.test(properties.get(name)?.kind ?? "")),
  );
  return isBad ? { ...choice, score: choice.overlap, captures: [] } : choice;
}

/** Titles of modules' tools begin with the module's. */
function moduleOf({ title, name }: OfferedTool): string {
  return /^(.{1,80}?): /.exec(title)?.[1] ?? name;
}

/** Small advantages that decide between tools that are named alike. */
function rankOf(
  { profile, score, captures }: Choice,
  clause: Clause,
  message: Message,
  context: Context,
  profiles: readonly ToolProfile[],
): number {
  const { missing } = fillInput(
    profile.tool,
    clause.words,
    message,
    context,
    knownStems(profile.tool, profiles),
    captures,
  );
  const isPlural = clause.words.some(
    (word) => word.isWord && profile.subject.has(word.stem) && word.lower !== word.stem && /s$/.test(word.lower),
  );
  const required = readProperties(profile.tool).filter(({ isRequired }) => isRequired).length;
  const used = required - missing.length;
  return score - missing.length * 0.08 + (profile.isList && isPlural ? 0.05 : 0) + used * 0.05 + captures.length * 0.03;
}

function startTool(
  { profile, captures }: Choice,
  clause: Clause,
  message: Message,
  context: Context,
  profiles: readonly ToolProfile[],
): Task {
  const { tool } = profile;
  const { input, missing } = fillInput(tool, clause.words, message, context, knownStems(tool, profiles), captures);
  return missing.length === 0
    ? callWith(tool, input, clause, message)
    : askForMissing(tool, input, missing, clause, message);
}

/** One question for everything that is missing. The reply may give the values in the order they were asked for. */
function askForMissing(
  tool: OfferedTool,
  input: Record<string, unknown>,
  missing: readonly Property[],
  clause: Clause,
  message: Message,
): Task {
  return askTask("tool", questionFor(tool, missing), (reply, context) => {
    const values = { ...input };
    const parts = missing.length > 1 ? splitReply(reply, missing.length) : [reply];
    const left = missing.filter((property, index) => {
      const part = parts[index];
      const value = part === undefined ? undefined : readReply(property, part, context);
      if (value !== undefined) values[property.name] = value;
      return value === undefined;
    });
    if (left.length === missing.length) return null;
    return left.length === 0
      ? callWith(tool, values, clause, message)
      : askForMissing(tool, values, left, clause, message);
  });
}

function questionFor(tool: OfferedTool, missing: readonly Property[]): string {
  const title = inline((tool.title || tool.name.replaceAll("_", " ")).toLowerCase(), 80);
  const [only] = missing;
  if (missing.length === 1 && only)
    return `Which ${inline(only.noun, 60)}? ${hintFor(only) || `I need it to ${title}.`}`;
  const lines = missing.map(
    (property) => `- ${inline(property.noun, 60)}${hintFor(property) ? `: ${hintFor(property)}` : ""}`,
  );
  return `I need ${missing.length} things to ${title}. Which ones? Give them in this order, separated by commas:\n\n${lines.join("\n")}`;
}

function hintFor({ choices, description, kind }: Property): string {
  if (choices.length > 0)
    return `One of ${choices
      .slice(0, 12)
      .map((choice) => inline(String(choice), 40))
      .join(", ")}.`;
  if (description !== "") return `${inline(description, 160).replace(/[.\s]+$/, "")}.`;
  return kind.startsWith("date") ? "A date such as 2027-01-31." : "";
}

function splitReply(reply: Message, count: number): (Message | undefined)[] {
  const parts = reply.text.split(/\s*(?:,|;|\n|\band\b)\s*/).filter((part) => part.trim() !== "");
  return Array.from({ length: count }, (_, index) => {
    const text = index === count - 1 ? parts.slice(index).join(" ") : parts[index];
    return text ? { ...reply, text, words: toWords(text) } : undefined;
  });
}

/** Only when the words really leave it open. */
function askWhich(
  choices: readonly Choice[],
  clause: Clause,
  message: Message,
  profiles: readonly ToolProfile[],
): Task {
  const titled = choices.slice(0, 4).map((choice) => ({ choice, title: titleOf(choice.profile.tool) }));
  const question = `Several of your tools fit equally well. Which one do you mean?\n\n${titled.map(({ title }, index) => `${index + 1}. ${inline(title, 120)}`).join("\n")}`;
  return askTask("tool", question, (reply, context) => {
    const said = reply.text.trim().toLowerCase();
    const number = /^(?:the )?(?:number )?(\d|first|second|third|fourth)\b/.exec(said)?.[1] ?? "";
    const index = ["first", "second", "third", "fourth"].indexOf(number);
    const byNumber = titled[index >= 0 ? index : Number(number) - 1];
    const stems = new Set(reply.words.map((word) => word.stem));
    const byWords = titled.filter(({ choice }) =>
      [...wordsOf(choice.profile.tool)].some(
        (stem) =>
          stems.has(stem) && titled.filter((other) => wordsOf(other.choice.profile.tool).has(stem)).length === 1,
      ),
    );
    const chosen = byNumber ?? (byWords.length === 1 ? byWords[0] : undefined);
    return chosen ? startTool(chosen.choice, clause, message, context, profiles) : null;
  });
}

function wordsOf(tool: OfferedTool): Set<string> {
  return new Set(toWords(`${tool.name.replaceAll("_", " ")} ${tool.title}`).map((word) => word.stem));
}

function titleOf(tool: OfferedTool): string {
  const name = tool.name.replaceAll("_", " ");
  return tool.title === "" ? name : `${tool.title} (${name})`;
}

/** Words that belong to the tool are no values: in "weather forecast lisbon" only the last one is. */
function knownStems(tool: OfferedTool, profiles: readonly ToolProfile[]): ReadonlySet<string> {
  const own = profiles.find((profile) => profile.tool === tool);
  const questions = own?.questions.flatMap(({ stems }) => stems) ?? [];
  const subject = own?.subject ?? [];
  return new Set([
    ...subject,
    ...listRelated(subject),
    ...questions,
    ...toWords(`${tool.name.replaceAll("_", " ")} ${tool.title}`).map((word) => word.stem),
    ...asking,
  ]);
}

const asking =
  "module integration connector adapter plugin show list get give find tell look lookup search check view see display fetch create add make place delete remove update change send know need want like use number id detail info information data result entry item degree outside temperature"
    .split(" ")
    .map(stemOf);

function callWith(tool: OfferedTool, input: Record<string, unknown>, clause: Clause, message: Message): Task {
  const isCount =
    clause.words.some((word, index) => word.lower === "how" && clause.words[index + 1]?.lower === "many") ||
    /^(count|number)$/.test(clause.words.find(({ isWord }) => isWord)?.lower ?? "");
  const said = new Set(Object.values(input).map((value) => String(value).toLowerCase()));
  const quoted = /["“]([^"”\n]{2,60})["”]/.exec(message.text)?.[1] ?? null;
  const mention = quoted && !said.has(quoted.toLowerCase()) ? quoted : null;
  return callTask(
    "tool",
    { tool: tool.name, input },
    (output) => knownAnswers[tool.name]?.(output) ?? describeValue(output, { isCount, mention, noun: nounOf(tool) }),
  );
}

/** What a list of this tool holds: "list loans" holds loans. */
function nounOf({ title, name }: OfferedTool): string {
  const words = (/^.{1,80}?: (.+)$/.exec(title)?.[1] ?? name.replaceAll("_", " ")).toLowerCase().split(/\s+/);
  const nouns = words.filter((word) => !/^(?:list|get|find|search|show|fetch|pull|all|my)$/.test(word));
  return inline(nouns.join(" "), 60) || "items";
}
