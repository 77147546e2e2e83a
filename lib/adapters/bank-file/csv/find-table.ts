import { headerWords, plainHeader, type ColumnRole } from "./header-words";
import { isDataRow, type Row } from "./parse-rows";

export interface Table {
  /** Names that differ from each other; `Column 2` where the file has none. */
  columns: string[];
  rows: Row[];
  hasHeader: boolean;
}

/** Banks put addresses and balances above the table; no more lines than this. */
const maxPreambleRows = 40;
const maxNameChars = 100;

/** Where the table begins, and what its columns are called. */
export function findTable(rows: Row[]): Table {
  const headerAt = rows.slice(0, maxPreambleRows).findIndex(({ cells }) => isHeader(cells));
  const firstIsData = isDataRow(rows[0]?.cells ?? []);
  const start = headerAt >= 0 ? headerAt : firstIsData ? -1 : 0;
  const body = rows.slice(start + 1);
  const header = start >= 0 ? (rows[start]?.cells ?? []) : [];
  const width = Math.max(header.length, ...body.slice(0, maxPreambleRows).map(({ cells }) => cells.length));
  return { columns: nameColumns(header, width), rows: body, hasHeader: start >= 0 };
}

/** How well a header fits a role: lower is better; null when it does not. */
export function rankHeader(header: string, role: ColumnRole): number | null {
  const plain = plainHeader(header);
  const words = headerWords[role];
  const exact = words.indexOf(plain);
  if (exact >= 0) return exact;
  const inside = words.findIndex((word) => ` ${plain} `.includes(` ${word} `));
  return inside >= 0 ? words.length + inside : null;
}

function isHeader(cells: readonly string[]): boolean {
  if (isDataRow(cells)) return false;
  const has = (role: ColumnRole) => cells.some((cell) => cell.length <= 60 && rankHeader(cell, role) !== null);
  return has("date") && (has("amount") || has("debit") || has("credit"));
}

function nameColumns(header: readonly string[], width: number): string[] {
  const used = new Map<string, number>();
  return Array.from({ length: width }, (_, at) => {
    const name = header[at]?.slice(0, maxNameChars) || `Column ${at + 1}`;
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
