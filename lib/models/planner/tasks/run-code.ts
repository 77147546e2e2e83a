import { codeBlock, inline } from "../answers/escape";
import type { Message } from "../language/message";
import { compilePattern, matchPattern } from "../language/pattern";
import { isRecord } from "../read-prompt";
import { askTask, callTask, type Context, hasTool, type ReadTask, sayTask, slotText, type Task } from "../task";

export const codeTool = "execute_code";

const javascript = new Set(["", "js", "javascript", "mjs", "node", "typescript", "ts", "jsx", "ecmascript"]);
const announced = compilePattern(
  "this|the|my|following|a|some? this|the|following|piece_of|little|short|small? javascript|js? code|javascript|js|script|snippet|program|function|expression in_javascript|for_me|please? : <code>",
);
const withoutCode = compilePattern(
  "this|the|my|following|a|some|any? piece_of|little|short|small? javascript|js? code|javascript|js|script|snippet|program|function <more?>",
);
/** What code looks like when nobody marked it as code. */
const looksLikeCode =
  /=>|;\s*$|\breturn\b[^.]*[;()[\]{}+*/'"\d]|\b(?:const|let|var|function)\s+[\w$]+|[\w$\])]\.[\w$]+\(|console\.\w+\(|\bnew [A-Z]\w*\(|\bMath\.\w+|^\[.*\]\.|for\s*\(/m;

/** "Run this code: …", a fenced block after "execute", and so on. */
export const readCode: ReadTask = (clause, message, context, found) => {
  const first = clause.words.find((word) => word.isWord)?.stem ?? "";
  const rest = slotText(found, "rest", clause.words, message);
  const [block] = message.code;
  const isAboutBlock = clause.words.some((word) => word.text.startsWith("§code"));
  if (block && (isAboutBlock || isCommand(clause.words)))
    return runBlock(block, message, context, first.startsWith("§"));
  const slot = found.slots.rest;
  const words = slot ? clause.words.slice(slot.from) : [];
  const marked = matchPattern(announced, words);
  if (marked?.slots.code) {
    const start = words[marked.slots.code.from]?.start;
    return start === undefined ? null : runText(message.text.slice(start).trim(), context);
  }
  if (rest !== "" && looksLikeCode.test(rest)) return runText(restOfMessage(words[0]?.start, message, rest), context);
  return matchPattern(withoutCode, words) && isCommand(clause.words) ? askForCode(context) : null;
};

/** "result of" and "what does … return" are also said of other things; "run" and "execute" are commands. */
function isCommand(words: readonly { lower: string; isWord: boolean }[]): boolean {
  const first = words.find((word) => word.isWord)?.lower ?? "";
  return /^(run|execute|exec|eval|evaluate|interpret|try)$/.test(first);
}

/** Code may hold signs that end a sentence, so it goes on to the end of the message. */
function restOfMessage(start: number | undefined, message: Message, fallback: string): string {
  return start === undefined || /§/.test(message.text)
    ? fallback
    : message.text
        .slice(start)
        .replace(/^(?:this|the following|javascript|js|code)\s*:?\s*/i, "")
        .trim();
}

function runBlock(block: Message["code"][number], message: Message, context: Context, isBare: boolean): Task {
  const names = message.words.filter((word) =>
    /^(python|ruby|bash|java|rust|php|golang|perl|shell|sql)$/.test(word.lower),
  );
  const language = javascript.has(block.language) ? (names[0]?.lower ?? "") : block.language;
  if (!javascript.has(language))
    return sayTask(
      "code",
      `I can run JavaScript only, and this is ${inline(language, 30)}. Write it in JavaScript and I will run it in the sandbox.`,
    );
  return runText(block.text, context, isBare);
}

function runText(code: string, context: Context, isBare = false): Task {
  if (!hasTool(context, codeTool))
    return sayTask("code", "I cannot run code right now: the tool for it is not offered.");
  return callTask("code", { tool: codeTool, input: { code } }, describeRun, isBare);
}

function askForCode(context: Context): Task {
  return askTask(
    "code",
    "I cannot write code, only run it. Which JavaScript shall I run? Paste it between two lines of ```.",
    (reply) => {
      const [block] = reply.code;
      if (block) return runBlock(block, reply, context, false);
      return looksLikeCode.test(reply.raw) ? runText(reply.raw.trim(), context) : null;
    },
  );
}

function describeRun(output: unknown): string {
  if (!isRecord(output)) return "The code ended without a value.";
  const logs = Array.isArray(output.logs) ? output.logs.map(String) : [];
  const value = output.value === null || output.value === undefined ? null : output.value;
  const shown = typeof value === "string" ? value : JSON.stringify(value, null, isRecord(value) ? 2 : undefined);
  const parts =
    value === null
      ? ["The code ran and returned nothing."]
      : ["The code returned:", codeBlock(shown.slice(0, 20_000), typeof value === "string" ? "" : "json")];
  if (logs.length > 0) parts.push("It logged:", codeBlock(logs.join("\n").slice(0, 10_000)));
  return parts.join("\n\n");
}
