import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultCategories } from "@/lib/contracts/finance";
import { categorize, compileRules, type Rule, type Sortable } from "./categorize";
import { defaultRules } from "./default-rules";
import { isPattern, matchesPattern, parsePattern } from "./match-rule";
import { splitWords } from "./split-words";

const rules = compileRules(defaultRules.map((rule, at) => ({ ...rule, id: `rule_${at}`, isEnabled: true })));
const sort = (merchant: string, more: Partial<Sortable> = {}) =>
  categorize({ merchant, description: null, sourceCategory: null, amountMinor: -1000, ...more }, rules);

describe("the default rules", () => {
  it("are about a hundred, each of a known category and with words to look for", () => {
    expect(defaultRules.length).toBeGreaterThanOrEqual(95);
    for (const { category, pattern } of defaultRules) {
      expect(defaultCategories).toContain(category);
      expect(pattern.split("|").every(isPattern)).toBe(true);
    }
    const named = new Set(defaultRules.map(({ category }) => category));
    expect(defaultCategories.filter((category) => !named.has(category))).toEqual(["Other"]);
  });

  it.each([
    ["UBER CANADA/UBEREATS TORONTO ON", "Uber Eats", "Food Delivery"],
    ["UBER   *EATS", "Uber Eats", "Food Delivery"],
    ["UBER *TRIP HELP.UBER.COM", "Uber", "Rideshare"],
    ["AMZN Mktp CA*2X3 WWW.AMAZON.CAON", "Amazon", "Shopping"],
    ["PRIME VIDEO *AB12", "Prime Video", "Entertainment"],
    ["IKEA OTTAWA", "IKEA", "Shopping"],
    ["ABLETON AG BERLIN", "Ableton", "Software"],
    ["GITHUB, INC.", "GitHub", "Software"],
    ["ANTHROPIC SAN FRANCISCO CA", "Anthropic", "Software"],
    ["PERPLEXITY AI", "Perplexity", "Software"],
    ["FREEDOM MOBILE 877-946-3184 ON", "Freedom Mobile", "Telecom"],
    ["BELL MOBILITY VERDUN QC", "Bell", "Telecom"],
    ["HYDRO OTTAWA LIMITED", "Hydro Ottawa", "Utilities"],
    ["PETRO-CANADA 123", "Petro-Canada", "Gas"],
    ["SHELL C12345", "Shell", "Gas"],
    ["COSTCO GAS W541", "Costco Gas", "Gas"],
    ["COSTCO WHOLESALE W541", "Costco", "Groceries"],
    ["TIM HORTONS #1234", "Tim Hortons", "Coffee"],
    ["T&T SUPERMARKET #012", "T&T", "Groceries"],
    ["METRO 1234 OTTAWA ON", "Metro", "Groceries"],
    ["COUCHE-TARD #1234", "Couche-Tard", "Convenience"],
    ["7-ELEVEN 34567", "7-Eleven", "Convenience"],
    ["VIA RAIL MONTREAL QC", "VIA Rail", "Travel"],
    ["PRESTO APPL/ABCD", "Presto Appl/Abcd", "Transit"],
    ["AIRBNB * HMABC", "Airbnb", "Travel"],
    ["CINEPLEX #9128", "Cineplex", "Entertainment"],
    ["REXALL PHARMACY", "Rexall", "Health"],
    ["PAYBYPHONE", "Paybyphone", "Parking"],
    ["BUILDINGSTACK* RENT", "Buildingstack* Rent", "Rent"],
    ["REWE SAGT DANKE 4431", "Rewe Sagt Danke", "Groceries"],
    ["LCBO/RAO #0633", "Lcbo/Rao", "Bar"],
  ])("know %s", (merchant, company, category) => {
    expect(sort(merchant)).toMatchObject({ company, category, kind: "expense", categoryBy: "rule" });
  });

  it.each([
    ["PAYMENT THANK YOU/PAIEMENT MERCI", 50_000, "Transfer", "transfer"],
    ["INTERNET TRANSFER 000000123456", -50_000, "Transfer", "transfer"],
    ["E-TRANSFER 012345 Ann", 2000, "Transfer", "transfer"],
    ["ACME CORP PAYROLL", 250_000, "Income", "income"],
    ["CASHBACK/REMISE EN ARGENT", 1200, "Income", "income"],
    ["OVERDRAFT S/C", -500, "Banking", "fee"],
    ["NETWORK TRANSACTION FEE", -200, "Banking", "fee"],
    ["SERVICE CHARGE REVERSAL", 200, "Banking", "refund"],
    ["INTEREST PAID", 12, "Income", "interest"],
    ["INTEREST CHARGES", -900, "Banking", "interest"],
    ["AMAZON.CA", 3000, "Shopping", "refund"],
    ["CASH ADVANCE INTERAC", -4000, "Transfer", "transfer"],
    ["KLARNA* SHOP", -4000, "Banking", "expense"],
  ])("know the kind of %s", (merchant, amountMinor, category, kind) => {
    expect(sort(merchant, { amountMinor })).toMatchObject({ category, kind });
  });
});

describe("without a rule", () => {
  it.each([
    ["FOOD_AND_DRINK", "Restaurant"],
    ["FOOD_AND_DRINK_GROCERIES", "Groceries"],
    ["TRANSPORTATION_TAXIS_AND_RIDE_SHARES", "Rideshare"],
    ["RENT_AND_UTILITIES_RENT", "Rent"],
    ["groceries", "Groceries"],
  ])("the source's word %s counts", (sourceCategory, category) => {
    expect(sort("Xyzzy", { sourceCategory })).toMatchObject({ category, categoryBy: "source", ruleId: null });
  });

  it("money that comes is income and money that goes an expense", () => {
    expect(sort("Xyzzy", { amountMinor: 5 })).toMatchObject({ category: "Other", kind: "income" });
    expect(sort("Xyzzy", { sourceCategory: "NONSENSE" })).toMatchObject({ category: "Other", kind: "expense" });
    expect(sort("Xyzzy", { amountMinor: 5, sourceCategory: "GENERAL_MERCHANDISE" })).toMatchObject({ kind: "refund" });
  });
});

describe("rules", () => {
  const rule = (id: string, pattern: string, more: Partial<Rule> = {}): Rule => ({
    ...{ id, pattern, company: id, category: id, kind: null, isEnabled: true },
    ...more,
  });
  const by = (merchant: string, all: Rule[], description: string | null = null) =>
    categorize({ merchant, description, sourceCategory: null, amountMinor: -1 }, compileRules(all)).ruleId;

  it("go in their order, whichever words they begin with", () => {
    expect(by("zora books", [rule("a", "books"), rule("b", "zora")])).toBe("a");
    expect(by("zora books", [rule("a", "*ora"), rule("b", "zora")])).toBe("a");
    expect(by("zora books", [rule("a", "books", { isEnabled: false }), rule("b", "*ora")])).toBe("b");
  });

  it("are found by the index as by trying each in turn", () => {
    const pattern = fc
      .array(fc.stringMatching(/^[ab*]{1,4}$/), { minLength: 1, maxLength: 2 })
      .map((words) => words.join(" "));
    const text = fc.array(fc.stringMatching(/^[ab]{1,4}$/), { maxLength: 4 }).map((words) => words.join(" "));
    fc.assert(
      fc.property(
        fc.array(fc.array(pattern, { minLength: 1, maxLength: 2 }), { maxLength: 6 }),
        text,
        (all, merchant) => {
          const rules = all.map((alternatives, at) => rule(`r${at}`, alternatives.join(" | ")));
          const first = rules.find((one) => matchesPattern(parsePattern(one.pattern), splitWords(merchant)));
          expect(by(merchant, rules)).toBe(first?.id ?? null);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("look into the description only where the merchant's name says nothing", () => {
    expect(by("Xyzzy", [rule("a", "rent")], "rent for May")).toBe("a");
    expect(by("Zora", [rule("a", "rent"), rule("b", "zora")], "rent for May")).toBe("b");
    expect(by("Zora", [rule("a", "zora rent")], "rent")).toBeNull();
  });
});
