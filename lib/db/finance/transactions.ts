import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import {
  type TransactionFilter,
  type TransactionPage,
  transactionSorts,
  type TransactionView,
} from "@/lib/contracts/finance";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute } from "../statement";
import { accountJoin, type TransactionRow, toTransactionView, transactionColumns } from "./transaction-row";
import { conditionOf } from "./transaction-filter";

export interface TransactionOrder {
  sort: (typeof transactionSorts)[number];
  direction: "asc" | "desc";
}

/** The columns of each order; the id decides between equals, so that no row is on two pages or on none. */
const keys = {
  date: [["date", "date"]],
  // Amounts of two currencies do not compare.
  amount: [
    ["currency", "text"],
    [`"amountMinor"`, "bigint"],
  ],
  merchant: [["company", "text"]],
} as const;

const cursorSchema = z.object({
  sort: z.enum(transactionSorts),
  direction: z.enum(["asc", "desc"]),
  isBack: z.boolean(),
  at: z.array(z.union([z.string(), z.number()])).max(3),
});
type Cursor = z.infer<typeof cursorSchema>;

/**
 * A page of the viewer's transactions, newest first unless ordered otherwise. The cursor of a page stands for a place in the
 * order, so rows that come or go meanwhile shift nothing.
 * @param options.limit 1 to 200; 50 when left out
 * @param options.cursor from `next` or `previous` of a page; it brings its order along
 * @throws AppError invalid for a cursor that is none
 */
export async function listTransactions(
  viewer: Viewer,
  filter: TransactionFilter = {},
  options: { order?: TransactionOrder; cursor?: string; limit?: number } = {},
): Promise<TransactionPage> {
  const cursor = options.cursor === undefined ? null : readCursor(options.cursor);
  const { sort, direction } = cursor ?? options.order ?? { sort: "date", direction: "desc" };
  const limit = Math.min(Math.max(options.limit ?? 50, 1), 200);
  const isBack = cursor?.isBack ?? false;
  const isDescending = (direction === "desc") !== isBack;
  const { where, values } = conditionOf(viewer, filter);
  const columns = [...keys[sort], ["id", "text"] as const];
  const names = columns.map(([name]) => `t.${name}`);
  const places = columns.map(([, type], at) => `$${values.length + at + 1}::${type}`);
  const behind = cursor ? `AND (${names.join(", ")}) ${isDescending ? "<" : ">"} (${places.join(", ")})` : "";
  const order = names.map((name) => `${name} ${isDescending ? "DESC" : "ASC"}`).join(", ");
  const { rows } = await execute<TransactionRow>({
    // See `conditionOf`.
    name: "",
    text: `SELECT ${transactionColumns}
           FROM (SELECT t.* FROM "FinancialTransaction" t WHERE ${where} ${behind} ORDER BY ${order} LIMIT ${limit + 1}) t
           ${accountJoin} ORDER BY ${order}`,
    values: [...values, ...(cursor?.at ?? [])],
  });
  const page = rows.slice(0, limit);
  if (isBack) page.reverse();
  const toCursor = (row: TransactionRow | undefined, goesBack: boolean) =>
    row ? writeCursor({ sort, direction, isBack: goesBack, at: placeOf(row, sort) }) : null;
  const hasMore = rows.length > limit;
  return {
    transactions: page.map(toTransactionView),
    next: isBack || hasMore ? toCursor(page.at(-1), false) : null,
    previous: (isBack ? hasMore : cursor !== null) ? toCursor(page[0], true) : null,
  };
}

/** @throws AppError not-found when the viewer has no such transaction */
export async function getTransaction(viewer: Viewer, transactionId: string): Promise<TransactionView> {
  const { rows } = await execute<TransactionRow>({
    name: "get-transaction",
    text: `SELECT ${transactionColumns} FROM "FinancialTransaction" t ${accountJoin} WHERE t.id = $2 AND t."userId" = $1`,
    values: [viewer.userId, transactionId],
  });
  if (!rows[0]) throw transactionNotFound();
  return toTransactionView(rows[0]);
}

export function transactionNotFound(): AppError {
  return new AppError("not-found", "There is no such transaction.");
}

/** The categories that the viewer's transactions have, by name. Steps from one to the next in the index instead of reading all. */
export async function listCategories(viewer: Viewer): Promise<string[]> {
  const next = (behind: string) =>
    `(SELECT t.category FROM "FinancialTransaction" t WHERE t."userId" = $1 ${behind} ORDER BY t.category LIMIT 1)`;
  const { rows } = await execute<{ category: string }>({
    name: "list-categories",
    text: `WITH RECURSIVE found (category) AS (
             ${next("")} UNION ALL SELECT ${next("AND t.category > found.category")} FROM found WHERE found.category IS NOT NULL)
           SELECT category FROM found WHERE category IS NOT NULL`,
    values: [viewer.userId],
  });
  return rows.map(({ category }) => category);
}

function placeOf(row: TransactionRow, sort: TransactionOrder["sort"]): (string | number)[] {
  if (sort === "date") return [row.date, row.id];
  return sort === "amount" ? [row.currency, row.amountMinor, row.id] : [row.company, row.id];
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

function readCursor(text: string): Cursor {
  try {
    const cursor = cursorSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
    const [first, second] = cursor.at;
    const isOfSort = cursor.at.length === keys[cursor.sort].length + 1;
    if (!isOfSort || (cursor.sort === "date" && !z.iso.date().safeParse(first).success)) throw new Error("misfit");
    if (cursor.sort === "amount" && !Number.isSafeInteger(second)) throw new Error("misfit");
    return cursor;
  } catch (cause) {
    throw new AppError("invalid", "The list cannot go on from there. Start it anew.", { cause });
  }
}
