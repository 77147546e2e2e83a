import type { ColumnMapping, FileInspection, FileOptions } from "@/lib/contracts/adapter";

/** What a person must say before a file can be read, because the file does not. */
export interface Needs {
  accountName: boolean;
  currency: boolean;
  columns: boolean;
  dateFormat: boolean;
}

/** The ways of writing dates that a person may have to choose from. */
export const dateFormats = [
  { value: "dd/MM/yyyy", label: "Day first: 31/12/2026" },
  { value: "MM/dd/yyyy", label: "Month first: 12/31/2026" },
  { value: "yyyy-MM-dd", label: "Year first: 2026-12-31" },
  { value: "dd.MM.yyyy", label: "31.12.2026" },
  { value: "dd-MM-yyyy", label: "31-12-2026" },
  { value: "MM-dd-yyyy", label: "12-31-2026" },
  { value: "dd/MM/yy", label: "Day first, short: 31/12/26" },
  { value: "MM/dd/yy", label: "Month first, short: 12/31/26" },
  { value: "dd.MM.yy", label: "31.12.26" },
  { value: "yyyyMMdd", label: "20261231" },
  { value: "dd MMM yyyy", label: "31 Dec 2026" },
  { value: "MMM dd, yyyy", label: "Dec 31, 2026" },
] as const;

/** Files of this format say everything themselves. */
const speaksForItself = "ofx";

export function needsOf({ formats, mapping }: FileInspection, options: FileOptions): Needs {
  if (options.format === speaksForItself)
    return { accountName: false, currency: false, columns: false, dateFormat: false };
  const used = options.format === formats[0]?.id ? mapping : (options.mapping ?? mapping);
  return {
    accountName: used?.account === undefined,
    currency: options.format === "csv" && used?.currency === undefined,
    columns: mapping === null,
    dateFormat: mapping?.dateFormat === "",
  };
}

/** True when everything is there that reading needs. */
export function isReady({ format, mapping, currency, accountName }: FileOptions): boolean {
  if (!/^[A-Za-z]{3}$/.test(currency.trim()) || accountName.trim() === "") return false;
  return format !== "csv" || (mapping !== undefined && isWhole(mapping));
}

function isWhole({ date, description, dateFormat, amount, debit, credit }: ColumnMapping): boolean {
  return [date, description, dateFormat].every(Boolean) && [amount, debit, credit].some(Boolean);
}

/** To begin with: what the file seems to be. */
export function firstOptions(
  file: { name: string },
  inspection: FileInspection,
  known: { currency: string; accountNames: readonly string[] },
): FileOptions {
  const { formats, columns, mapping } = inspection;
  const format = formats[0]?.id ?? "csv";
  const guess = mapping ?? { date: columns[0] ?? "", description: "", dateFormat: "" };
  const options = { format, ...(format === "csv" ? { mapping: guess } : {}), currency: known.currency };
  return { ...options, accountName: firstName(file.name, needsOf(inspection, { ...options, accountName: "" }), known) };
}

/** A wrong guess would mix two accounts, so with several to choose from nothing is guessed. */
function firstName(fileName: string, needs: Needs, known: { accountNames: readonly string[] }): string {
  if (!needs.accountName) return "Account";
  return known.accountNames.length > 0 ? "" : nameOfFile(fileName);
}

function nameOfFile(name: string): string {
  const bare = name
    .replace(/\.[^.]*$/, "")
    .replace(/[_\s]+/g, " ")
    .trim();
  return bare.slice(0, 100) || "Bank file";
}
