import { inline } from "../answers/escape";
import { table } from "../answers/table";
import type { Message } from "../language/message";
import { isRecord, type PastCall } from "../read-prompt";
import { compilePattern } from "../language/pattern";
import { yesWords } from "../language/vocabulary";
import {
  askTask,
  callTask,
  type Context,
  findResult,
  hasTool,
  matchAny,
  type PlannedCall,
  type ReadTask,
  sayTask,
  slotWords,
  type Step,
  type Task,
  textOf,
} from "../task";
import { isMistyped, stemOf, stopWords, type Word } from "../language/words";

export const listTool = "list_modules";
const listCall: PlannedCall = { tool: listTool, input: {} };

const actions = {
  enable: { tool: "enable_module", verb: "enable" },
  disable: { tool: "disable_module", verb: "disable" },
  rollback: { tool: "rollback_module", verb: "roll back" },
} as const;
type Action = keyof typeof actions;

interface ModuleRow {
  category: string;
  name: string;
  title: string;
  state: string;
  problem: string | null;
  tools: string[];
}

const stateWords: Readonly<Record<string, string>> = {
  awaiting_review: "waiting for your review",
  needs_credentials: "waiting for credentials",
  tests_failed: "failed its tests",
  degraded: "failing now and then",
};

/** "Which modules do I have?" */
export const readList: ReadTask = (_clause, _message, context) => {
  if (!hasTool(context, listTool))
    return sayTask("list-modules", "I cannot list modules right now: the tool for it is not offered.");
  return callTask("list-modules", listCall, describeModules);
};

/** "Is the weather module working?" */
export const readState: ReadTask = (clause, message, context, found) => {
  const words = slotWords(found, "module", clause.words);
  if (!hasTool(context, listTool) || words.length > 5) return null;
  return callTask("module-state", listCall, (output) => {
    const modules = modulesOf(output);
    const matches = findModules(modules, nameWords(words));
    if (matches.length === 0)
      return `You have no module called ${inline(textOf(words, message), 60)}.\n\n${describeModules(output)}`;
    return matches.map(describeModule).join("\n\n");
  });
};

export const readEnable: ReadTask = (clause, message, context, found) =>
  readSwitch("enable", clause.words, message, context, found);
export const readDisable: ReadTask = (clause, message, context, found) =>
  readSwitch("disable", clause.words, message, context, found);
export const readRollback: ReadTask = (clause, message, context, found) =>
  readSwitch("rollback", clause.words, message, context, found);

const moduleNouns = new Set(["modul", "integration", "connector", "adapter", "adaptor", "plugin", "extension"]);

function readSwitch(
  action: Action,
  words: readonly Word[],
  message: Message,
  context: Context,
  found: Parameters<ReadTask>[3],
): Task | null {
  const slot = found.slots.rest ?? found.slots.module ?? found.slots.bare;
  const object = slot ? words.slice(slot.from, slot.to) : [];
  // "Weather module off" is a name and nothing else; "who switched the weather module off" tells or asks of it.
  if (found.slots.bare && !isNothingButName(object)) return null;
  const isSaid = object.some((word) => moduleNouns.has(word.stem));
  const names = nameWords(object);
  // Lights, alarms and settings are switched off as well: without the word "module" only an exact name counts.
  const isName = names.length > 0 && names.length <= 3 && names.every((word) => /^[a-z0-9-]+$/.test(word.lower));
  if (!isSaid && !(isName && isPlainName(words, object, names, context))) return null;
  if (isSaid && isAboutSomethingElse(object)) return null;
  if (!hasTool(context, actions[action].tool))
    return sayTask(action, `I cannot ${actions[action].verb} modules right now: the tool for it is not offered.`);
  const said = textOf(names, message);
  const task = switchTask(action, names, said, isSaid);
  if (!found.slots.bare) return task;
  // It may be a wish, and it may tell how things are.
  return askTask(action, `Shall I ${actions[action].verb} the module ${inline(said, 60)}?`, (reply) =>
    matchAny(yes, reply.words) ? task : null,
  );
}

const yes = yesWords.map(compilePattern);

function isNothingButName(words: readonly Word[]): boolean {
  return words.every(({ lower, stem }) =>
    fillers.has(lower) ? lower !== "please" : !stopWords.has(lower) && !switching.has(lower) && !switching.has(stem),
  );
}
const switching = new Set("turn switch shut take put bring get keep leave set go please".split(" "));

/** "disable notifications for the module", "stop the build of the module": the module is not what is switched. */
function isAboutSomethingElse(object: readonly Word[]): boolean {
  const at = object.findIndex((word) => moduleNouns.has(word.stem));
  return (
    object.slice(0, at).some((word) => /^(for|in|on|inside|with)$/.test(word.lower)) ||
    object.slice(0, at).filter((word) => word.isWord).length > 8
  );
}

/** "disable weather" and "turn off bike-stations" name a module, "turn off the weather" may be anything. */
function isPlainName(
  words: readonly Word[],
  object: readonly Word[],
  names: readonly Word[],
  context: Context,
): boolean {
  if (names.some((word) => word.lower.includes("-"))) return true;
  const isPlainVerb = /^(?:enable|disable|activate|deactivate|rollback)$/.test(
    words.find((word) => word.isWord)?.lower ?? "",
  );
  return (
    isPlainVerb && object.every((word) => !/^(?:the|a|an|this|that)$/.test(word.lower)) && isKnownName(names, context)
  );
}

/** Tools of a module begin with its name. */
function isKnownName(names: readonly Word[], context: Context): boolean {
  const prefix = `${names.map((word) => word.lower).join("_")}_`.replaceAll("-", "_");
  return context.tools.some((tool) => tool.name.startsWith(prefix));
}

/** First the list, because only it knows category and name; then the call, when exactly one module is meant. */
function switchTask(action: Action, names: readonly Word[], said: string, mayBeFuzzy: boolean): Task {
  const { tool, verb } = actions[action];
  return {
    name: action,
    next(calls): Step {
      const list = findResult(calls, listCall);
      if (!list) return { kind: "call", calls: [listCall] };
      if (list.kind !== "ok") return { kind: "say", text: "Your modules could not be listed, so nothing was changed." };
      const modules = modulesOf(list.output);
      if (modules.length === 0) return { kind: "say", text: "You have no modules yet." };
      const matches = names.length === 0 ? modules : findModules(modules, names, mayBeFuzzy);
      const [only] = matches;
      if (only && matches.length === 1 && names.length > 0) return callStep(tool, only, calls, verb);
      if (names.length > 0 && matches.length === 0)
        return askWhich(`You have no module called ${inline(said, 60)}. Which one shall I ${verb}?`, action, modules);
      return askWhich(`Which module shall I ${verb}?`, action, matches);
    },
  };
}

function callStep(tool: string, { category, name, title }: ModuleRow, calls: readonly PastCall[], verb: string): Step {
  const call = { tool, input: { category, name } };
  const result = findResult(calls, call);
  if (!result) return { kind: "call", calls: [call] };
  if (result.kind === "denied")
    return { kind: "say", text: `I did not ${verb} ${inline(title, 80)}, because you did not allow it.` };
  if (result.kind === "failed") return { kind: "say", text: [result.message, result.hint].filter(Boolean).join(" ") };
  const state = isRecord(result.output) ? String(result.output.state ?? "") : "";
  const done =
    tool === actions.rollback.tool
      ? `is back at the version before and is ${sayState(state)}`
      : `is now ${sayState(state)}`;
  return { kind: "say", text: `The module **${inline(title, 80)}** (${category}/${name}) ${done}.` };
}

function askWhich(question: string, action: Action, modules: readonly ModuleRow[]): Step {
  const choices = modules
    .slice(0, 12)
    .map(({ title, category, name }) => `- ${inline(title, 80)} (${category}/${name})`);
  return {
    kind: "ask",
    question: `${question}\n\n${choices.join("\n")}`,
    resume(reply) {
      const names = nameWords(reply.words);
      if (names.length === 0 || names.length > 6 || findModules(modules, names).length !== 1) return null;
      return switchTask(action, names, reply.raw.trim(), true);
    },
    // "weather" alone may be asked of a forecast, too; here it names one of those that were shown.
    isReply: (reply) => isNothingButName(reply.words) && findModules(modules, nameWords(reply.words)).length === 1,
  };
}

const fillers = new Set(
  "the my our your a an this that module modules integration integrations connector connectors adapter adapters plugin plugins extension one please again back on off to version previous last update older old earlier former of all for me its it called named up now latest".split(
    " ",
  ),
);

function nameWords(words: readonly Word[]): Word[] {
  return words.filter((word) => word.isWord && !fillers.has(word.lower) && !fillers.has(`${word.stem}s`));
}

/** The modules these words name: all of the words must be in the name, the title or the category. Exact names win. */
function findModules(modules: readonly ModuleRow[], names: readonly Word[], mayBeFuzzy = true): ModuleRow[] {
  const said = names.map((word) => word.lower).join("-");
  const exact = modules.filter(
    (module) =>
      module.name === said ||
      `${module.category}/${module.name}` === said ||
      module.title.toLowerCase().replace(/\s+/g, "-") === said,
  );
  if (exact.length > 0) return exact;
  if (!mayBeFuzzy) return [];
  const matches = modules.filter((module) => {
    const own = `${module.category} ${module.name} ${module.title}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
    const stems = new Set(own.map(stemOf));
    return names.every((word) =>
      word.lower.split("-").every((part) => stems.has(stemOf(part)) || own.some((name) => isMistyped(part, name))),
    );
  });
  const byName = matches.filter((module) =>
    names.every((word) =>
      word.lower.split("-").every((part) => module.name.split("-").some((own) => stemOf(own) === stemOf(part))),
    ),
  );
  return byName.length > 0 ? byName : matches;
}

function modulesOf(output: unknown): ModuleRow[] {
  const rows = isRecord(output) && Array.isArray(output.modules) ? output.modules : [];
  return rows.filter(isRecord).map((row) => ({
    category: String(row.category ?? ""),
    name: String(row.name ?? ""),
    title: String(row.title ?? row.name ?? ""),
    state: String(row.state ?? ""),
    problem: typeof row.problem === "string" ? row.problem : null,
    tools: Array.isArray(row.tools) ? row.tools.map(String) : [],
  }));
}

function describeModules(output: unknown): string {
  const modules = modulesOf(output);
  if (modules.length === 0)
    return 'You have no modules yet. Say "Build me a module from" and give the address of an OpenAPI document, or an address that answers JSON.';
  const rows = modules.map(({ title, category, name, state, tools }) => [
    title,
    `${category}/${name}`,
    sayState(state),
    String(tools.length),
  ]);
  const problems = modules.flatMap(({ title, problem }) =>
    problem ? [`- ${inline(title, 80)}: ${inline(problem, 300)}`] : [],
  );
  const head = modules.length === 1 ? "You have one module:" : `You have ${modules.length} modules:`;
  return [
    head,
    table(["Module", "Folder", "State", "Tools"], rows),
    ...(problems.length > 0 ? [problems.join("\n")] : []),
  ].join("\n\n");
}

function describeModule({ title, category, name, state, problem, tools }: ModuleRow): string {
  const count = tools.length === 1 ? "one tool" : `${tools.length} tools`;
  return [
    `The module **${inline(title, 80)}** (${category}/${name}) is ${sayState(state)} and has ${count}.`,
    problem ? inline(problem, 300) : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function sayState(state: string): string {
  return stateWords[state] ?? inline(state.replaceAll("_", " "), 40);
}
