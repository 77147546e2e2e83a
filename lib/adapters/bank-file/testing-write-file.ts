import fc from "fast-check";

/** A transaction as a bank knows it, for tests that write files and read them back. */
export interface BankRow {
  /** `yyyy-mm-dd`. */
  date: string;
  amountMinor: number;
  description: string;
}

export interface CsvDialect {
  delimiter: "," | ";" | "\t" | "|";
  newline: "\n" | "\r\n" | "\r";
  decimal: "." | ",";
  thousands: "" | "." | "," | " " | "'" | "\u00a0";
  negative: "minus" | "unicode" | "trailing" | "brackets" | "dr";
  columns: "signed" | "split";
  dateFormat: "yyyy-MM-dd" | "dd/MM/yyyy" | "MM/dd/yyyy" | "dd.MM.yyyy" | "yyyyMMdd";
  header: readonly [date: string, description: string, amount: string, debit: string, credit: string];
  symbol: "" | "€" | "$" | "EUR ";
  hasBom: boolean;
  quotesAll: boolean;
}

const headers: CsvDialect["header"][] = [
  ["Date", "Description", "Amount", "Debit", "Credit"],
  ["Buchungstag", "Verwendungszweck", "Betrag", "Soll", "Haben"],
  ["Date d'opération", "Libellé", "Montant", "Débit", "Crédit"],
  ["Fecha", "Concepto", "Importe", "Cargo", "Abono"],
  ["Data operacji", "Opis operacji", "Kwota", "Obciążenia", "Uznania"],
];

export const dialects: fc.Arbitrary<CsvDialect> = fc
  .record({
    delimiter: fc.constantFrom(",", ";", "\t", "|"),
    newline: fc.constantFrom("\n", "\r\n", "\r"),
    decimal: fc.constantFrom(".", ","),
    thousands: fc.constantFrom("", ".", ",", " ", "'", "\u00a0"),
    negative: fc.constantFrom("minus", "unicode", "trailing", "brackets", "dr"),
    columns: fc.constantFrom("signed", "split"),
    dateFormat: fc.constantFrom("yyyy-MM-dd", "dd/MM/yyyy", "MM/dd/yyyy", "dd.MM.yyyy", "yyyyMMdd"),
    header: fc.constantFrom(...headers),
    symbol: fc.constantFrom("", "€", "$", "EUR "),
    hasBom: fc.boolean(),
    quotesAll: fc.boolean(),
  } satisfies { [Key in keyof CsvDialect]: fc.Arbitrary<CsvDialect[Key]> })
  .filter(({ decimal, thousands }) => decimal !== thousands);

/** Few days, sums and names, so that equal purchases and days with several happen all the time. */
export const bankRows: fc.Arbitrary<BankRow[]> = fc
  .array(
    fc.record({
      date: fc
        .integer({ min: 0, max: 40 })
        .map((days) => new Date(Date.UTC(2026, 0, 20 + days)).toISOString().slice(0, 10)),
      amountMinor: fc.oneof(fc.constantFrom(-450, -1250, 320_000), fc.integer({ min: -99_999_999, max: 99_999_999 })),
      description: fc.oneof(
        fc.constantFrom("COFFEE BAR", 'Tom "T" Ltd', "Müller & Söhne <Berlin>", "A;B,C|D", "two\nlines", "Łódź 7"),
        fc
          .string({ minLength: 1, maxLength: 20, unit: "grapheme" })
          .map((text) => `x ${text.replaceAll("\uFFFD", "")} x`),
      ),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((rows) => rows.sort((one, other) => one.date.localeCompare(other.date)));

/** Writes rows as a bank of that dialect does. */
export function writeCsv(rows: readonly BankRow[], dialect: CsvDialect): string {
  const [date, description, amount, debit, credit] = dialect.header;
  const isSplit = dialect.columns === "split";
  const lines = [[date, description, ...(isSplit ? [debit, credit] : [amount])]];
  for (const row of rows) {
    const size = writeNumber(Math.abs(row.amountMinor), dialect);
    const out = row.amountMinor < 0;
    const money = isSplit ? (out ? [size, ""] : ["", size]) : [out ? negate(size, dialect) : size];
    lines.push([writeDate(row.date, dialect.dateFormat), row.description, ...money]);
  }
  const text = lines.map((cells) => cells.map((cell) => quote(cell, dialect)).join(dialect.delimiter));
  return (dialect.hasBom ? "\uFEFF" : "") + text.join(dialect.newline) + dialect.newline;
}

/** An OFX file: 1.x as SGML without end tags for values, 2.x as XML. */
export function writeOfx(
  rows: readonly BankRow[],
  options: { version: 1 | 2; isOneLine: boolean; ids: string[] },
): string {
  const escapeText = (text: string) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const value = (name: string, text: string) =>
    `<${name}>${escapeText(text)}${options.version === 2 ? `</${name}>` : ""}`;
  const entries = rows.map((row, at) =>
    [
      "<STMTTRN>",
      value("TRNTYPE", row.amountMinor < 0 ? "DEBIT" : "CREDIT"),
      value("DTPOSTED", `${row.date.replaceAll("-", "")}${["", "120000", "230000.000[-5:EST]"][at % 3]}`),
      value("TRNAMT", `${row.amountMinor < 0 ? "-" : ""}${writeNumber(Math.abs(row.amountMinor))}`),
      value("FITID", options.ids[at] ?? ""),
      value("NAME", row.description),
      "</STMTTRN>",
    ].join(options.isOneLine ? "" : "\r\n"),
  );
  const header =
    options.version === 1
      ? "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:1252\r\n\r\n"
      : '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="220"?>\n';
  const account = [
    "<BANKACCTFROM>",
    value("BANKID", "010"),
    value("ACCTID", "00012345678"),
    value("ACCTTYPE", "CHECKING"),
  ];
  return [
    `${header}<OFX><SIGNONMSGSRSV1><SONRS><FI>${value("ORG", "Sample Bank")}</FI></SONRS></SIGNONMSGSRSV1>`,
    `<BANKMSGSRSV1><STMTTRNRS><STMTRS>${value("CURDEF", "CAD")}${account.join("")}</BANKACCTFROM><BANKTRANLIST>`,
    ...entries,
    `</BANKTRANLIST><LEDGERBAL>${value("BALAMT", "0.00")}${value("DTASOF", "20260131")}</LEDGERBAL>`,
    "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>",
  ].join(options.isOneLine ? "" : "\n");
}

function writeNumber(minor: number, dialect?: Pick<CsvDialect, "decimal" | "thousands" | "symbol">): string {
  const digits = String(minor).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, dialect?.thousands ?? "");
  return `${dialect?.symbol ?? ""}${whole}${dialect?.decimal ?? "."}${digits.slice(-2)}`;
}

function negate(size: string, { negative }: CsvDialect): string {
  switch (negative) {
    case "minus":
      return `-${size}`;
    case "unicode":
      return `\u2212${size}`;
    case "trailing":
      return `${size}-`;
    case "brackets":
      return `(${size})`;
    case "dr":
      return `${size} DR`;
  }
}

function writeDate(date: string, format: string): string {
  const [year = "", month = "", day = ""] = date.split("-");
  return format.replace("yyyy", year).replace("MM", month).replace("dd", day);
}

function quote(cell: string, { delimiter, quotesAll }: CsvDialect): string {
  return quotesAll || cell.includes(delimiter) || /["\r\n]|^\s|\s$/.test(cell)
    ? `"${cell.replaceAll('"', '""')}"`
    : cell;
}
