import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { BoundsError, runBounded } from "./bounded-thread";
import { defineTool } from "../define-tool";

const timeoutMs = 3000;

/** mathjs in a thread that is ended when it takes too long. */
export const solveMath = defineTool({
  name: "math_solver",
  title: "Calculate",
  description:
    "Evaluates a mathematical expression exactly as written: arithmetic, powers, roots, percentages, units (5 km to mile), trigonometry, statistics, matrices, complex numbers. Several lines may assign variables; the last value is the result.",
  effect: "read",
  idempotency: "read",
  timeoutMs: timeoutMs + 22_000,
  input: z.strictObject({
    expression: z.string().trim().min(1).max(1000).describe("for example (17.5 * 3) / 2^4, sqrt(2), 12 inch to cm"),
  }),
  output: z.object({ expression: z.string(), result: z.string() }),
  questions: [
    "What is 17.5% of 240?",
    "Calculate (12 + 8) * 3",
    "What is the square root of 1764?",
    "Convert 5 miles to km",
  ],
  async execute({ expression }, { signal }) {
    return {
      kind: "done",
      output: { expression, result: await evaluate(expression, signal) },
      source: "calculated",
    };
  },
});

// One file of the same package, made for browsers: its 700 modules take six times as long to load, and that is most of what a
// calculation takes.
const library = "mathjs/lib/browser/math.js";
// What reaches outside of a calculation, or changes the calculator itself, is switched off before the expression is read.
// Numbers are decimal with 32 digits, so that 0.1 + 0.2 is 0.3.
const program = `
const math = load("${library}").create();
math.config({ number: "BigNumber", precision: 32 });
const evaluate = math.evaluate;
const names = ["import", "createUnit", "reviver", "evaluate", "parse", "parser", "simplify", "derivative", "resolve", "compile", "help", "rationalize", "simplifyCore", "symbolicEqual"];
const off = (name) => () => { throw new Error(name + " is not available here"); };
math.import(Object.fromEntries(names.filter((name) => name in math).map((name) => [name, off(name)])), { override: true });
try {
  const value = evaluate(input, {});
  const last = value && value.isResultSet ? value.entries.at(-1) : value;
  if (typeof last === "function") throw new Error("the expression is a function, not a value");
  answer({ result: math.format(last, { precision: 14, lowerExp: -9, upperExp: 15 }).slice(0, 20000) });
} catch (cause) {
  answer({ error: String((cause && cause.message) || cause).slice(0, 300) });
}
`;

const answerSchema = z.object({ result: z.string().max(10_000).optional(), error: z.string().optional() });

async function evaluate(expression: string, signal: AbortSignal): Promise<string> {
  try {
    const answer = answerSchema.parse(
      await runBounded({ program, input: expression, packages: [library], timeoutMs, memoryMb: 96, signal }),
    );
    if (answer.result !== undefined) return answer.result;
    throw new AppError("invalid", `This cannot be calculated: ${answer.error ?? "no value"}.`);
  } catch (cause) {
    if (!(cause instanceof BoundsError || cause instanceof z.ZodError)) throw cause;
    throw new AppError("invalid", "The calculation takes too long or needs too much memory.", {
      hint: "Make the numbers or the steps smaller.",
      cause,
    });
  }
}
