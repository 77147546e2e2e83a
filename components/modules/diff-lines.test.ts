import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDiffRows } from "./diff-lines";

const text = fc
  .array(fc.stringMatching(/^[a-c]{0,3}$/), { minLength: 1, maxLength: 30 })
  .map((lines) => `${lines.join("\n")}\n`);

describe("toDiffRows", () => {
  it("shows every added and every removed line exactly once", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const rows = toDiffRows(before, after);
        const count = (value: string) => value.replace(/\n$/, "").split("\n").length;
        const removed = rows.filter((row) => row.kind === "removed").length;
        const added = rows.filter((row) => row.kind === "added").length;
        expect(count(before) - removed).toBe(count(after) - added);
      }),
    );
  });

  it("shows a new file whole, without hiding a line", () => {
    const rows = toDiffRows(null, Array.from({ length: 40 }, (_, index) => `line ${index}`).join("\n"));
    expect(rows).toHaveLength(40);
    expect(rows.every((row) => row.kind === "added")).toBe(true);
  });

  it("hides long unchanged stretches and says how many lines they have", () => {
    const before = Array.from({ length: 50 }, (_, index) => `line ${index}`);
    const after = before.with(25, "changed");
    const rows = toDiffRows(`${before.join("\n")}\n`, `${after.join("\n")}\n`);
    expect(rows[0]).toMatchObject({ kind: "skipped", text: "22 unchanged lines" });
    expect(rows.filter((row) => row.kind === "same")).toHaveLength(6);
  });
});
