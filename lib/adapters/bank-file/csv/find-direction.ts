import type { ColumnMapping } from "../../../contracts/adapter";
import type { Table } from "./find-table";
import { plainHeader } from "./header-words";
import type { Row } from "./parse-rows";

const headers = new Set(
  [
    "debit credit",
    "credit debit",
    "credit debit indicator",
    "dr cr",
    "cr dr",
    "d c",
    "c d",
    "soll haben",
    "soll haben kennzeichen",
    "af bij",
    "sens",
    "direction",
    "type",
    "transaction type",
  ].map(plainHeader),
);
const out = new Set(["dr", "d", "db", "debit", "s", "soll", "af", "out", "withdrawal"]);
const back = new Set(["cr", "c", "credit", "h", "haben", "bij", "in", "deposit"]);

/**
 * Some banks write amounts without a sign and say in a column of its own which way the money went.
 * @returns which rows are money out; none where amounts have signs already
 */
export function findDirection(
  table: Table,
  mapping: ColumnMapping,
  amountCells: readonly string[],
): (row: Row) => boolean {
  const hasSigns = amountCells.some((cell) => /[-−(+]/.test(cell));
  if (hasSigns || mapping.amount === undefined || mapping.isSpentPositive) return () => false;
  const at = table.columns.findIndex((name, index) => {
    const words = table.rows.map(({ cells }) => plainHeader(cells[index] ?? "")).filter(Boolean);
    return headers.has(plainHeader(name)) && words.length > 0 && words.every((word) => out.has(word) || back.has(word));
  });
  return (row) => at >= 0 && out.has(plainHeader(row.cells[at] ?? ""));
}
