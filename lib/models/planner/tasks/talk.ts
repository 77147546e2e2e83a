import { inline } from "../answers/escape";
import type { IntentName } from "../intents";
import { listForms } from "../language/clauses";
import type { Message } from "../language/message";
import { compilePattern, matchPattern } from "../language/pattern";
import { cancelWords } from "../language/vocabulary";
import { type Context, hasTool, sayTask, type Task } from "../task";
import { buildTool } from "./build";
import { mathTool } from "./calculate";
import { listTool } from "./modules";
import { searchTool, storeTool } from "./knowledge";
import { pageTool } from "./read-page";
import { codeTool } from "./run-code";
import { timeTool } from "./tell-time";

const maxExamples = 8;
const cancels = cancelWords.map(compilePattern);

const builtinHelp: readonly [tool: string, line: string][] = [
  [mathTool, 'calculate: "What is 17.5% of 240?", "Convert 5 miles to km"'],
  [timeTool, 'tell the time and the date: "What time is it in Tokyo?"'],
  [pageTool, 'read a web page: "Read https://example.com"'],
  [codeTool, 'run JavaScript in a sandbox: "Run this code: return [3, 1, 2].sort()"'],
  [storeTool, 'keep something for you: "Remember that the boiler code is in the blue folder"'],
  [searchTool, 'find it again: "What do I know about the boiler?"'],
  [listTool, 'list, enable, disable and roll back modules: "Which modules do I have?"'],
  [buildTool, 'build a module from an API: "Build me a module from https://api.example.com/openapi.json"'],
];
/** Those that come with Burgeon and are chosen by their questions, like those of modules. */
const ownHelp: readonly [tool: string, line: string][] = [
  ["list_events", 'look at your calendar: "What is on tomorrow?", "When is my dentist appointment?"'],
  ["create_event", 'change it, when you allow it: "Move my dentist to Friday at 10"'],
  ["query_finance", 'sum up your money: "How much did I spend on groceries last month?"'],
  ["get_daily_briefing", 'tell you the day: "What does my day look like?"'],
  ["get_weather", 'look up weather and ways: "Do I need an umbrella?", "How long does it take to get to work?"'],
];
const ownNames = new Set([
  ...ownHelp.map(([tool]) => tool),
  ..."search_events find_free_time update_event delete_event list_accounts get_balances list_transactions".split(" "),
  ..."get_user_context plan_day prepare_meeting get_commute_time save_place web_search".split(" "),
]);
const builtinNames = new Set([
  ...builtinHelp.map(([tool]) => tool),
  "enable_module",
  "disable_module",
  "rollback_module",
]);

const honest = "I am Burgeon's built-in planner: a fixed set of rules, not a language model.";
const connect = "To talk freely, connect a language model in Settings › Models.";

/** Is this one of the tools that come with Burgeon and have a reader of their own here? */
export function isBuiltin(tool: string): boolean {
  return builtinNames.has(tool);
}

/** What is answered without calling anything. */
export function readTalk(intent: IntentName, context: Context): Task | null {
  switch (intent) {
    case "greeting":
      return sayTask(intent, 'Hello! What can I do for you? Ask "What can you do?" to see my tools.');
    case "thanks":
      return sayTask(intent, "You are welcome.");
    case "goodbye":
      return sayTask(intent, "Goodbye!");
    case "capabilities":
      return sayTask(intent, `${honest} ${listAbilities(context)}\n\n${connect}`);
    case "identity":
      return sayTask(
        intent,
        `${honest} I understand a number of requests, call tools for them and answer from what the tools return. ${connect}`,
      );
    case "model-help":
      return sayTask(
        intent,
        "Right now the built-in planner answers you. Open Settings › Models to choose another: OpenAI, Anthropic, Google, or any OpenAI-compatible server such as Ollama on your own machine. Set the provider's key there, choose the model, press Test and save; it answers from your next message on.",
      );
    case "key-help":
      return sayTask(
        intent,
        "Please do not write keys or passwords into the chat. A model's key belongs into Settings › Models; what a module needs is typed into the form on its page, after you approved it. Both are sealed and never shown again.",
      );
    case "build-help":
      return sayTask(
        intent,
        'Say "Build me a module from" and give the address of an OpenAPI document or an address that answers JSON, or paste a sample reply. I write the module, test it in a sandbox and put it up for your review. Nothing of it runs before you approve it.',
      );
    case "remind":
      return sayTask(
        intent,
        `I cannot remind you at a certain time: no tool does that yet.${hasTool(context, storeTool) ? ' I can keep it as a note; say "Remember that …".' : ""}`,
      );
    default:
      return null;
  }
}

/** The honest answer to what was not understood. */
export function sayNotUnderstood(context: Context): Task {
  return sayTask("not-understood", `I did not understand that. ${honest} ${listAbilities(context)}\n\n${connect}`);
}

function listAbilities(context: Context): string {
  const lines = [...builtinHelp, ...ownHelp].flatMap(([tool, line]) => (hasTool(context, tool) ? [`- ${line}`] : []));
  const others = context.tools.filter(({ name }) => !isBuiltin(name) && !ownNames.has(name));
  // One question of each tool, so that no module with many questions hides the others.
  const examples = others
    .map(({ questions, title, description }) => questions[0] ?? (title || description))
    .filter((text) => text !== "");
  const shown = [...new Set(examples)].slice(0, maxExamples).map(
    (text) =>
      `- ${inline(
        text.replace(/\{(\w+)\}/g, (_, name: string) => `… (${name.replaceAll("_", " ")})`),
        160,
      )}`,
  );
  const rest = examples.length > maxExamples ? [`- and ${examples.length - maxExamples} more`] : [];
  if (lines.length === 0 && shown.length === 0) return "No tools are offered to me right now.";
  const own = lines.length > 0 ? `I can\n\n${lines.join("\n")}` : "";
  const modules = shown.length > 0 ? `Your modules answer, for example:\n\n${[...shown, ...rest].join("\n")}` : "";
  return [own, modules].filter(Boolean).join("\n\n");
}

/** "Never mind", with or without an "oh, actually" before it. */
export function isCancel({ words }: Message): boolean {
  const forms = listForms({ words, isQuestion: false });
  return forms.some((form) => cancels.some((pattern) => matchPattern(pattern, form.words)));
}
