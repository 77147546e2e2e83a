import type { ColumnMapping, FileReading } from "../../../contracts/adapter";
import { readDate } from "../read-date";
import { looksLikeAmount } from "../read-amount";
import type { Table } from "./find-table";
import { plainHeader } from "./header-words";
import { type CsvRules, readCsv } from "./read-csv";

const dateFormat = "yyyy-MM-dd";
const headed = ["date", "description", "amount", "payment"];
const rowsLookedAt = 50;

/**
 * The columns of CIBC's export, or null when the file is another one. With a header they are Date, Description, Amount (money
 * out), Payment (money in) and Card. Online banking writes none: date, description, debit, credit and, for credit cards, the
 * masked number.
 */
export function findCibcColumns({ columns, rows, hasHeader }: Table): ColumnMapping | null {
  if (hasHeader) {
    const find = (wanted: string) => columns.find((name) => plainHeader(name) === wanted);
    const [date, description, debit, credit] = headed.map(find);
    const card = find("card");
    if (!date || !description || !debit || !credit) return null;
    return { date, description, debit, credit, ...(card ? { account: card } : {}), dateFormat };
  }
  const [date, description, debit, credit, card] = columns;
  if (!date || !description || !debit || !credit || columns.length > 5 || rows.length === 0) return null;
  const fitting = rows.slice(0, rowsLookedAt).filter(({ cells }) => isCibcRow(cells));
  // Damaged lines are told later; they do not make another bank of it.
  if (fitting.length * 2 < Math.min(rows.length, rowsLookedAt)) return null;
  return { date, description, debit, credit, ...(card ? { account: card } : {}), dateFormat };
}

/** Reads CIBC's export. Without a card number it is an account, whose kind the file's name may tell. */
export function readCibc(table: Table, mapping: ColumnMapping, rules: CsvRules, fileName: string): FileReading {
  const hasCards = mapping.account !== undefined;
  const isCheque = /chq|cheq/i.test(fileName);
  const isSavings = /sav/i.test(fileName);
  const accountType = isCheque ? "checking" : isSavings ? "savings" : hasCards ? "credit" : "checking";
  const reading = readCsv(table, mapping, { ...rules, accountType });
  return { ...reading, accounts: reading.accounts.map((account) => ({ ...account, institution: "CIBC" })) };
}

function isCibcRow(cells: readonly string[]): boolean {
  const [date = "", , debit = "", credit = "", card = ""] = cells;
  const isOneFilled = (debit === "") !== (credit === "");
  const isCard = card === "" || /^\d{4}[\d*xX]{6,11}\d{4}$/.test(card);
  return (
    cells.length >= 4 && readDate(date, dateFormat) !== null && isOneFilled && looksLikeAmount(debit + credit) && isCard
  );
}
