import type { TransactionFilter, transactionSorts } from "@/lib/contracts/finance";
import { transactionPageQuerySchema } from "@/lib/contracts/money-requests";

/** Everything that the list of transactions shows lives in its address. */
export interface ListPlace {
  sort: (typeof transactionSorts)[number];
  direction: "asc" | "desc";
  cursor: string | null;
}
export const firstPlace: ListPlace = { sort: "date", direction: "desc", cursor: null };

const {
  sort: _sort,
  direction: _direction,
  cursor: _cursor,
  limit: _limit,
  ...filterShape
} = transactionPageQuerySchema.shape;

/** What an address says. What is no filter of ours is left out. */
export function readListAddress(query: Readonly<Record<string, unknown>>): {
  filter: TransactionFilter;
  place: ListPlace;
} {
  const filter: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(filterShape)) {
    const parsed = query[name] === undefined || query[name] === "" ? null : schema.safeParse(query[name]);
    if (parsed?.success && parsed.data !== undefined) filter[name] = parsed.data;
  }
  const { shape } = transactionPageQuerySchema;
  const sort = shape.sort.safeParse(query.sort);
  const direction = shape.direction.safeParse(query.direction);
  const cursor = shape.cursor.safeParse(query.cursor);
  return {
    filter,
    place: {
      sort: sort.success ? sort.data : firstPlace.sort,
      direction: direction.success ? direction.data : firstPlace.direction,
      cursor: (cursor.success ? cursor.data : null) || null,
    },
  };
}

/** The address of the list with this filter, in this order, at this place. */
export function listPath(filter: TransactionFilter, place: ListPlace = firstPlace): string {
  const query = new URLSearchParams();
  for (const name of Object.keys(filterShape) as (keyof TransactionFilter)[]) {
    const value = filter[name];
    if (value !== undefined) query.set(name, String(value));
  }
  if (place.sort !== firstPlace.sort) query.set("sort", place.sort);
  if (place.direction !== firstPlace.direction) query.set("direction", place.direction);
  if (place.cursor !== null) query.set("cursor", place.cursor);
  return query.size > 0 ? `/money/transactions?${query}` : "/money/transactions";
}

/** What the overview shows: a period by its word, and one currency at a time. */
export function overviewPath({ period, currency }: { period?: string; currency?: string }): string {
  const query = new URLSearchParams();
  if (period !== undefined) query.set("period", period);
  if (currency !== undefined) query.set("currency", currency);
  return query.size > 0 ? `/money?${query}` : "/money";
}
