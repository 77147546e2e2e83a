import { describe, expect, it } from "vitest";
import type { Rule } from "./categorize";
import { draftRules } from "./draft-rules";

const rule = (id: string): Rule => ({ id, pattern: id, company: null, category: "Other", kind: null, isEnabled: true });
const rules = [rule("a"), rule("b"), rule("c")];
const idsOf = (draft: Parameters<typeof draftRules>[1]) => draftRules(rules, draft).map(({ id }) => id);
const { id: _id, ...content } = rule("new");

describe("rules as they would be", () => {
  it("have a new one before all others, or where it is put", () => {
    expect(idsOf({ rule: content })).toEqual(["draft", "a", "b", "c"]);
    expect(idsOf({ rule: content, position: 3 })).toEqual(["a", "b", "draft", "c"]);
    expect(idsOf({ rule: content, position: 99 })).toEqual(["a", "b", "c", "draft"]);
  });

  it("have a changed one where it stood, unless it is moved", () => {
    expect(draftRules(rules, { ruleId: "b", rule: content })[1]).toEqual({ ...content, id: "b" });
    expect(idsOf({ ruleId: "c", rule: content, position: 1 })).toEqual(["c", "a", "b"]);
    expect(idsOf({ ruleId: "a", position: 3 })).toEqual(["b", "c", "a"]);
  });

  it("lack a deleted one, and are as they are without a change", () => {
    expect(idsOf({ ruleId: "b" })).toEqual(["a", "c"]);
    expect(idsOf({})).toEqual(["a", "b", "c"]);
  });
});
