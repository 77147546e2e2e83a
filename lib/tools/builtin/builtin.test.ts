import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tool, ToolContext } from "@/lib/contracts/tool";
import type { Viewer } from "@/lib/contracts/viewer";
import { testDatabase, testUser } from "@/lib/db/testing";
import { currentTime, describeInstant } from "./current-time";
import { loadWebPage } from "./load-web-page";
import { searchKnowledge } from "./search-knowledge";
import { solveMath } from "./solve-math";
import { storeKnowledge } from "./store-knowledge";

let database: Awaited<ReturnType<typeof testDatabase>>;
let viewer: Viewer;
let server: Server;
let origin: string;
let page: { status: number; type: string; body: string };
beforeAll(async () => {
  server = createServer((_request, response) => {
    response.writeHead(page.status, { "content-type": page.type }).end(page.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  origin = `http://${host}`;
  process.env.BURGEON_EGRESS_ALLOW = host;
  database = await testDatabase();
  viewer = await testUser();
});
afterAll(async () => {
  delete process.env.BURGEON_EGRESS_ALLOW;
  server.close();
  await database.close();
});

async function call(tool: Tool, input: unknown, more: Partial<ToolContext> = {}) {
  const context = {
    viewer,
    timeZone: "America/Toronto",
    runId: "run_1",
    conversationId: "conv_1",
    callId: "call_1",
    idempotencyKey: "0123456789abcdef0123456789abcdef",
    signal: new AbortController().signal,
    taintedBy: null,
    target: null,
    progress: () => undefined,
    ...more,
  };
  const parsed = tool.input.parse(input);
  const target = (await tool.inspect?.(parsed, context))?.target ?? null;
  const outcome = await tool.execute(parsed, { ...context, target });
  if (outcome.kind !== "done") throw new Error("it waits");
  return { ...outcome, output: tool.output.parse(outcome.output) as Record<string, unknown> };
}

describe("math_solver", () => {
  it.each([
    ["(17.5 * 3) / 2^4", "3.28125"],
    ["0.1 + 0.2", "0.3"],
    ["sqrt(1764)", "42"],
    ["5 mile to km", "8.04672 km"],
    ["17.5% * 240", "42"],
    ["a = 3\nb = 4\nsqrt(a^2 + b^2)", "5"],
    ["factorial(200)", "7.8865786736479e+374"],
    ["mean([1, 2, 3, 4])", "2.5"],
    ["det([1, 2; 3, 4])", "-2"],
    ["2^100", "1.2676506002282e+30"],
  ])("%s", async (expression, result) => {
    expect((await call(solveMath, { expression })).output.result).toBe(result);
  });

  it.each([
    "import({ a: 1 })",
    'evaluate("1+1")',
    'parse("1")',
    'createUnit("x")',
    "f(x) = x",
    "1 +",
    'cos.constructor("return process")()',
    '"a".constructor.constructor("return process")()',
  ])("refuses what is no calculation: %s", async (expression) => {
    await expect(call(solveMath, { expression })).rejects.toMatchObject({ code: "invalid" });
  });

  it("ends what takes too long or grows too large, and answers the next one", async () => {
    for (const expression of ["ones(20000, 20000)", "factorial(170000)!", "x = 1:1e7; sum(map(x, f(y) = y^2))"])
      await expect(call(solveMath, { expression })).rejects.toMatchObject({ code: "invalid" });
    expect((await call(solveMath, { expression: "1 + 1" })).output.result).toBe("2");
    // Four threads one after the other, two of which are ended by the clock.
  }, 90_000);
});

describe("current_time", () => {
  it("knows zones, also where the day and the offset differ", () => {
    const instant = new Date("2026-03-08T23:30:00Z");
    expect(describeInstant(instant, "Asia/Kathmandu")).toEqual({
      iso: "2026-03-09T05:15:00+05:45",
      time_zone: "Asia/Kathmandu",
      date: "2026-03-09",
      time: "05:15:00",
      weekday: "Monday",
      utc_offset: "+05:45",
    });
    expect(describeInstant(instant, "America/Toronto").iso).toBe("2026-03-08T19:30:00-04:00");
    expect(describeInstant(instant, "UTC").iso).toBe("2026-03-08T23:30:00+00:00");
  });

  it("says so when there is no such zone", async () => {
    await expect(call(currentTime, { time_zone: "Mars/Olympus" })).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("knowledge", () => {
  it("is found by its words, by a phrase, best first, and stored once per call", async () => {
    await call(storeKnowledge, { title: "Boiler", content: "The code of the boiler is in the blue folder." });
    await call(storeKnowledge, { title: "Boiler", content: "The code of the boiler is in the blue folder." });
    await call(
      storeKnowledge,
      { title: "Garden", content: "Water the boiler-room plants." },
      { idempotencyKey: "f".repeat(32) },
    );
    const { output, tainted } = await call(searchKnowledge, { query: "boiler codes" });
    expect(output.results).toMatchObject([{ title: "Boiler", excerpt: expect.stringContaining("blue folder") }]);
    expect(tainted).toBe(false);
    expect((await call(searchKnowledge, { query: '"blue folder" -garden' })).output.results).toHaveLength(1);
    expect((await call(searchKnowledge, { query: "boiler" })).output.results).toHaveLength(2);
    expect((await call(searchKnowledge, { query: "it's & | ! ( broken" })).output.results).toEqual([]);
  });
});

describe("load_web_page", () => {
  const article = "Burgeon grows its own integrations, and this paragraph is long enough to be the article. ".repeat(5);

  it("gives the readable text of a page, marked as foreign, without scripts and navigation", async () => {
    page = {
      status: 200,
      type: "text/html; charset=utf-8",
      body: `<html><head><title>News</title><script>steal()</script></head><body><nav><a href="/">Home</a></nav>
        <article><h1>News</h1><p>${article}</p><p>${article}</p></article><script>alert(1)</script></body></html>`,
    };
    const { output, tainted, source } = await call(loadWebPage, { url: `${origin}/news` });
    expect(output).toMatchObject({
      title: "News",
      status: 200,
      is_cut: false,
      text: expect.stringContaining("grows its own integrations"),
    });
    expect(output.text).not.toMatch(/steal|alert/);
    expect({ tainted, source }).toEqual({ tainted: true, source: new URL(origin).host });
  });

  it("reads JSON and text as they are, cuts what is long, and survives broken HTML", async () => {
    page = { status: 200, type: "application/json", body: '{"a":[1,2]}' };
    expect((await call(loadWebPage, { url: origin })).output.text).toBe('{"a":[1,2]}');
    page = { status: 200, type: "text/plain", body: "x".repeat(100_000) };
    expect((await call(loadWebPage, { url: origin })).output).toMatchObject({ is_cut: true });
    for (const body of ["", "<", "<html", "plain words", "<p>un<b>closed", "<body><frameset>"]) {
      page = { status: 200, type: "text/html", body };
      expect(typeof (await call(loadWebPage, { url: origin })).output.text).toBe("string");
    }
  });

  it("says what went wrong", async () => {
    page = { status: 404, type: "text/html", body: "gone" };
    await expect(call(loadWebPage, { url: origin })).rejects.toMatchObject({ code: "not-found" });
    page = { status: 200, type: "image/png", body: "x" };
    await expect(call(loadWebPage, { url: origin })).rejects.toMatchObject({ code: "invalid" });
    page = { status: 200, type: "text/plain", body: "x".repeat(4_000_000) };
    await expect(call(loadWebPage, { url: origin })).rejects.toMatchObject({ code: "invalid" });
  });

  it("refuses addresses of the machine and its network without asking them", async () => {
    for (const url of ["http://127.0.0.1:5432/", "http://169.254.169.254/latest/meta-data", "http://[::1]/"])
      await expect(call(loadWebPage, { url })).rejects.toMatchObject({ code: "refused" });
  });
});
