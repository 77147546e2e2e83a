import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseCsv, parseCsvRecords } from "./csv";

const fields = fc.oneof(fc.string(), fc.constantFrom("", '"', '""', ",", "\n", "\r\n", 'a"b', " x ", "é€"));
/** A row of one empty field is an empty line, which is left out. */
const rows = fc.array(
  fc.array(fields, { minLength: 1, maxLength: 5 }).filter((row) => row.length > 1 || row[0] !== ""),
);
const separators = fc.constantFrom(",", ";", "\t");

const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;

describe("a CSV text", () => {
  it("gives back the rows it was written from, quoted everywhere", () => {
    fc.assert(
      fc.property(rows, separators, fc.constantFrom("\n", "\r\n", "\r"), (table, separator, lineEnd) => {
        expect(parseCsv(table.map((row) => row.map(quote).join(separator)).join(lineEnd), separator)).toEqual(table);
      }),
    );
  });

  it("gives back the rows it was written from, quoted where needed", () => {
    fc.assert(
      fc.property(rows, separators, (table, separator) => {
        const write = (field: string) =>
          /["\r\n\ufeff]/.test(field) || field.includes(separator) ? quote(field) : field;
        expect(parseCsv(table.map((row) => row.map(write).join(separator)).join("\n"), separator)).toEqual(table);
      }),
    );
  });

  it("means the same with a byte order mark, a last line end and empty lines", () => {
    fc.assert(
      fc.property(rows, (table) => {
        const lines = table.map((row) => row.map(quote).join(","));
        expect(parseCsv(`\ufeff${lines.join("\n\n")}\n`)).toEqual(table);
      }),
    );
  });

  it("never throws, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const row of parseCsv(text)) expect(row.length).toBeGreaterThan(0);
      }),
    );
  });

  it("keeps a quote inside an unquoted field, and what follows a quoted one", () => {
    expect(parseCsv('a"b,c\n"d"e,f')).toEqual([
      ['a"b', "c"],
      ["de", "f"],
    ]);
  });

  it("becomes records named by the first row", () => {
    expect(parseCsvRecords("Date , Amount\n2026-01-02,5\n2026-01-03\n")).toEqual([
      { Date: "2026-01-02", Amount: "5" },
      { Date: "2026-01-03", Amount: "" },
    ]);
    expect(parseCsvRecords("")).toEqual([]);
  });
});
