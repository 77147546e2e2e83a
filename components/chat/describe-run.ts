import type { BuildView } from "@/lib/conversation/build-view";
import type { ChatRunView, ToolPart } from "@/lib/conversation/run-view";

/** What the run is doing now, in a few words; null when its text or a tool says so itself, or when it is over. */
export function describeWork(run: ChatRunView): string | null {
  if (run.finishedAt !== null) return null;
  if (run.status === "queued") return "Waiting for its turn";
  if (run.status === "waiting") return null;
  const newest = run.parts.at(-1);
  if (newest?.kind === "text" && newest.isStreaming && newest.text !== "") return null;
  if (newest?.kind === "tool" && newest.status !== "done" && newest.status !== "failed") return null;
  return run.attempt > 1 ? "Going on after an interruption" : "Thinking";
}

/** Steps that called tools and have all their results: from these the answer can be made in another way. Newest first. */
export function listForkableSteps(run: ChatRunView): { step: number; title: string }[] {
  const steps = new Map<number, ToolPart[]>();
  for (const part of run.parts) if (part.kind === "tool") steps.set(part.step, [...(steps.get(part.step) ?? []), part]);
  return [...steps]
    .filter(([, parts]) => parts.every(({ status }) => status === "done" || status === "failed" || status === "denied"))
    .map(([step, parts]) => ({ step, title: parts.map(({ title }) => title).join(", ") }))
    .reverse();
}

/** What a person who does not see the screen is told, once per change. */
export function announceRun(run: ChatRunView | undefined, answer: string): string {
  if (!run) return "";
  const asked = run.parts.find(
    (part): part is ToolPart => part.kind === "tool" && part.approval?.decision === "pending",
  );
  if (asked) return `Burgeon asks for your approval: ${asked.title}`;
  switch (run.status) {
    case "queued":
    case "running":
      return "Burgeon is answering.";
    case "waiting":
      return "Burgeon is building a module.";
    case "done":
      return `Burgeon: ${shorten(answer, 600)}`;
    case "stopped":
      return "The answer was stopped.";
    case "failed":
    case "dead":
    case "budget_exhausted":
      return run.error ? `The answer failed. ${run.error.message}` : "The answer failed.";
  }
}

/** `340 ms`, `2.4 s`, `1 min 20 s`. */
export function formatDuration(durationMs: number): string {
  if (Math.round(durationMs) < 1000) return `${Math.max(0, Math.round(durationMs))} ms`;
  const tenths = Math.round(durationMs / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Why the newest attempt of a build did not pass: its first failing test, else its first finding. Null when it passed. */
export function findBuildFailure(build: BuildView): { what: string; why: string | null } | null {
  const check = build.checks.at(-1);
  if (!check || check.ok) return null;
  const test = check.tests.find((one) => !one.ok);
  if (test) return { what: test.name, why: test.message ?? null };
  const finding = check.findings[0];
  if (!finding) return { what: "The check did not pass.", why: null };
  const place = finding.line === undefined ? finding.file : `${finding.file}:${finding.line}`;
  return { what: finding.message, why: finding.hint ? `${place} · ${finding.hint}` : place };
}

/** A value as text that a person can read: text as it is, the rest as indented JSON, cut where it would only slow the page. */
export function printValue(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");
  return text.length > maxPrinted
    ? `${text.slice(0, maxPrinted)}\n… ${text.length - maxPrinted} more characters`
    : text;
}
const maxPrinted = 20_000;

function shorten(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars)}…`;
}
