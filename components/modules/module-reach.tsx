import type { ModuleManifest } from "@/lib/contracts/module";
import { formatMs } from "./health-sparkline";

interface Props {
  manifest: ModuleManifest;
  calls: { ok: boolean; durationMs: number }[];
}

/** What the module can do and touch: its operations, its hosts, and how the last calls went. */
export function ModuleReach({ manifest, calls }: Props) {
  const failed = calls.filter((call) => !call.ok).length;
  return (
    <section aria-labelledby="reach-title" className="mt-8">
      <h2 id="reach-title" className="font-medium">
        What it can do
      </h2>
      <div className="mt-3 overflow-hidden rounded-lg border">
        <ul className="divide-y">
          {Object.entries(manifest.operations).map(([name, operation]) => (
            <li key={name} className="flex flex-col gap-1 px-4 py-3 sm:flex-row sm:items-baseline sm:gap-4">
              <code className="shrink-0 font-mono text-xs sm:w-44">{name}</code>
              <span className="grow text-sm">{operation.description}</span>
              <span className="shrink-0 text-muted-foreground text-xs">
                {operation.effect === "read"
                  ? "Reads"
                  : operation.effect === "write"
                    ? "Writes, asks first"
                    : "Deletes, asks first"}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <dl className="mt-4 grid gap-4 text-sm sm:grid-cols-3">
        <Fact
          label="May reach"
          value={
            Object.values(manifest.connections)
              .map((connection) => new URL(connection.baseUrl).host)
              .join(", ") || "nothing"
          }
        />
        <Fact
          label="Recent calls"
          value={
            calls.length === 0 ? "none yet" : `${calls.length}, ${failed === 0 ? "none failed" : `${failed} failed`}`
          }
        />
        <Fact
          label="Typical time"
          value={calls.length === 0 ? "not known yet" : formatMs(median(calls.map((call) => call.durationMs)))}
        />
      </dl>
    </section>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="text-muted-foreground text-xs">{label}</dt>
      <dd className="mt-0.5 break-words tabular-nums">{value}</dd>
    </div>
  );
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
