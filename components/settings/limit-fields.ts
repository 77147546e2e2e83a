import { type Budget, budgetSchema } from "@/lib/contracts/run";

type Group = keyof Budget;
export type FieldName = `run.${keyof Budget["run"]}` | `day.${keyof Budget["day"]}`;
export type LimitForm = Record<FieldName, string>;

interface LimitField {
  name: FieldName;
  group: Group;
  label: string;
  unit: string | null;
  /** What one unit on the form is in the stored one. */
  scale: number;
}

const field = (name: FieldName, label: string, unit: string | null = null, scale = 1): LimitField => ({
  name,
  group: name.startsWith("run.") ? "run" : "day",
  label,
  unit,
  scale,
});

export const limitFields: readonly LimitField[] = [
  field("run.steps", "Steps"),
  field("run.toolCalls", "Tool calls"),
  field("run.tokens", "Tokens"),
  field("run.costMicros", "Dollars", "$", 1_000_000),
  field("run.wallMs", "Minutes at work", "min", 60_000),
  field("day.runs", "Runs"),
  field("day.tokens", "Tokens"),
  field("day.costMicros", "Dollars", "$", 1_000_000),
];

/** The limits as they stand in the fields: dollars and minutes, not millionths and milliseconds. */
export function toForm(budget: Budget): LimitForm {
  const entries = limitFields.map(({ name, scale }) => [
    name,
    String(Number((limitOf(budget, name) / scale).toFixed(6))),
  ]);
  return Object.fromEntries(entries) as LimitForm;
}

export type ParsedLimits = { ok: true; budget: Budget } | { ok: false; problems: Partial<Record<FieldName, string>> };

/** The limits that the fields say, or what is wrong with which of them. */
export function parseForm(form: LimitForm): ParsedLimits {
  const read = limitFields.map(({ name, scale }) => [name, toStored(form[name], scale)] as const);
  const numbers = Object.fromEntries(read) as Record<FieldName, number>;
  const group = (which: Group) =>
    Object.fromEntries(
      read.flatMap(([name]) => (name.startsWith(`${which}.`) ? [[name.slice(4), numbers[name]]] : [])),
    );
  const parsed = budgetSchema.safeParse({ run: group("run"), day: group("day") });
  if (parsed.success) return { ok: true, budget: parsed.data };
  const problems: Partial<Record<FieldName, string>> = {};
  for (const issue of parsed.error.issues) {
    const known = limitFields.find(({ name }) => name === issue.path.join("."));
    if (known) problems[known.name] ??= describeProblem(issue, known);
  }
  return { ok: false, problems };
}

function limitOf(budget: Budget, name: FieldName): number {
  const [group, key] = name.split(".") as [Group, string];
  return (budget[group] as Record<string, number>)[key] ?? 0;
}

/** NaN for what is no number. Grouping is refused: `1,000` means a thousand here and one elsewhere. */
function toStored(text: string, scale: number): number {
  const trimmed = text.trim();
  if (!/^\d+(\.\d+)?$/.test(trimmed)) return Number.NaN;
  const stored = Number(trimmed) * scale;
  return scale === 1 ? stored : Math.round(stored);
}

type Issue = Extract<ReturnType<typeof budgetSchema.safeParse>, { success: false }>["error"]["issues"][number];

function describeProblem(issue: Issue, { scale, unit }: LimitField): string {
  const amount = (stored: number) => {
    const text = (stored / scale).toLocaleString("en");
    return unit === "$" ? `$${text}` : unit === null ? text : `${text} ${unit}`;
  };
  if (issue.code === "too_big") return `At most ${amount(Number(issue.maximum))}.`;
  if (issue.code === "too_small") return scale === 1 ? `At least ${amount(Number(issue.minimum))}.` : "More than 0.";
  return scale === 1 ? "A whole number, such as 24." : "A number, such as 2 or 0.5.";
}
