import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collectPages } from "./pages";

describe("all pages of a reply", () => {
  it("give every item once and in order, whatever the size of a page", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer(), { maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        async (items, size) => {
          const asked: unknown[] = [];
          const all = await collectPages(
            async (cursor) => {
              asked.push(cursor);
              const from = Number(cursor ?? 0);
              return { items: items.slice(from, from + size), next: from + size < items.length ? from + size : null };
            },
            { maxPages: 100 },
          );
          expect(all).toEqual(items);
          expect(asked).toHaveLength(Math.max(1, Math.ceil(items.length / size)));
        },
      ),
    );
  });

  it("stop when the service hands out the same cursor twice", async () => {
    let count = 0;
    await expect(
      collectPages(async () => {
        count += 1;
        return { items: [1], next: "again" };
      }),
    ).rejects.toMatchObject({ code: "upstream" });
    expect(count).toBe(2);
  });

  it("stop at the given number of pages and items", async () => {
    const endless = async (cursor?: string | number) => ({ items: [1, 2, 3], next: Number(cursor ?? 0) + 1 });
    expect(await collectPages(endless, { maxPages: 4 })).toHaveLength(12);
    expect(await collectPages(endless, { maxItems: 5 })).toEqual([1, 2, 3, 1, 2]);
  });

  it("end at an empty cursor", async () => {
    for (const next of [undefined, null, ""])
      expect(await collectPages(async () => ({ items: ["a"], next }))).toEqual(["a"]);
  });
});
