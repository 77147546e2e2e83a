import { ModuleError } from "./module-error";

export interface Page<Item> {
  items: Item[];
  /** What to ask for next: a cursor, a page number, an offset. Nothing = this was the last page. */
  next?: string | number | null | undefined;
}

export interface CollectOptions {
  /** Stop quietly after so many pages. */
  maxPages?: number;
  /** Stop quietly after so many items. */
  maxItems?: number;
}

/**
 * All items of a paged reply: calls `load` with nothing, then with each page's `next`, until there is none.
 * A service that hands out the same cursor twice would page for ever: that is an error.
 */
export async function collectPages<Item>(
  load: (cursor: string | number | undefined) => Promise<Page<Item>>,
  options: CollectOptions = {},
): Promise<Item[]> {
  const { maxPages = 20, maxItems = 5_000 } = options;
  const items: Item[] = [];
  const seen = new Set<string | number>();
  let cursor: string | number | undefined;
  for (let page = 0; page < maxPages && items.length < maxItems; page += 1) {
    const { items: found, next } = await load(cursor);
    items.push(...found.slice(0, maxItems - items.length));
    if (next === undefined || next === null || next === "") break;
    if (seen.has(next)) throw new ModuleError("upstream", "The service repeats the same page.");
    seen.add(next);
    cursor = next;
  }
  return items;
}
