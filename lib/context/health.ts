import { healthMetricSchema, healthSummarySchema } from "@/lib/contracts/canonical";
import type { ContextItem, Priority } from "@/lib/contracts/context";

export interface HealthToday {
  hrv?: number;
  sleepScore?: number;
  readinessScore?: number;
  steps?: number;
}

/** Zero is a value and nothing is not: what was not measured ranks nowhere. */
export function rankHealth(health: HealthToday | null, source: string): ContextItem[] {
  if (health === null) return [];
  const item = (id: string, priority: Priority, score: number, title: string) =>
    ({
      id: `health:${source}:${id}`,
      category: "health",
      priority,
      score,
      title,
      detail: null,
      at: null,
    }) satisfies ContextItem;
  const { hrv, sleepScore, readinessScore: readiness, steps } = health;
  const rank = (isBad: boolean, bad: [Priority, number]): [Priority, number] => (isBad ? bad : ["low", 30]);
  const known: [string, number | undefined, (value: number) => [Priority, number], (value: number) => string][] = [
    ["hrv", hrv, (value) => rank(value < 30, ["high", 75]), (value) => `Heart rate variability ${value} ms`],
    ["sleep", sleepScore, (value) => rank(value < 60, ["medium", 45]), (value) => `Sleep score ${value}`],
    ["readiness", readiness, rankReadiness, (value) => `Readiness ${value}`],
    ["steps", steps, () => ["medium", 35], (value) => `${value} steps`],
  ];
  return known.flatMap(([id, value, rankOf, wordsOf]) => {
    if (value === undefined) return [];
    const [priority, score] = rankOf(value);
    return [item(id, priority, score, wordsOf(Math.round(value)))];
  });
}

function rankReadiness(score: number): [Priority, number] {
  if (score < 50) return ["high", 60];
  return score < 70 ? ["medium", 30] : ["low", 30];
}

const fields = new Map<string, keyof HealthToday>([
  ["hrv", "hrv"],
  ["sleep_score", "sleepScore"],
  ["readiness", "readinessScore"],
  ["steps", "steps"],
]);

/** Single measurements as a summary: of each kind the newest. */
function summaryOf(items: readonly unknown[]): HealthToday | null {
  const metrics = items.flatMap((item) => healthMetricSchema.safeParse(item).data ?? []);
  const summary: HealthToday = {};
  for (const { metric, value } of metrics.sort((a, b) => Date.parse(a.at) - Date.parse(b.at))) {
    const field = fields.get(metric.toLowerCase());
    if (field) summary[field] = value;
  }
  return Object.keys(summary).length > 0 ? summary : null;
}

function newest<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item | null {
  return items.reduce<Item | null>((best, item) => (best === null || keyOf(item) > keyOf(best) ? item : best), null);
}

/** The newest day that a module told of; null when what it brought is no health. */
export function readHealth(canonical: string, items: readonly unknown[]): HealthToday | null {
  if (canonical === "HealthMetric") return summaryOf(items);
  if (canonical !== "HealthSummary") return null;
  return newest(
    items.flatMap((item) => healthSummarySchema.safeParse(item).data ?? []),
    ({ date }) => date,
  );
}
