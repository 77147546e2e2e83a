import { Counter, Gauge, Registry } from "prom-client";
import { asSystem } from "@/lib/contracts/viewer";
import { readMetrics } from "@/lib/db/metrics";

/** The installation's numbers in the text format of Prometheus. */
export async function writeMetrics(): Promise<{ text: string; contentType: string }> {
  const registry = new Registry();
  const known = new Map<string, Gauge | Counter>();
  for (const { name, help, type, labels, value } of await readMetrics(asSystem("auth"))) {
    const labelNames = Object.keys(labels);
    const Metric = type === "counter" ? Counter : Gauge;
    const metric = known.get(name) ?? new Metric({ name, help, labelNames, registers: [registry] });
    known.set(name, metric);
    metric.inc(labels, value);
  }
  return { text: await registry.metrics(), contentType: registry.contentType };
}
