import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GrantRow } from "@/lib/db/grants";
import { builtinTools } from "./registry";
import { decideCall, isGrantable } from "./policy";

const builtin = { kind: "builtin" } as const;
const module = { kind: "module", moduleId: "m", category: "a", name: "b", digest: "d", operation: "o" } as const;
const noneKnown = () => false;
const grant = (rules: GrantRow["rules"]): GrantRow => ({
  id: "grant_1",
  tool: "b_o",
  title: "t",
  rules,
  uses: 0,
  lastUsedAt: null,
  createdAt: new Date(0),
});

describe("the policy", () => {
  it.each([
    ["read", builtin, null, "run"],
    ["read", module, "evil.example", "run"],
    ["write", builtin, null, "run"],
    ["write", builtin, "evil.example", "ask"],
    ["write", module, null, "ask"],
    ["destroy", builtin, null, "ask"],
    ["destroy", module, null, "ask"],
  ] as const)("%s by %o, tainted by %s: %s", (effect, source, taintedBy, decision) => {
    expect(decideCall({ effect, source }, taintedBy, [], {}, noneKnown)).toBe(decision);
  });

  it("puts a read to the person where text from outside may have chosen its address, and only there", () => {
    const page = { effect: "read", source: builtin, address: (input: unknown) => String(input) } as const;
    const isKnown = (address: string) => address === "https://known.example/";
    const decide = (tool: Parameters<typeof decideCall>[0], taintedBy: string | null, url: string) =>
      decideCall(tool, taintedBy, [], url, isKnown);
    expect(decide(page, "evil.example", "https://made.example/")).toBe("ask");
    expect(decide(page, "evil.example", "https://known.example/")).toBe("run");
    expect(decide(page, null, "https://made.example/")).toBe("run");
    expect(decide({ effect: "read", source: builtin }, "evil.example", "https://made.example/")).toBe("run");
  });

  it("lets a write run under a grant, and under none once text from outside is in the run", () => {
    const write = { effect: "write", source: module } as const;
    const always = grant([]);
    expect(decideCall(write, null, [always], { n: 1 }, noneKnown)).toBe(always);
    expect(decideCall(write, "evil.example", [always], { n: 1 }, noneKnown)).toBe("ask");
    expect(decideCall({ effect: "destroy", source: module }, null, [always], {}, noneKnown)).toBe("ask");
    expect(isGrantable(write, "evil.example")).toBe(false);
    expect(isGrantable({ effect: "destroy", source: module }, null)).toBe(false);
  });

  it("narrows a grant by every one of its rules, whatever the values are and in whatever order keys stand", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue(), (input, other) => {
        const rules = Object.entries(input).map(([argument, equals]) => ({ argument, equals: equals as never }));
        const exact = grant(rules);
        const turned = Object.fromEntries(Object.entries(input).reverse());
        expect(decideCall({ effect: "write", source: module }, null, [exact], turned, noneKnown)).toBe(exact);
        for (const name of Object.keys(input)) {
          const changed = { ...input, [name]: { changed: other } };
          expect(decideCall({ effect: "write", source: module }, null, [exact], changed, noneKnown)).toBe("ask");
        }
      }),
    );
  });
});

it("only tools whose failures are all Burgeon's own words are not said to quote anybody", () => {
  const own = builtinTools.filter(({ source, quotes }) => source.kind === "builtin" && quotes === undefined);
  expect(own.map(({ name }) => name).sort()).toEqual([
    ...[
      "build_module",
      "current_time",
      "disable_module",
      "enable_module",
      "execute_code",
      "get_weather",
      "list_modules",
    ],
    ...["math_solver", "rollback_module", "save_place", "store_knowledge"],
  ]);
});
