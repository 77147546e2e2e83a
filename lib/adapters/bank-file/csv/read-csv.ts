import type {
  ColumnMapping,
  FileOptions,
  FileReading,
  SourceAccount,
  SourceTransaction,
} from "../../../contracts/adapter";
import { AppError } from "../../../contracts/errors";
import { accountOf } from "../account-of";
import { createIdMaker, tidyText } from "../make-id";
import { currencyOfHeader, type DecimalMark, findDecimalMark, readAmount, readCurrency } from "../read-amount";
import { readDate } from "../read-date";
import { findDirection } from "./find-direction";
import type { Table } from "./find-table";
import type { Row } from "./parse-rows";

/** What a reader of rows needs besides the mapping. */
export interface CsvRules {
  currency: string;
  accountName: string;
  accountType?: SourceAccount["type"];
}

type Part = "date" | "amount" | "debit" | "credit" | "description" | "account" | "currency";
const parts: Part[] = ["date", "amount", "debit", "credit", "description", "account", "currency"];
type RowReading = { account: SourceAccount; transaction: Omit<SourceTransaction, "id"> } | { message: string };

/**
 * Reads every row of a table as a transaction, exactly; what cannot be read is told by its line.
 * @throws AppError invalid when the mapping names columns that the file does not have, or no way of writing dates
 */
export function readCsv(
  table: Table,
  mapping: ColumnMapping,
  options: CsvRules & Pick<FileOptions, "currency">,
): FileReading {
  const pick = createPicker(table, mapping);
  const amountCells = table.rows.flatMap((row) => [pick(row, "amount"), pick(row, "debit"), pick(row, "credit")]);
  const decimal = findDecimalMark(amountCells, options.currency);
  const isOut = findDirection(table, mapping, amountCells);
  const makeId = createIdMaker();
  const accounts = new Map<string, SourceAccount>();
  const reading: FileReading = { accounts: [], transactions: [], problems: [] };
  for (const row of table.rows) {
    const read = readRow(row, { pick, mapping, decimal, options, isOut, width: table.columns.length });
    if ("message" in read) {
      reading.problems.push({ line: row.line, message: read.message, text: row.text });
      continue;
    }
    const { account, transaction } = read;
    accounts.set(account.id, accounts.get(account.id) ?? account);
    const { amount, merchant, at } = transaction;
    const id = makeId([account.id, at, String(amount.amountMinor), amount.currency, merchant]);
    reading.transactions.push({ id, ...transaction });
  }
  return { ...reading, accounts: [...accounts.values()] };
}

interface RowContext {
  pick: (row: Row, part: Part) => string;
  mapping: ColumnMapping;
  decimal: DecimalMark;
  options: CsvRules;
  isOut: (row: Row) => boolean;
  width: number;
}

function readRow(row: Row, context: RowContext): RowReading {
  const { pick, mapping, options } = context;
  const extra = row.cells.slice(context.width).some(Boolean);
  if (extra)
    return { message: `This line has ${row.cells.length} values where the table has ${context.width} columns.` };
  const written = pick(row, "date");
  if (written === "") return { message: "This line has no date." };
  const at = readDate(written, mapping.dateFormat);
  if (at === null) return { message: `The date is not a day written as ${mapping.dateFormat}.` };
  const named = pick(row, "currency");
  const currency = named === "" ? options.currency : readCurrency(named);
  if (currency === null) return { message: "The currency is not a code of three letters, such as EUR." };
  const money = readMoney(row, context, currency, named === "");
  if ("message" in money) return money;
  const accountKey = pick(row, "account");
  const description = tidyText(pick(row, "description"));
  const account = accountOf(accountKey || options.accountName, options.accountName, options.accountType);
  return {
    account: accountKey === "" || account.mask !== undefined ? account : { ...account, name: accountKey },
    transaction: {
      at,
      amount: { amountMinor: money.minor, currency: money.currency ?? currency },
      merchant: description || "No description",
      accountId: account.id,
      pending: false,
    },
  };
}

/** One signed cell, or one of two that is filled. Zero in the other one counts as empty. */
function readMoney(
  row: Row,
  { pick, mapping, decimal, isOut }: RowContext,
  currency: string,
  isAssumed: boolean,
): { minor: number; currency: string | null } | { message: string } {
  const read = (part: "amount" | "debit" | "credit") => {
    const text = pick(row, part);
    // Better than what is assumed for the file is what the name of the column says.
    const ofColumn = isAssumed ? currencyOfHeader(mapping[part] ?? "") : null;
    const reading = text === "" ? null : readAmount(text, decimal, ofColumn ?? currency);
    return reading?.isRead ? { ...reading, currency: reading.currency ?? ofColumn } : reading;
  };
  const single = mapping.amount === undefined ? null : read("amount");
  const debit = mapping.debit === undefined ? null : read("debit");
  const credit = mapping.credit === undefined ? null : read("credit");
  const found = [single, debit, credit].filter((reading) => reading !== null);
  const wrong = found.find((reading) => !reading.isRead);
  if (wrong && !wrong.isRead) return { message: wrong.message };
  if (found.length === 0) return { message: "This line has no amount." };
  if (single?.isRead) {
    const sign = mapping.isSpentPositive || (single.minor > 0 && isOut(row)) ? -1 : 1;
    // `+ 0` because -0 is not 0 where values are compared.
    return { minor: single.minor * sign + 0, currency: single.currency };
  }
  const filled = found.filter((reading) => reading.isRead && reading.minor !== 0);
  if (filled.length > 1) return { message: "This line has money out and money in at once." };
  const used = filled[0] ?? found[0];
  if (!used?.isRead) return { message: "This line has no amount." };
  // Some banks write a minus into the column of money out, others do not: both mean the same.
  return { minor: used === debit ? 0 - Math.abs(used.minor) : used.minor, currency: used.currency };
}

function createPicker(table: Table, mapping: ColumnMapping): (row: Row, part: Part) => string {
  const at = new Map<Part, number>();
  for (const part of parts) {
    const name = mapping[part];
    if (name === undefined || name === "") continue;
    const index = table.columns.indexOf(name);
    if (index < 0)
      throw new AppError("invalid", "This file has other columns than you chose. Choose its columns again.");
    at.set(part, index);
  }
  if (!at.has("date") || !(at.has("amount") || at.has("debit") || at.has("credit")))
    throw new AppError("invalid", "Choose the columns of the date and of the amount first.");
  if (mapping.dateFormat.trim() === "")
    throw new AppError("invalid", "The dates of this file can be read in two ways. Choose how they are written.");
  return (row, part) => row.cells[at.get(part) ?? -1] ?? "";
}
