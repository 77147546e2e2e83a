import { diffLines as diffByLine } from "diff";

export interface DiffRow {
  kind: "same" | "added" | "removed" | "skipped";
  text: string;
  /** Line numbers in the old and the new file. */
  before: number | null;
  after: number | null;
}

const contextLines = 3;

/** A unified diff as rows; long unchanged stretches become one `skipped` row that says how many lines it hides. */
export function toDiffRows(before: string | null, after: string | null): DiffRow[] {
  const rows: DiffRow[] = [];
  let beforeLine = 1;
  let afterLine = 1;
  for (const part of diffByLine(before ?? "", after ?? "")) {
    const lines = part.value.replace(/\n$/, "").split("\n");
    for (const text of lines) {
      if (part.added) rows.push({ kind: "added", text, before: null, after: afterLine++ });
      else if (part.removed) rows.push({ kind: "removed", text, before: beforeLine++, after: null });
      else rows.push({ kind: "same", text, before: beforeLine++, after: afterLine++ });
    }
  }
  return before === null ? rows : hideUnchanged(rows);
}

function hideUnchanged(rows: DiffRow[]): DiffRow[] {
  const isNear = rows.map((_, index) =>
    rows.slice(Math.max(0, index - contextLines), index + contextLines + 1).some((row) => row.kind !== "same"),
  );
  const shown: DiffRow[] = [];
  let hidden = 0;
  const flush = () => {
    if (hidden > 0)
      shown.push({
        kind: "skipped",
        text: `${hidden} unchanged ${hidden === 1 ? "line" : "lines"}`,
        before: null,
        after: null,
      });
    hidden = 0;
  };
  rows.forEach((row, index) => {
    if (!isNear[index]) {
      hidden++;
      return;
    }
    flush();
    shown.push(row);
  });
  flush();
  return shown;
}
