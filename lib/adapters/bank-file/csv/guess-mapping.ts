import type { ColumnMapping } from "../../../contracts/adapter";
import { looksLikeAmount } from "../read-amount";
import { findDateFormat, looksLikeDate } from "../read-date";
import type { Table } from "./find-table";
import { rankHeader } from "./find-table";
import type { ColumnRole } from "./header-words";

const rowsLookedAt = 100;

/**
 * What the columns seem to be, by their names and by what stands in them; null when date, amount or description is not found.
 * `dateFormat` is empty where the dates can be read in two ways: then a person has to say.
 */
export function guessMapping(table: Table): ColumnMapping | null {
  const columns = table.columns.map((name, at) => describeColumn(table, name, at));
  const taken = new Set<string>();
  const take = (column: Column | undefined) => {
    if (column) taken.add(column.name);
    return column?.name;
  };
  const free = () => columns.filter(({ name }) => !taken.has(name));
  const named = (role: ColumnRole) => (table.hasHeader ? bestNamed(free(), role) : undefined);

  const date = take(named("date") ?? free().find(({ dates }) => dates > 0.5));
  if (date === undefined) return null;
  const amounts = takeAmounts(free, named, take);
  const account = take(named("account"));
  const currency = take(named("currency"));
  const description = take(named("description") ?? longest(free()));
  if (amounts === null || description === undefined) return null;
  const at = table.columns.indexOf(date);
  const dateFormat = findDateFormat(table.rows.map(({ cells }) => cells[at] ?? "")) ?? "";
  return {
    date,
    ...amounts,
    description,
    ...(account === undefined ? {} : { account }),
    ...(currency === undefined ? {} : { currency }),
    dateFormat,
  };
}

interface Column {
  name: string;
  at: number;
  /** Shares of the filled cells, 0 to 1. */
  dates: number;
  amounts: number;
  /** Share of the rows. */
  filled: number;
  meanLength: number;
}

function describeColumn(table: Table, name: string, at: number): Column {
  const cells = table.rows.slice(0, rowsLookedAt).map(({ cells }) => cells[at] ?? "");
  const filled = cells.filter(Boolean);
  const share = (count: number, of: number) => (of === 0 ? 0 : count / of);
  return {
    name,
    at,
    dates: share(filled.filter(looksLikeDate).length, filled.length),
    amounts: share(filled.filter(looksLikeAmount).length, filled.length),
    filled: share(filled.length, cells.length),
    meanLength: share(
      filled.reduce((sum, cell) => sum + cell.length, 0),
      filled.length,
    ),
  };
}

/** A name alone is not enough: what is called `Valuta` is a date at one bank and a currency at another. */
function fits({ dates, amounts, filled }: Column, role: ColumnRole): boolean {
  if (role === "date") return dates > 0.5;
  if (role === "amount") return amounts > 0.5;
  if (role === "debit" || role === "credit") return filled === 0 || amounts > 0.5;
  return role === "account" || dates < 0.5;
}

function bestNamed(columns: Column[], role: ColumnRole): Column | undefined {
  const ranked = columns
    .map((column) => ({ column, rank: rankHeader(column.name, role) }))
    .filter((entry): entry is { column: Column; rank: number } => entry.rank !== null && fits(entry.column, role));
  return ranked.sort((one, other) => one.rank - other.rank)[0]?.column;
}

function takeAmounts(
  free: () => Column[],
  named: (role: ColumnRole) => Column | undefined,
  take: (column: Column | undefined) => string | undefined,
): Pick<ColumnMapping, "amount" | "debit" | "credit"> | null {
  const debit = named("debit");
  const credit = named("credit");
  const single = named("amount");
  if ((debit && credit && debit !== credit) || (!single && (debit || credit)))
    return { debit: take(debit), credit: take(credit === debit ? undefined : credit) };
  if (single) return { amount: take(single) };
  const numbers = free().filter(({ amounts, dates }) => amounts > 0.8 && dates < 0.5);
  const [first, second] = numbers;
  // Two columns of which each row fills one are money out and money in, in this order at every bank known to us.
  if (first && second && first.filled < 1 && Math.abs(first.filled + second.filled - 1) < 0.01)
    return { debit: take(first), credit: take(second) };
  return first ? { amount: take(first) } : null;
}

function longest(columns: Column[]): Column | undefined {
  const texts = columns.filter(({ dates, amounts, filled }) => filled > 0 && dates < 0.5 && amounts < 0.5);
  return texts.sort((one, other) => other.meanLength - one.meanLength)[0];
}
