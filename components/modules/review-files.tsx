"use client";

import { useEffect, useMemo, useState } from "react";
import type { ReviewView } from "@/lib/contracts/module";
import { type DiffRow, toDiffRows } from "./diff-lines";

type ReviewFile = ReviewView["files"][number];

/** File list with changed marks on the left, the diff of one file on the right; j and k move between files. */
export function ReviewFiles({ files }: { files: ReviewFile[] }) {
  const sorted = useMemo(() => [...files].sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path)), [files]);
  const [path, setPath] = useState(sorted[0]?.path ?? "");
  const index = Math.max(
    0,
    sorted.findIndex((file) => file.path === path),
  );
  const file = sorted[index];
  useFileKeys((step) => {
    const next = sorted[Math.min(sorted.length - 1, Math.max(0, index + step))];
    if (next) setPath(next.path);
  });
  if (!file) return <p className="my-4 text-muted-foreground text-sm">This version has no files.</p>;
  return (
    <div className="my-4 grid gap-4 lg:grid-cols-[15rem_minmax(0,1fr)]">
      <nav aria-label="Files" className="flex gap-1 overflow-x-auto lg:flex-col lg:overflow-visible">
        {sorted.map((candidate) => (
          <button
            key={candidate.path}
            type="button"
            aria-current={candidate.path === file.path ? "true" : undefined}
            onClick={() => setPath(candidate.path)}
            className="flex shrink-0 items-center justify-between gap-3 rounded-md px-2.5 py-1.5 text-left font-mono text-xs outline-none hover:bg-muted focus-visible:ring-2 focus-visible:ring-ring aria-[current]:bg-muted aria-[current]:font-medium"
          >
            <span className="truncate">{candidate.path}</span>
            <span className="text-muted-foreground">{describeChange(candidate)}</span>
          </button>
        ))}
      </nav>
      <section
        aria-label={`${file.path}, ${describeChange(file) || "unchanged"}`}
        className="min-w-0 overflow-hidden rounded-lg border"
      >
        <DiffTable key={file.path} file={file} />
      </section>
    </div>
  );
}

function DiffTable({ file }: { file: ReviewFile }) {
  const rows = useMemo(() => toDiffRows(file.before, file.after), [file]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section className="overflow-x-auto" tabIndex={0} aria-label={`Code of ${file.path}`}>
      <table className="w-full border-collapse font-mono text-xs leading-5">
        <tbody>
          {rows.map((row, index) => (
            <DiffLine key={index} row={row} isNewFile={file.before === null} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const lineLook: Record<DiffRow["kind"], { className: string; sign: string; label: string }> = {
  same: { className: "", sign: " ", label: "" },
  added: { className: "bg-primary/8", sign: "+", label: "added" },
  removed: { className: "bg-destructive/8", sign: "−", label: "removed" },
  skipped: { className: "bg-muted/60 text-muted-foreground", sign: "", label: "" },
};

function DiffLine({ row, isNewFile }: { row: DiffRow; isNewFile: boolean }) {
  const look = lineLook[row.kind];
  if (row.kind === "skipped")
    return (
      <tr className={look.className}>
        <td colSpan={4} className="px-4 py-1 text-center font-sans">
          {row.text}
        </td>
      </tr>
    );
  return (
    <tr className={isNewFile ? "" : look.className}>
      <td className="w-10 select-none pr-2 pl-3 text-right text-muted-foreground tabular-nums">
        {isNewFile ? row.after : row.before}
      </td>
      {!isNewFile && (
        <td className="w-10 select-none pr-2 text-right text-muted-foreground tabular-nums">{row.after}</td>
      )}
      {!isNewFile && (
        <td className="w-4 select-none text-center">
          {look.label && <span className="sr-only">{look.label}</span>}
          <span aria-hidden>{look.sign}</span>
        </td>
      )}
      <td className="whitespace-pre py-0 pr-4 pl-2">{row.text === "" ? " " : row.text}</td>
    </tr>
  );
}

function useFileKeys(move: (step: 1 | -1) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.metaKey || event.ctrlKey || event.altKey || target.closest("input, textarea, select, [role=dialog]"))
        return;
      if (event.key === "j") move(1);
      if (event.key === "k") move(-1);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}

/** Code first, then what describes it, then the recorded replies. */
function rank(file: ReviewFile): number {
  if (file.path === "adapter.ts") return 0;
  if (file.path === "manifest.json") return 1;
  if (file.path.endsWith(".test.ts")) return 2;
  return file.path.startsWith("cassettes/") ? 4 : 3;
}

function describeChange(file: ReviewFile): string {
  if (file.before === null) return "new";
  if (file.after === null) return "gone";
  return file.before === file.after ? "" : "changed";
}
