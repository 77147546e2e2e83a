import { isRecord, type PastCall } from "../read-prompt";
import type { Clause } from "../language/clauses";
import { asksForResult, findExpression, toExpression } from "../language/math-expression";
import type { Message } from "../language/message";
import { inline, inlineCode } from "../answers/escape";
import { callTask, type Context, hasTool, sayTask, type Task, textOf } from "../task";
import { compilePattern, matchPattern } from "../language/pattern";

export const mathTool = "math_solver";

/** Longer than the tool takes. */
const maxChars = 1000;

const beginnings = [
  "@calculate|find|give_me|get|show|do the? result|value|answer|math|sum? of|for? <rest>",
  "@calculate|do this|the|following ~ :? <rest>",
  "what is|are|does the? result|value|answer|outcome of|to|when|for? <rest>",
  "how much|many is|are|does|do|would? <rest>",
  "what do|would i|you|we get when|if|for i|you|we? <rest>",
  "what is|are|was <rest>",
  "what <rest>",
  "use|using the? calculator|math_solver to|for|on @calculate? <rest>",
].map(compilePattern);

const endings = /\s+(?:is|are|equal|equals|make|makes|come to|comes to|give|be)(?: to)?$/i;

/**
 * A clause that is nothing but a calculation, or asks for one.
 * @param isWhole only the first
 */
export function readCalculation(clause: Clause, message: Message, context: Context, isWhole = false): Task | null {
  const [first, last] = [clause.words[0], clause.words.at(-1)];
  if (!first || !last || clause.words.length > 120 || last.end - first.start > maxChars) return null;
  const expression = expressionOf(clause, message, isWhole);
  if (expression === null) return null;
  if (!hasTool(context, mathTool))
    return sayTask("math", "I cannot calculate right now: the tool for it is not offered.");
  return calculate(expression);
}

/** "and divided by 2?" after a calculation goes on from its expression. */
export function continueCalculation(clause: Clause, message: Message, last: PastCall): Task | null {
  const before = last.input.expression;
  if (typeof before !== "string") return null;
  const expression = toExpression(`1 ${textOf(clause.words, message)}`);
  return expression?.startsWith("1 ") ? calculate(`(${before})${expression.slice(1)}`) : null;
}

function expressionOf(clause: Clause, message: Message, isWhole: boolean): string | null {
  const text = textOf(clause.words, message);
  for (const candidate of candidatesOf(clause, message)) {
    const expression = toExpression(candidate) ?? toExpression(candidate.replace(endings, ""));
    if (expression) return expression;
  }
  return !isWhole && asksForResult(clause.words) ? findExpression(text) : null;
}

function candidatesOf(clause: Clause, message: Message): string[] {
  const candidates = [textOf(clause.words, message)];
  for (const pattern of beginnings) {
    const found = matchPattern(pattern, clause.words);
    const rest = found?.slots.rest;
    if (rest) candidates.push(textOf(clause.words.slice(rest.from), message));
  }
  return candidates;
}

function calculate(expression: string): Task {
  return callTask("math", { tool: mathTool, input: { expression } }, (output) => {
    const result = isRecord(output) ? String(output.result ?? "") : "";
    return `${inlineCode(expression)} = **${inline(result, 20_000)}**`;
  });
}
