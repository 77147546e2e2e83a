import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, hashOf } from "./canonical-json";
import { limitOutput } from "./limit-output";

describe("limitOutput", () => {
  it("always fits, is plain JSON, and leaves small values as they are", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.integer({ min: 300, max: 2000 }), (value, maxChars) => {
        const { output, isCut } = limitOutput(value, maxChars);
        expect(JSON.stringify(output).length).toBeLessThanOrEqual(maxChars);
        if (!isCut) expect(output).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("keeps the shape of a large list and says what is missing", () => {
    const rows = Array.from({ length: 5000 }, (_, id) => ({ id, name: `row ${id}` }));
    const { output, isCut } = limitOutput({ rows }, 5000);
    expect(isCut).toBe(true);
    expect(output).toMatchObject({ rows: expect.arrayContaining([{ id: 0, name: "row 0" }]) });
    expect(JSON.stringify(output)).toMatch(/more items/);
  });
});

describe("canonical arguments", () => {
  it("are the same whatever the order of keys, and different for different values", () => {
    expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: "x" })).toBe('{"a":"x","b":[1,{"d":1}]}');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const shuffled = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(shuffled)).toBe(canonicalJson(value));
      }),
    );
    expect(hashOf("ab", "c")).not.toBe(hashOf("a", "bc"));
  });
});
