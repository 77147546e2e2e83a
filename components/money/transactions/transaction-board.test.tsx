import { alerts, button, click, field, find, hasDialog, openScreen, press, type } from "../../testing-screen";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { TransactionView } from "@/lib/contracts/finance";
import { TransactionBoard } from "./transaction-board";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined, refresh: () => undefined }) }));
// The popover measures where it fits, which takes a real browser. Here each picker is one button that chooses "Dining".
vi.mock("../category-picker", () => ({
  CategoryPicker: ({ value, onChoose }: { value: string; onChoose: (category: string) => void }) => (
    <button type="button" onClick={() => onChoose("Dining")}>
      {value}
    </button>
  ),
}));

const transaction = {
  ...{ id: "txn_1", company: "Starbucks", merchant: "STARBUCKS 123", description: "", note: null, isPending: false },
  ...{ amountMinor: -550, currency: "CAD", date: "2026-11-03", category: "Coffee", categoryBy: "source" },
  ...{ kind: "expense", accountId: "acc_1", accountName: "Chequing" },
} as unknown as TransactionView;

const refused = () =>
  Response.json({ error: { code: "conflict", message: "It is locked.", hint: "Try later." } }, { status: 409 });
beforeEach(async () => {
  vi.stubGlobal("fetch", async () => refused());
  const page = { transactions: [transaction], next: null, previous: null } as never;
  const props = { filter: {}, place: {} as never, categories: [], count: Promise.resolve(1), locale: "en" };
  await openScreen(<TransactionBoard page={page} {...props} isPhone={false} />);
});

describe("the dialog of a transaction", () => {
  it("says in itself why a category could not be kept, and loses no note", async () => {
    await click(button("Starbucks: details"));
    await type(field("Note"), "With Ann");
    await click(button("Coffee"));
    expect([hasDialog(), alerts(), button("Coffee").textContent]).toEqual([
      true,
      ["It is locked. Try later."],
      "Coffee",
    ]);
    expect(field("Note").value).toBe("With Ann");
    await press(find("[role=dialog]"), "Escape");
    expect([hasDialog(), alerts()]).toEqual([false, []]);
  });

  it("says nothing of what failed in the table before", async () => {
    await click(button("Coffee"));
    expect(alerts()).toEqual(["It is locked. Try later."]);
    await click(button("Starbucks: details"));
    expect([hasDialog(), alerts()]).toEqual([true, []]);
  });
});
