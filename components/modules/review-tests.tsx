import { CircleCheck, CircleX } from "lucide-react";
import type { CheckReport } from "@/lib/contracts/module";
import { formatMs } from "./health-sparkline";

/** Every test that ran in the sandbox with its outcome, every finding, and the operations no test touched. */
export function ReviewTests({ report, operations }: { report: CheckReport | null; operations: string[] }) {
  if (!report) return <p className="my-4 text-muted-foreground text-sm">This version has not been checked yet.</p>;
  const untested = operations.filter((operation) => !report.coverage.tested.includes(operation));
  return (
    <div className="my-4 flex flex-col gap-4 text-sm">
      <ol className="flex flex-wrap gap-2" aria-label="Stages of the check">
        {report.stages.map((stage) => (
          <li key={stage.name} className="inline-flex items-center gap-1.5 rounded-full border px-2.5 py-1 text-xs">
            <Mark ok={stage.ok} />
            {stage.name} <span className="text-muted-foreground tabular-nums">{formatMs(stage.durationMs)}</span>
          </li>
        ))}
      </ol>
      {untested.length > 0 && <p className="text-warning">No test runs {untested.join(", ")}.</p>}
      {report.findings.length > 0 && (
        <ul className="divide-y rounded-lg border border-destructive/40">
          {report.findings.map((finding) => (
            <li
              key={`${finding.code} ${finding.file} ${finding.line ?? ""} ${finding.message}`}
              className="px-4 py-2.5"
            >
              <span className="font-mono text-muted-foreground text-xs">
                {finding.file}
                {finding.line ? `:${finding.line}` : ""} · {finding.code}
              </span>
              <p className="mt-0.5">{finding.message}</p>
              {finding.hint && <p className="text-muted-foreground">{finding.hint}</p>}
            </li>
          ))}
        </ul>
      )}
      <ul className="divide-y rounded-lg border">
        {report.tests.map((test) => (
          <li key={test.name} className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 py-2.5">
            <span className="mt-0.5">
              <Mark ok={test.ok} />
            </span>
            <span className="min-w-0 grow">{test.name}</span>
            <span className="text-muted-foreground text-xs tabular-nums">{formatMs(test.durationMs)}</span>
            {test.message && (
              <pre className="w-full overflow-x-auto whitespace-pre-wrap pl-7 font-mono text-destructive text-xs">
                {test.message}
              </pre>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Mark({ ok }: { ok: boolean }) {
  return ok ? (
    <CircleCheck aria-label="passed" className="size-4 text-primary" />
  ) : (
    <CircleX aria-label="failed" className="size-4 text-destructive" />
  );
}
