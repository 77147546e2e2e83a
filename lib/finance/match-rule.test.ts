import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPattern, matchesPattern, parsePattern } from "./match-rule";
import { splitWords } from "./split-words";

const matches = (pattern: string, text: string) => matchesPattern(parsePattern(pattern), splitWords(text));

describe("a rule's pattern", () => {
  it.each([
    ["uber eats", "UBER   *EATS HELP.UBER.COM", true],
    ["uber eats", "UBER TRIP", false],
    ["uber eats", "EATS UBER", false],
    ["bell", "BELLEVUE HOTEL", false],
    ["bell", "Bell Canada", true],
    ["mcdonalds", "McDonald’s #12", true],
    ["mcdonald's", "MCDONALDS 4411", true],
    ["cafe ole", "Café Olé", true],
    ["straße", "STRASSE 5", true],
    ["amzn*", "AMZNMKTP CA", true],
    ["amzn*", "XAMZN", false],
    ["*bucks", "STARBUCKS 12", true],
    ["s*b*s", "starbucks", true],
    ["s*z*s", "starbucks", false],
    ["air * canada", "AIR CANADA", true],
    ["air * canada", "AIR MILES OF CANADA", true],
    ["air * canada", "CANADA AIR", false],
    ["shell | esso", "ESSO 12", true],
    ["t t supermarket", "T&T SUPERMARKET #012", true],
    ["7 eleven", "7-ELEVEN 33", true],
    ["аэрофлот", "АЭРОФЛОТ", true],
    ["*", "anything", false],
    ["", "anything", false],
    ["(a+)+$ | [z]", "aa", false],
    ["(a+)+$ | [z]", "z", true],
  ])("%s in %s: %s", (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it("fits its own words wherever they stand, in any case", () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 4 }),
        fc.array(word),
        fc.array(word),
        (own, before, after) => {
          expect(matches(own.join(" "), [...before, ...own, ...after].join(" - ").toUpperCase())).toBe(true);
        },
      ),
    );
  });

  it("says no word more than a plain search for words does", () => {
    const letters = fc.stringMatching(/^[ab* |]{0,12}$/);
    const text = fc.stringMatching(/^[ab ]{0,12}$/);
    // The same language as a regular expression, which may be slow: here texts are short.
    const slow = (pattern: string, words: string) =>
      pattern.split("|").some((alternative) => {
        const tokens = alternative.trim().split(/\s+/).filter(Boolean);
        if (!tokens.some((token) => /[^*]/.test(token))) return false;
        const parts = tokens.map((token) => (/^\*+$/.test(token) ? "(?: \\w+)*" : ` ${token.replace(/\*+/g, "\\w*")}`));
        return new RegExp(`${parts.join("")}(?= |$)`).test(words.replace(/(^|\s+)(?=\S)/g, " ").trimEnd());
      });
    fc.assert(
      fc.property(letters, text, (pattern, words) => {
        expect(matches(pattern, words)).toBe(slow(pattern, words));
      }),
      { numRuns: 2000 },
    );
  });

  it("takes no time for any pattern a person can write", () => {
    const text = "a".repeat(400);
    const startedAt = performance.now();
    for (let n = 0; n < 200; n += 1)
      matches(`${"a*".repeat(90)}b | ${"* a ".repeat(40)}b`, `${text} ${"a ".repeat(200)}`);
    // Some 20 ms; a backtracking search would not come to its end.
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it("is one only if it looks for a word", () => {
    expect(["a", "* a", "*a"].map(isPattern)).toEqual([true, true, true]);
    expect(["", "*", " | ", "--"].map(isPattern)).toEqual([false, false, false, false]);
  });
});
