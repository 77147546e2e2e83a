import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Viewer } from "@/lib/contracts/viewer";
import { defaultRules } from "@/lib/finance/default-rules";
import { testDatabase, testUser } from "../testing";
import { applyRules, previewRules } from "./apply-rules";
import { setCategories, setCategoriesOf, setCategory } from "./categories";
import { listMerges, splitMerge } from "./merge-log";
import { addRule, deleteRule, editRule, listRules, moveRule } from "./rules";
import { listAll, money, sync, testConnection, transaction } from "./testing-money";

let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function withMoney(): Promise<Viewer> {
  const viewer = await testUser();
  await sync(viewer, await testConnection(viewer), {
    transactions: [
      transaction({ id: "a", merchant: "ZORA BOOKS 12" }),
      transaction({ id: "b", merchant: "ZORA BOOKS 12" }),
      transaction({ id: "c", merchant: "STARBUCKS" }),
      transaction({ id: "d", merchant: "ZORA BOOKS 12", amount: money(450) }),
    ],
  });
  return viewer;
}
const sorted = async (viewer: Viewer) =>
  Object.fromEntries(
    (await listAll(viewer)).map(({ id, company, category, kind, categoryBy }) => [
      id,
      { company, category, kind, categoryBy },
    ]),
  );
const ids = async (viewer: Viewer, merchant: string) =>
  (await listAll(viewer)).filter((row) => row.merchant.startsWith(merchant)).map(({ id }) => id);
const patterns = async (viewer: Viewer) => (await listRules(viewer)).map(({ pattern }) => pattern);

describe("a person's rules", () => {
  it("are the default ones at first, and theirs from then on", async () => {
    const viewer = await testUser();
    const rules = await listRules(viewer);
    expect(rules.map(({ pattern }) => pattern)).toEqual(defaultRules.map(({ pattern }) => pattern));
    expect(rules.map(({ position }) => position)).toEqual(rules.map((_, at) => at + 1));
    for (const { id } of rules) await deleteRule(viewer, id);
    expect(await listRules(viewer)).toEqual([]);
    expect(await listRules(await testUser())).toHaveLength(defaultRules.length);
  });

  it("are added before all others or where they are wanted, changed, moved and deleted", async () => {
    const viewer = await testUser();
    const before = await patterns(viewer);
    const first = await addRule(viewer, { pattern: "zora", category: "Books" });
    expect(first).toMatchObject({ position: 1, company: null, kind: null, isEnabled: true });
    const third = await addRule(viewer, { pattern: "third", category: "Books" }, 3);
    expect(await patterns(viewer)).toEqual(["zora", before[0], "third", ...before.slice(1)]);
    expect((await moveRule(viewer, first.id, 9999)).position).toBe(before.length + 2);
    await moveRule(viewer, third.id, 1);
    expect(await patterns(viewer)).toEqual(["third", ...before, "zora"]);
    expect(await editRule(viewer, third.id, { pattern: "drei", category: "X", isEnabled: false })).toMatchObject({
      pattern: "drei",
      isEnabled: false,
    });
    await deleteRule(viewer, third.id);
    await deleteRule(viewer, first.id);
    expect(await patterns(viewer)).toEqual(before);
  });

  it("keep their order when several tabs change them at once", async () => {
    const viewer = await testUser();
    await Promise.all(Array.from({ length: 8 }, (_, n) => addRule(viewer, { pattern: `w${n}`, category: "X" })));
    const rules = await listRules(viewer);
    expect(rules).toHaveLength(defaultRules.length + 8);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it("must look for a word", async () => {
    for (const pattern of ["*", " | ", "---"])
      await expect(addRule(await testUser(), { pattern, category: "X" })).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("applying the rules", () => {
  it("is previewed, changes what was said, leaves what a person sorted, and is undone", async () => {
    const viewer = await withMoney();
    const [, byHand = ""] = await ids(viewer, "ZORA");
    await setCategory(viewer, byHand, { category: "Gifts" });
    const before = await sorted(viewer);
    expect(await previewRules(viewer)).toEqual({ changed: 0, sample: [] });
    await addRule(viewer, { pattern: "zora books", company: "Zora", category: "Books" });
    const preview = await previewRules(viewer);
    expect(preview.changed).toBe(2);
    expect(preview.sample[0]).toMatchObject({ merchant: "ZORA BOOKS 12", to: { company: "Zora", category: "Books" } });
    expect(await sorted(viewer)).toEqual(before);

    const { changed, undoId } = await applyRules(viewer);
    expect(changed).toBe(preview.changed);
    const after = await sorted(viewer);
    expect(after[byHand]).toEqual(before[byHand]);
    expect(
      Object.values(after)
        .filter(({ category }) => category === "Books")
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(["expense", "refund"]);
    expect(await previewRules(viewer)).toEqual({ changed: 0, sample: [] });
    expect(await applyRules(viewer)).toEqual({ changed: 0, undoId: null });

    expect((await listMerges(viewer))[0]).toMatchObject({ id: undoId, kind: "categories", count: 2 });
    await splitMerge(viewer, undoId ?? "");
    expect(await sorted(viewer)).toEqual(before);
  });
});

describe("sorting several at once", () => {
  it("is undone, except where somebody sorted anew since", async () => {
    const viewer = await withMoney();
    const before = await sorted(viewer);
    const zora = await ids(viewer, "ZORA");
    const { changed, undoId } = await setCategories(viewer, zora, { category: "Books", company: "Zora" });
    expect(changed).toBe(3);
    const [first = "", ...rest] = zora;
    await setCategory(viewer, first, { category: "Gifts" });
    expect(await splitMerge(viewer, undoId ?? "")).toEqual({ changed: 2 });
    const after = await sorted(viewer);
    expect(after[first]).toMatchObject({ category: "Gifts", categoryBy: "person" });
    for (const id of rest) expect(after[id]).toEqual(before[id]);
  });

  it("goes for everything that fits a filter", async () => {
    const viewer = await withMoney();
    expect(await setCategoriesOf(viewer, { text: "zora" }, { category: "Books" })).toMatchObject({ changed: 3 });
    expect(await listAll(viewer, { category: "Books" })).toHaveLength(3);
  });

  it("changes none when one of them is somebody else's", async () => {
    const [viewer, stranger] = [await withMoney(), await withMoney()];
    const before = await sorted(viewer);
    const mixed = [...(await ids(viewer, "ZORA")), ...(await ids(stranger, "STARBUCKS"))];
    await expect(setCategories(viewer, mixed, { category: "Books" })).rejects.toMatchObject({ code: "not-found" });
    expect(await sorted(viewer)).toEqual(before);
  });
});
