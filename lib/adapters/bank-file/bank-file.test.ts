import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileOptions } from "@/lib/contracts/adapter";
import { financialAccountSchema, financialTransactionSchema } from "@/lib/contracts/canonical";
import { bankFile } from "./adapter";
import { tidyText } from "./make-id";
import { type BankRow, bankRows, dialects, writeCsv, writeOfx } from "./testing-write-file";

const file = bankFile.file;
if (!file) throw new Error("bank-file reads files");
const eur = { currency: "EUR", accountName: "Household" };
const read = (text: string, options: Partial<FileOptions> = {}, name = "export.csv") =>
  file.read({ name, text }, { format: "csv", ...eur, ...options });
const inspect = (text: string, name = "export.csv") => file.inspect({ name, text });
const lines = (...all: string[]) => all.join("\n");
const facts = (rows: readonly BankRow[]) =>
  rows.map(({ date, amountMinor, description }) => [date, amountMinor, tidyText(description) || "No description"]);
const readFacts = (reading: ReturnType<typeof read>) =>
  reading.transactions.map(({ at, amount, merchant }) => [at, amount.amountMinor, merchant]);

describe("a table from any bank", () => {
  it("is read as it was written, in every dialect", () => {
    fc.assert(
      fc.property(bankRows, dialects, (rows, dialect) => {
        const text = writeCsv(rows, dialect);
        const { mapping } = inspect(text);
        expect(mapping?.date).toBe(dialect.header[0]);
        const format = mapping?.dateFormat || dialect.dateFormat;
        const reading = read(text, { mapping: mapping ? { ...mapping, dateFormat: format } : undefined });
        expect(reading.problems).toEqual([]);
        expect(readFacts(reading)).toEqual(facts(rows));
        for (const transaction of reading.transactions) financialTransactionSchema.parse(transaction);
        for (const account of reading.accounts) financialAccountSchema.parse(account);
      }),
      { numRuns: 300 },
    );
  });

  it("gives each transaction an id of its own, and any overlapping file the same ids for the same days", () => {
    const days = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }));
    fc.assert(
      fc.property(bankRows, dialects, dialects, days, (rows, one, other, [first, length]) => {
        const whole = read(writeCsv(rows, one), { mapping: mappingOf(one) });
        const ids = whole.transactions.map(({ id }) => id);
        expect(new Set(ids).size).toBe(rows.length);
        expect(read(writeCsv(rows, one), { mapping: mappingOf(one) })).toEqual(whole);
        const from = new Date(Date.UTC(2026, 0, 20 + first)).toISOString().slice(0, 10);
        const to = new Date(Date.UTC(2026, 0, 20 + first + length)).toISOString().slice(0, 10);
        const isInside = (date: string) => from <= date && date <= to;
        const part = rows.filter(({ date }) => isInside(date));
        // The bank may have changed its dialect meanwhile, and lists a day in another order.
        const again = read(writeCsv(part.toReversed(), other), { mapping: mappingOf(other) });
        const expected = whole.transactions.filter(({ at }) => isInside(at)).map(({ id }) => id);
        expect(again.transactions.map(({ id }) => id).sort()).toEqual(expected.sort());
      }),
      { numRuns: 150 },
    );
  });

  const mappingOf = ({ header, columns, dateFormat }: Parameters<typeof writeCsv>[1]) => ({
    date: header[0],
    description: header[1],
    ...(columns === "split" ? { debit: header[3], credit: header[4] } : { amount: header[2] }),
    dateFormat,
  });

  it("keeps two equal purchases of one day as two", () => {
    const reading = read(lines("Date,Description,Amount", "2026-01-05,Coffee,-4.50", "2026-01-05,Coffee,-4.50"));
    expect(reading.transactions.map(({ amount }) => amount.amountMinor)).toEqual([-450, -450]);
    expect(new Set(reading.transactions.map(({ id }) => id)).size).toBe(2);
  });

  it("tells every line that it cannot read, with its number and why", () => {
    const text = lines(
      "Date,Description,Amount",
      "2026-01-05,Coffee,-4.50",
      '2026-01-06,"two',
      'lines",-1.00',
      "",
      "2026-02-30,No such day,-1.00",
      "2026-01-07,No number,abc",
      "2026-01-08,Tenth of a cent,-1.005",
      "2026-01-09,Too,many,-1.00",
      "Total,,-6.50",
    );
    const { transactions, problems } = read(text);
    expect(transactions.map(({ merchant }) => merchant)).toEqual(["Coffee", "two lines"]);
    expect(problems.map(({ line }) => line)).toEqual([6, 7, 8, 9, 10]);
    expect(problems[0]).toEqual({
      line: 6,
      message: "The date is not a day written as yyyy-MM-dd.",
      text: "2026-02-30,No such day,-1.00",
    });
    expect(problems[2]?.message).toContain("more digits after the point than EUR has");
  });

  it("loses no line to a quotation mark that is never closed", () => {
    const { transactions } = read(lines("Date,Description,Amount", '2026-01-05,"Joe,-1.00', "2026-01-06,Ann,-2.00"));
    expect(transactions.map(({ amount }) => amount.amountMinor)).toEqual([-100, -200]);
  });

  it("asks how dates are written when they can be read in two ways, and does not ask when one day tells", () => {
    const open = lines("Date,Description,Amount", "03/04/2026,Coffee,-4.50");
    expect(inspect(open).mapping?.dateFormat).toBe("");
    expect(() => read(open)).toThrow("can be read in two ways");
    expect(inspect(lines(open, "25/04/2026,Tea,-1.00")).mapping?.dateFormat).toBe("dd/MM/yyyy");
    expect(inspect(lines(open, "04/25/2026,Tea,-1.00")).mapping?.dateFormat).toBe("MM/dd/yyyy");
  });

  it("finds its table below what the bank writes above it", () => {
    const text = lines(
      "Kontoauszug;DE02 1203 0000 0000 2020 51",
      "Zeitraum:;01.01.2026 - 31.01.2026",
      "",
      '"Buchungstag";"Wertstellung";"Auftraggeber/Empfänger";"Verwendungszweck";"Betrag (EUR)";"Währung"',
      '"05.01.2026";"06.01.2026";"Bäckerei";"Danke";"-1.234,50";"EUR"',
    );
    expect(inspect(text).mapping).toMatchObject({
      date: "Buchungstag",
      description: "Auftraggeber/Empfänger",
      amount: "Betrag (EUR)",
      currency: "Währung",
    });
    expect(readFacts(read(text))).toEqual([["2026-01-05", -123_450, "Bäckerei"]]);
  });

  it("reads which way money went from a column of its own", () => {
    const text = lines(
      "Datum;Naam / Omschrijving;Af Bij;Bedrag (EUR)",
      "20260105;Bakker;Af;4,50",
      "20260106;Loon;Bij;9,00",
    );
    expect(readFacts(read(text)).map(([, amount]) => amount)).toEqual([-450, 900]);
  });

  it("keeps yen whole and refuses cents of them", () => {
    const text = lines("Date,Description,Amount,Currency", "2026-01-05,Ramen,-1200,JPY", "2026-01-05,Odd,-1.5,JPY");
    const { transactions, problems } = read(text);
    expect(transactions[0]?.amount).toEqual({ amountMinor: -1200, currency: "JPY" });
    expect(problems).toHaveLength(1);
  });

  it("believes the currency of a row, of an amount and of a column's name, in this order, before the one that is assumed", () => {
    const currencyOf = (...all: string[]) => read(lines(...all), { currency: "CAD" }).transactions[0]?.amount.currency;
    expect(currencyOf("Date,Description,Amount,Currency", "2026-01-05,Tea,-1,GBP")).toBe("GBP");
    expect(currencyOf("Date,Description,Amount", "2026-01-05,Tea,€ -1")).toBe("EUR");
    expect(currencyOf("Date,Description,Amount (USD)", "2026-01-05,Tea,-1")).toBe("USD");
    expect(currencyOf("Date,Description,Amount", "2026-01-05,Tea,$-1")).toBe("CAD");
  });

  it("refuses what is too large, no text, or has other columns than were chosen", () => {
    expect(() => read(`Date,Description,Amount\n${"x".repeat(5_300_000)}`)).toThrow("larger than 5 MB");
    expect(() => read("Date,Description,Amount\n".padEnd(700_000, "2026-1-1,,1\n"))).toThrow("more than 50000 lines");
    expect(() => read("%PDF-1.7")).toThrow("no text file");
    const mapping = { date: "When", amount: "Amount", description: "What", dateFormat: "yyyy-MM-dd" };
    expect(() => read("Date,Description,Amount\n2026-01-05,a,1", { mapping })).toThrow("Choose its columns again");
    expect(inspect("just a sentence").formats).toEqual([]);
  });

  it("never breaks on text that is no table", () => {
    const soup = fc.string({ unit: fc.constantFrom(..."\"',;\t\n\r|=-.0129/a<>&", "Date", "Amount"), maxLength: 200 });
    fc.assert(
      fc.property(soup, (text) => {
        inspect(text);
        for (const format of ["csv", "ofx", "cibc-csv"])
          try {
            read(text, { format });
          } catch (error) {
            expect(error).toMatchObject({ name: "AppError", code: "invalid" });
          }
      }),
      { numRuns: 500 },
    );
  });
});

describe("a file that means harm", () => {
  const mb = 1_000_000;
  it.each([
    ["nested elements", "ofx", `<OFX>${"<A>".repeat(mb)}`],
    ["marks that begin nothing", "ofx", `<OFX>${"<".repeat(4 * mb)}`],
    ["entries in entries", "ofx", `<OFX><STMTRS>${"<STMTTRN>".repeat(mb / 4)}`],
    ["quotation marks", "csv", '"'.repeat(4 * mb)],
    ["one endless number", "csv", "(1".repeat(2 * mb)],
    ["a million columns", "csv", `Date,Amount,Description\n2026-01-01,${"1,".repeat(mb)}`],
  ])(
    "of %s is read or refused in a time that its size allows",
    (_, format, text) => {
      const startedAt = performance.now();
      inspect(text);
      try {
        read(text, { format });
      } catch (error) {
        expect(error).toMatchObject({ name: "AppError", code: "invalid" });
      }
      // A second or two here; without bounds it was minutes, or a stack that ran over.
      expect(performance.now() - startedAt).toBeLessThan(60_000);
    },
    90_000,
  );
});

describe("a CSV file from CIBC", () => {
  const cad = { format: "cibc-csv", currency: "CAD", accountName: "CIBC" };

  it("is known with a header: Amount is money out, Payment money in", () => {
    const text = lines(
      "\uFEFFDate,Description,Amount,Payment,Card",
      '2026-01-05,UBER EATS TORONTO,"1,024.10",,4500********1234',
      "2026-01-06,PAYMENT THANK YOU,,500.00,4500********1234",
    );
    expect(inspect(text).formats.map(({ id }) => id)).toEqual(["cibc-csv", "csv"]);
    const { accounts, transactions } = read(text, cad);
    expect(transactions.map(({ amount }) => amount)).toEqual([
      { amountMinor: -102_410, currency: "CAD" },
      { amountMinor: 50_000, currency: "CAD" },
    ]);
    expect(accounts).toMatchObject([{ type: "credit", mask: "1234", institution: "CIBC", balance: null }]);
  });

  it("is known without one, and a renamed file is the same account", () => {
    const text = lines("2026-01-05,INTERAC COFFEE,4.50,", "2026-01-06,PAYROLL,,3200.00", "2026-01-06,broken line");
    expect(inspect(text, "chq.csv").formats[0]?.id).toBe("cibc-csv");
    const first = read(text, cad, "chq.csv");
    expect(first.transactions.map(({ amount }) => amount.amountMinor)).toEqual([-450, 320_000]);
    expect(first.problems.map(({ line }) => line)).toEqual([3]);
    expect(first.accounts[0]?.type).toBe("checking");
    const renamed = read(text, cad, "cibc (1).csv");
    expect(renamed.transactions.map(({ id }) => id)).toEqual(first.transactions.map(({ id }) => id));
  });
});

describe("an OFX file", () => {
  const ofx = { format: "ofx", currency: "EUR", accountName: "Bank" };
  const shapes = fc.record({ version: fc.constantFrom(1 as const, 2 as const), isOneLine: fc.boolean() });

  it("is read as it was written, in SGML and XML, whatever its FITIDs are worth", () => {
    const kinds = fc.constantFrom("unique", "same", "none");
    fc.assert(
      fc.property(bankRows, shapes, kinds, (rows, shape, kind) => {
        const named = rows.map((row) => ({ ...row, description: tidyText(row.description) }));
        const ids = rows.map((_, at) => (kind === "unique" ? `2026-${at}` : kind === "same" ? "4711" : "0"));
        const text = writeOfx(named, { ...shape, ids });
        expect(inspect(text, "a.qfx").formats.map(({ id }) => id)).toEqual(["ofx"]);
        const reading = read(text, ofx, "a.qfx");
        expect(reading.problems).toEqual([]);
        expect(readFacts(reading)).toEqual(facts(named));
        expect(new Set(reading.transactions.map(({ id }) => id)).size).toBe(rows.length);
        const tail = writeOfx(named.slice(-3), { version: 1, isOneLine: false, ids: ids.slice(-3) });
        const known = new Set(reading.transactions.map(({ id }) => id));
        expect(read(tail, ofx, "b.ofx").transactions.every(({ id }) => known.has(id))).toBe(true);
        for (const account of reading.accounts) financialAccountSchema.parse(account);
      }),
      { numRuns: 200 },
    );
  });

  it("keeps a balance of zero, the currency of the statement and the day as the bank wrote it", () => {
    const rows = [{ date: "2026-01-31", amountMinor: -1, description: "Late" }];
    const reading = read(writeOfx(rows, { version: 2, isOneLine: false, ids: ["1"] }), ofx);
    expect(reading.accounts).toMatchObject([
      { balance: { amountMinor: 0, currency: "CAD" }, type: "checking", mask: "5678", institution: "Sample Bank" },
    ]);
    expect(reading.transactions[0]).toMatchObject({ at: "2026-01-31", amount: { amountMinor: -1, currency: "CAD" } });
  });

  it("tells what it could not read, and that a file was cut off", () => {
    const rows = [1, 2].map((day) => ({ date: `2026-01-0${day}`, amountMinor: -100, description: "Shop" }));
    const whole = writeOfx(rows, { version: 1, isOneLine: false, ids: ["1", "2"] });
    const broken = read(whole.replace("<TRNAMT>-1.00", "<TRNAMT>free"), ofx);
    expect(broken.transactions).toHaveLength(1);
    expect(broken.problems).toMatchObject([{ line: 10, message: "The amount holds no digits." }]);
    const cut = read(whole.slice(0, whole.lastIndexOf("<TRNAMT>")), ofx);
    expect(cut.transactions).toHaveLength(1);
    expect(cut.problems.map(({ message }) => message)).toContain(
      "The file stops before its end. What would follow is missing.",
    );
  });

  it("takes an empty value without its end tag for what it is", () => {
    const rows = [{ date: "2026-01-01", amountMinor: -100, description: "Shop" }];
    const text = writeOfx(rows, { version: 1, isOneLine: false, ids: ["1"] }).replace(
      "<TRNTYPE>",
      "<CHECKNUM>\n<TRNTYPE>",
    );
    expect(readFacts(read(text, ofx))).toEqual([["2026-01-01", -100, "Shop"]]);
  });
});
