import { type ModelChoice, modelChoiceSchema } from "@/lib/contracts/model";

type Facts = Pick<ModelChoice, "contextTokens" | "price">;
export type FactName = "contextTokens" | "input" | "output";
export type FactTexts = Record<FactName, string>;
export type FactProblems = Partial<Record<FactName, string>>;

export const factFields: readonly { name: FactName; label: string; placeholder: string }[] = [
  { name: "contextTokens", label: "Window, tokens", placeholder: "Not set" },
  { name: "input", label: "$ per million tokens in", placeholder: "Unknown" },
  { name: "output", label: "$ per million tokens out", placeholder: "Unknown" },
];

const schema = modelChoiceSchema.pick({ contextTokens: true, price: true });

/** What is known of a model, as it stands in the fields. */
export function toTexts({ contextTokens, price }: Facts): FactTexts {
  return { contextTokens: write(contextTokens), input: write(price?.input), output: write(price?.output) };
}

type ParsedFacts = { ok: true; facts: Facts } | { ok: false; problems: FactProblems };

/** What the fields say of a model, or what is wrong with which of them. A price is known as soon as one side of it is. */
export function parseTexts(texts: FactTexts): ParsedFacts {
  const [contextTokens, input, output] = [read(texts.contextTokens), read(texts.input), read(texts.output)];
  const isPriceKnown = input !== undefined || output !== undefined;
  const parsed = schema.safeParse({
    ...(contextTokens === undefined ? {} : { contextTokens }),
    ...(isPriceKnown ? { price: { input: input ?? 0, output: output ?? 0 } } : {}),
  });
  if (parsed.success) return { ok: true, facts: parsed.data };
  const problems: FactProblems = {};
  for (const issue of parsed.error.issues) {
    const known = factFields.find(({ name }) => name === issue.path.at(-1));
    if (known) problems[known.name] ??= describeProblem(issue, known.name);
  }
  return { ok: false, problems };
}

/** Never as `1e-7`, which nobody would write and the field would not take back. */
function write(value: number | undefined): string {
  return value === undefined ? "" : value.toLocaleString("en", { useGrouping: false, maximumFractionDigits: 20 });
}

/** NaN for what is no number. Grouping is refused: `1,000` means a thousand here and one elsewhere. */
function read(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  return /^-?(\d+\.?\d*|\.\d+)$/.test(trimmed) ? Number(trimmed) : Number.NaN;
}

type Issue = Extract<ReturnType<typeof schema.safeParse>, { success: false }>["error"]["issues"][number];

function describeProblem(issue: Issue, name: FactName): string {
  const amount = (bound: number | bigint) => `${name === "contextTokens" ? "" : "$"}${bound.toLocaleString("en")}`;
  if (issue.code === "too_big") return `At most ${amount(issue.maximum)}.`;
  if (issue.code === "too_small") return `At least ${amount(issue.minimum)}.`;
  return name === "contextTokens"
    ? "Write a whole number without separators, such as 128000."
    : "Write dollars as a number with a point, such as 3 or 0.05.";
}
