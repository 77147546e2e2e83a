import { describe, expect, it } from "vitest";
import { scriptedModel } from "@/lib/orchestrator/testing";
import { readToolset } from "./recorded-tools";
import { toTable } from "./report";
import { toPage } from "./report-page";
import { type EvalReport, runEvals } from "./run-evals";
import { evalCase } from "./testing";

const hostile = `<script>alert("1")</script><img src=x onerror='x'>&amp;`;

async function report(): Promise<EvalReport> {
  const { model } = scriptedModel((options) =>
    options.prompt.length > 2 ? { text: hostile } : { calls: [{ tool: "code_host_search", input: { q: hostile } }] },
  );
  const cases = [
    evalCase({ id: "hostile-one", query: hostile, expected_tools: [], expected_clarification: hostile }),
    evalCase({ id: "second", query: "x", expected_tools: ["code_host_search"], difficulty: "hard" }),
  ];
  const { signal } = new AbortController();
  return runEvals(cases, { model, label: hostile, provider: "scripted" }, readToolset(), { signal });
}

describe("a report", () => {
  it("is a table with every metric, its interval and its threshold, and says what failed and how", async () => {
    const table = toTable(await report());
    expect(table).toMatch(/tool selection accuracy +0\.500 +0\.095 to 0\.905 +1 of 2 +0\.85 +not met/);
    expect(table).toMatch(/argument correctness +– +– +0 of 0 +0\.80/);
    expect(table).toContain("easy 0 of 1 · hard 1 of 1");
    expect(table).toContain("✗ hostile-one (easy)");
    expect(table).toContain("Called, but not expected: code_host_search");
  });

  it("is a page of its own on which nothing that was said becomes markup", async () => {
    const page = toPage(await report());
    expect(page).toContain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
    expect(page).toContain("&amp;amp;");
    expect(page).not.toMatch(/<script|<img|<link|\ssrc=x onerror='/);
    expect(page).not.toMatch(/(href|src|url)\s*[=(]\s*["']?https?:/);
    const tags = new Set([...page.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag));
    expect(
      [...tags].filter(
        (tag) =>
          !"html head meta title style body h1 p table thead tbody tr th td code br span"
            .split(" ")
            .includes(tag ?? ""),
      ),
    ).toEqual([]);
  });
});
