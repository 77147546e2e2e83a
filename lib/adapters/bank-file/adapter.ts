import type { Adapter, FileInspection, FileOptions, FileReading } from "../../contracts/adapter";
import { AppError } from "../../contracts/errors";
import { findCibcColumns, readCibc } from "./csv/cibc";
import { findTable, type Table } from "./csv/find-table";
import { guessMapping } from "./csv/guess-mapping";
import { parseRows } from "./csv/parse-rows";
import { readCsv } from "./csv/read-csv";
import { manifest } from "./manifest";
import { readOfx } from "./ofx/read-ofx";

const maxBytes = 5 * 1024 * 1024;
const maxRows = 50_000;
const sampleRows = 5;
const formats = {
  cibc: { id: "cibc-csv", title: "CIBC (CSV)" },
  csv: { id: "csv", title: "Table (CSV)" },
  ofx: { id: "ofx", title: "OFX or QFX" },
};

/** Bank files: reading them stores nothing, and reading one again gives the same ids. */
export const bankFile: Adapter = { manifest, missing: () => [], file: { inspect, read } };

function inspect(file: { name: string; text: string }): FileInspection {
  const text = cleanText(file.text);
  if (isOfx(text)) return { formats: [formats.ofx], columns: [], sample: [], mapping: null };
  const table = tableOf(text);
  const isTable = table.columns.length >= 2 && table.rows.length > 0;
  if (!isTable) return { formats: [], columns: [], sample: [], mapping: null };
  const cibc = findCibcColumns(table);
  return {
    formats: cibc ? [formats.cibc, formats.csv] : [formats.csv],
    columns: table.columns,
    sample: table.rows.slice(0, sampleRows).map(({ cells }) => table.columns.map((_, at) => cells[at] ?? "")),
    mapping: cibc ?? guessMapping(table),
  };
}

function read(file: { name: string; text: string }, options: FileOptions): FileReading {
  const text = cleanText(file.text);
  if (!/^[A-Z]{3}$/.test(options.currency))
    throw new AppError("invalid", "The currency is a code of three letters, such as CAD or EUR.");
  return withLetterCheck(text, readFormat(text, file.name, options));
}

function readFormat(text: string, name: string, options: FileOptions): FileReading {
  if (options.format === formats.ofx.id) {
    if (!isOfx(text)) throw notThatFormat("an OFX or QFX file");
    return readOfx(text, { ...options, maxTransactions: maxRows });
  }
  const table = tableOf(text);
  const rules = { currency: options.currency, accountName: options.accountName };
  if (options.format === formats.cibc.id) {
    const columns = findCibcColumns(table);
    if (!columns) throw notThatFormat("a CSV file from CIBC");
    return readCibc(table, columns, rules, name);
  }
  if (options.format !== formats.csv.id) throw new AppError("invalid", "Burgeon does not know this kind of file.");
  const mapping = options.mapping ?? guessMapping(table);
  if (!mapping) throw new AppError("invalid", "Choose the columns of date, amount and description first.");
  return readCsv(table, mapping, rules);
}

function tableOf(text: string): Table {
  const rows = parseRows(text);
  if (rows.length > maxRows + 1)
    throw new AppError("invalid", `This file has more than ${maxRows} lines. Ask your bank for a shorter period.`);
  return findTable(rows);
}

/** @throws AppError invalid for what is too large or no text */
function cleanText(text: string): string {
  if (Buffer.byteLength(text) > maxBytes)
    throw new AppError("invalid", "This file is larger than 5 MB. Ask your bank for a shorter period.");
  if (text.includes("\0") || text.startsWith("%PDF") || text.startsWith("PK\u0003\u0004"))
    throw new AppError("invalid", "This is no text file. Ask your bank for CSV, OFX or QFX.");
  return text.replace(/^\uFEFF/, "");
}

function isOfx(text: string): boolean {
  const head = text.slice(0, 4000);
  return /^\s*OFXHEADER\s*:/i.test(head) || /<\?OFX\b/i.test(head) || /<OFX>/i.test(head);
}

/** What was decoded in the wrong character set cannot be mended here, but is not passed over either. */
function withLetterCheck(text: string, reading: FileReading): FileReading {
  const at = text.indexOf("\uFFFD");
  if (at < 0) return reading;
  const line = text.slice(0, at).split("\n").length;
  const message = "Some letters of this file could not be read, so names may look wrong. Dates and amounts are whole.";
  return { ...reading, problems: [{ line, message, text: "" }, ...reading.problems] };
}

function notThatFormat(what: string): AppError {
  return new AppError("invalid", `This is not ${what}. Choose another format.`);
}
