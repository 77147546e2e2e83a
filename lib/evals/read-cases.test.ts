import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { messagesOf } from "./eval-case";
import { evalsFolder } from "./evals-folder";
import { readCases } from "./read-cases";
import { readResults, readToolset } from "./recorded-tools";

const toolset = readToolset();
const names = toolset.map(({ name }) => name);

describe("the cases of evals/cases", () => {
  const cases = readCases(names);

  it("are of every difficulty and of every kind", () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
    for (const difficulty of ["easy", "medium", "hard"])
      expect(cases.filter((one) => one.difficulty === difficulty).length).toBeGreaterThanOrEqual(10);
    expect(cases.filter((one) => one.expected_tools.length === 0).length).toBeGreaterThanOrEqual(10);
    expect(cases.filter((one) => one.expected_clarification !== undefined).length).toBeGreaterThanOrEqual(8);
    expect(cases.filter((one) => one.multi_step).length).toBeGreaterThanOrEqual(8);
  });

  it("ask nothing that the planner was measured by when it was built", () => {
    const plain = (text: string) =>
      text
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, " ")
        .trim();
    const known = ["tuned.yaml", "held-out.yaml"].flatMap((file) => {
      const list: { say: string | string[] }[] = parse(readFileSync(join(evalsFolder(), "planner", file), "utf8"));
      return list.flatMap(({ say }) => [say].flat().slice(-1).map(plain));
    });
    const asked = cases.map((one) => plain(messagesOf(one).at(-1) ?? ""));
    expect(asked.filter((text) => known.includes(text))).toEqual([]);
  });

  it("find an answer of every tool", () => {
    const results = readResults();
    expect(names.filter((name) => !(name in results)).sort()).toEqual(["current_time", "math_solver"]);
    expect(Object.keys(results).filter((name) => !names.includes(name))).toEqual([]);
  });
});

describe("a mistake in a file of cases", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "burgeon-cases-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const complaint = (text: string): string => {
    writeFileSync(join(folder, "some.yaml"), text);
    try {
      readCases(names, folder);
      return "";
    } catch (cause) {
      return String(cause);
    }
  };
  const good = '- id: first\n  query: "hello"\n  expected_tools: []\n  difficulty: easy\n';

  it("is told with file, line and id", () => {
    expect(complaint(good)).toBe("");
    expect(complaint(`${good}- id: second\n  query: "x"\n  expected_tools: []\n  difficulty: simple\n`)).toContain(
      "some.yaml:8 (second): difficulty",
    );
    expect(
      complaint(`${good}- id: second\n  query: "x"\n  expected_tools: []\n  difficulty: hard\n  surprise: 1\n`),
    ).toMatch(/some\.yaml:5 \(second\): .*surprise/);
    expect(complaint(`${good}- query: "x"\n`)).toMatch(/some\.yaml:5 \(case 2\): id: /);
  });

  it("may be the name of a tool, an id taken twice, or arguments of a tool that is not expected", () => {
    expect(complaint(good.replace("expected_tools: []", "expected_tools: [fly]"))).toContain(
      "some.yaml:1 (first): there is no tool fly",
    );
    expect(complaint(good + good)).toContain("some.yaml:5 (first): this id is taken by some.yaml:1");
    expect(complaint(`${good}  expected_arguments: { math_solver: { expression: "1" } }\n`)).toMatch(
      /some\.yaml:5 \(first\): expected_arguments: math_solver is not among/,
    );
    expect(
      complaint(
        `${good.replace("expected_tools: []", "expected_tools: [math_solver]")}  forbidden_tools: [math_solver]\n`,
      ),
    ).toContain("is expected as well");
  });

  it("may be YAML that is none, or no list", () => {
    expect(complaint(`${good}- id: "open\n`)).toMatch(/some\.yaml:[56]: /);
    expect(complaint("id: first\n")).toContain("some.yaml:1: a file of cases is a list");
  });

  it("is told together with all others", () => {
    const text = complaint(`${good.replace("easy", "simple")}${good.replace("first", "Second")}`);
    expect(text).toContain("some.yaml:4 (first): difficulty");
    expect(text).toContain("some.yaml:5 (Second): id");
  });
});
