// What a bench found. Each claim is printed at once and noted for the table that `npm run bench` prints in the end.
import { appendFileSync } from "node:fs";
import { show } from "./numbers.mjs";

/**
 * One claim: our value, the named other's, their ratio, and what it should be at most (or, with `atLeast`, at least).
 * Without `other` the aim is for our value itself.
 */
export function reportClaim({ claim, ours, other = null, otherName = "", unit = "", ratio, aim, atLeast = false }) {
  const value = ratio ?? (other === null ? ours : ours / other);
  const isMet = atLeast ? value >= aim : value <= aim;
  const row = {
    claim,
    ours: show(ours, unit),
    other: other === null ? "–" : show(other, unit),
    "compared with": otherName,
    [ratioName]: show(value),
    aim: aim === null ? "–" : `${atLeast ? "≥" : "≤"} ${aim}`,
    met: aim === null ? "–" : isMet ? "yes" : "NO",
  };
  if (process.env.BURGEON_BENCH_RESULTS) appendFileSync(process.env.BURGEON_BENCH_RESULTS, `${JSON.stringify(row)}\n`);
  printTable([row]);
}

const ratioName = "ratio / value";

/** Rows of the same shape, aligned. The first column is text, numbers stand right. */
export function printTable(rows) {
  if (rows.length === 0) return;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const text = (row, name) => (typeof row[name] === "number" ? show(row[name]) : String(row[name] ?? ""));
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => text(row, name).length)));
  const line = (cells) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join("  ");
  console.log(line(names));
  console.log(line(names.map((_, at) => "-".repeat(widths[at]))));
  for (const row of rows) console.log(line(names.map((name) => text(row, name))));
  console.log("");
}
