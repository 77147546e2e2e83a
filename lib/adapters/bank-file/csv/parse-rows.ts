import Papa from "papaparse";
import { looksLikeAmount } from "../read-amount";
import { looksLikeDate } from "../read-date";

export interface Row {
  /** Counted from 1, as editors show it. */
  line: number;
  /** The line as it stands in the file. */
  text: string;
  cells: string[];
}

const delimiters = [",", ";", "\t", "|"];
const rowsLookedAt = 60;
const maxTextChars = 300;
/** Cells beyond are not looked at: no bank has so many. */
const maxColumns = 100;
const maxHeadChars = 50_000;

/** The rows of a delimited file with the lines they stand on; blank lines are left out. */
export function parseRows(text: string): Row[] {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const delimiter = findDelimiter(
    lines
      .slice(0, rowsLookedAt * 2)
      .join("\n")
      .slice(0, maxHeadChars),
  );
  const whole = Papa.parse<string[]>(lines.join("\n"), { delimiter, newline: "\n", skipEmptyLines: false });
  // A quotation mark that is never closed would swallow all rows behind it: then every line stands for itself.
  const isDamaged = whole.errors.some(({ type }) => type === "Quotes");
  const rows = isDamaged ? lines.map((line, at) => rowOfLine(line, at + 1, delimiter)) : locate(whole.data, lines);
  return rows.filter(({ cells }) => cells.some((cell) => cell !== ""));
}

/** Rows whose quoted cells hold line breaks stand on several lines. */
function locate(data: string[][], lines: string[]): Row[] {
  let line = 1;
  return data.map((cells) => {
    const breaks = cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
    const text = lines.slice(line - 1, line + breaks).join(" ");
    const row = { line, text: text.slice(0, maxTextChars), cells: cleanCells(cells) };
    line += breaks + 1;
    return row;
  });
}

function rowOfLine(line: string, number: number, delimiter: string): Row {
  // The parser itself: `Papa.parse` makes many things ready for each of fifty thousand lines.
  const parsed: Papa.ParseResult<string[]> = new Papa.Parser({ delimiter, newline: "\n" }).parse(line, 0, false);
  const cells = parsed.errors.length === 0 ? (parsed.data[0] ?? []) : line.split(delimiter);
  return { line: number, text: line.slice(0, maxTextChars), cells: cleanCells(cells) };
}

function cleanCells(cells: readonly string[]): string[] {
  return cells.slice(0, maxColumns + 1).map(cleanCell);
}

/** `="0012"` is how some banks keep a spreadsheet from eating zeros. */
function cleanCell(cell: string): string {
  const clean = cell.trim();
  return /^="[^"]*"$/.test(clean) ? clean.slice(2, -1) : clean;
}

/** The one that leaves most rows with a date in one cell and an amount in another; else the one that splits most evenly. */
function findDelimiter(head: string): string {
  const scored = delimiters.map((delimiter) => {
    const { data } = Papa.parse<string[]>(head, { delimiter, newline: "\n", preview: rowsLookedAt });
    const rows = data.map(cleanCells).filter((cells) => cells.some(Boolean));
    const widths = rows.map((cells) => cells.length).filter((width) => width > 1);
    const evenness = Math.max(0, ...widths.map((width) => width * widths.filter((other) => other === width).length));
    return { delimiter, dataRows: rows.filter(isDataRow).length, evenness };
  });
  scored.sort((one, other) => other.dataRows - one.dataRows || other.evenness - one.evenness);
  return scored[0]?.delimiter ?? ",";
}

/** True where one cell is a date and another an amount. */
export function isDataRow(cells: readonly string[]): boolean {
  const dateAt = cells.findIndex(looksLikeDate);
  return dateAt >= 0 && cells.some((cell, at) => at !== dateAt && looksLikeAmount(cell));
}
