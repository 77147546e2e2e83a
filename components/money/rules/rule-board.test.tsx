import { alerts, button, click, field, hasDialog, openScreen, type } from "../../testing-screen";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RuleView } from "@/lib/contracts/finance";
import { RuleBoard } from "./rule-board";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined, refresh: () => undefined }) }));
// Which rule it would change is looked up a moment after each key.
vi.mock("./use-rule-preview", () => ({ useRulePreview: () => ({ kind: "none" }) }));

const rule: RuleView = {
  ...{ id: "rule_1", position: 1, pattern: "shell", company: null, category: "Fuel", kind: null, isEnabled: true },
};
const preview = { changed: 0, samples: [], categories: [] };

let answer: () => Promise<Response>;
const sent: { method: string; path: string; body: unknown }[] = [];
const refuse = async () =>
  Response.json(
    { error: { code: "conflict", message: "There are too many rules.", hint: "Delete one." } },
    { status: 409 },
  );
beforeEach(async () => {
  answer = refuse;
  sent.length = 0;
  vi.stubGlobal("fetch", (path: string, { method = "GET", body }: RequestInit) => {
    sent.push({ method, path, body: JSON.parse(String(body)) });
    return answer();
  });
});
const open = (asked: { pattern: string; category: string } | null) =>
  openScreen(<RuleBoard rules={[rule]} preview={preview as never} categories={["Fuel"]} asked={asked} locale="en" />);

describe("the form of a rule", () => {
  it.each([
    ["new", "POST", "/api/money/rules"],
    ["known", "PATCH", "/api/money/rules/rule_1"],
  ])("stays with all that was written until the rule is saved: a %s one", async (which, method, path) => {
    await open(which === "new" ? { pattern: "esso", category: "Fuel" } : null);
    if (which === "known") await click(button("Edit: shell"));
    await type(field("When the merchant has"), "esso | aral");
    await type(field("Call it (optional)"), "Petrol");
    await click(button("Save rule"));
    expect([hasDialog(), alerts()]).toEqual([true, ["There are too many rules. Delete one."]]);
    expect([field("When the merchant has").value, field("Call it (optional)").value]).toEqual([
      "esso | aral",
      "Petrol",
    ]);

    answer = async () => Response.json({});
    await click(button("Save rule"));
    expect([hasDialog(), alerts()]).toEqual([false, []]);
    expect(document.body.textContent).toContain(`The rule “esso | aral” was ${which === "new" ? "added" : "changed"}.`);
    const saved = { method, path, body: expect.objectContaining({ pattern: "esso | aral", company: "Petrol" }) };
    expect(sent).toEqual([saved, saved]);
  });

  it("says nothing of what failed on the page before", async () => {
    await open(null);
    await click(button("Delete: shell"));
    expect(alerts()).toEqual(["There are too many rules. Delete one."]);
    await click(button("New rule"));
    expect([hasDialog(), alerts()]).toEqual([true, []]);
  });
});
