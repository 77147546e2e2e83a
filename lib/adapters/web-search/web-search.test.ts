import { afterEach, describe, expect, it } from "vitest";
import { AppError } from "../../contracts/errors";
import { webHitSchema } from "../../contracts/open-data";
import { startSample, stopSamples, stubEnvironment, testingIo } from "../testing-io";
import { webSearch } from "./adapter";
import { createWebSearchFake, sampleSearchKeys } from "./testing-fake";

const source = webSearch.webSearch;
if (!source) throw new Error("web-search searches");
const providers = ["searxng", "serper", "brave"] as const;

afterEach(stopSamples);

async function start(
  provider: (typeof providers)[number],
  options: { isJsonOff?: boolean; keys?: typeof sampleSearchKeys } = {},
) {
  const { serve, faults } = createWebSearchFake(options);
  const origin = await startSample(serve);
  const keys = options.keys ?? sampleSearchKeys;
  stubEnvironment({
    WEB_SEARCH_PROVIDER: provider,
    SEARXNG_BASE_URL: origin,
    SERPER_BASE_URL: origin,
    BRAVE_BASE_URL: origin,
    SERPER_API_KEY: keys.serper,
    BRAVE_API_KEY: keys.brave,
  });
  const ask = (query: string, limit = 5, signal?: AbortSignal) =>
    source?.search(testingIo([origin], { signal }), query, limit);
  return { faults, ask };
}

/** Everything that a failure could tell: message, hint, stack and causes. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = error instanceof AppError ? error.hint : "";
  return [error.message, hint, error.stack, JSON.stringify(error), everythingOf(error.cause)].join("\n");
}

describe.each(providers)("a web search by %s", (provider) => {
  it("finds pages, best first, as plain text, no more than asked for", async () => {
    const { ask } = await start(provider);
    const hits = (await ask("train from Toronto to Ottawa")) ?? [];
    expect(hits[0]?.url).toBe("https://trains.example/toronto-ottawa");
    for (const hit of hits) expect(webHitSchema.parse(hit).snippet).not.toMatch(/[<>]/);
    expect(await ask("Ottawa", 1)).toHaveLength(1);
    expect((await ask("overnight rise"))?.[0]?.snippet).toContain("rise & a crisp crust");
  });

  it("finds nothing where there is nothing, and does not ask for nothing", async () => {
    const { ask, faults } = await start(provider);
    expect(await ask("zzzzzz")).toEqual([]);
    expect(await ask("   ")).toEqual([]);
    expect(faults.asked).toHaveLength(1);
  });

  it("says what is wrong with the service, with a code and a sentence", async () => {
    const { ask, faults } = await start(provider);
    faults.plan("rate-limited", "unavailable", "malformed", "wrong-type");
    await expect(ask("orchid")).rejects.toMatchObject({ code: "rate-limited", retryAfterMs: 30_000 });
    for (const _ of [1, 2, 3]) await expect(ask("orchid")).rejects.toMatchObject({ code: "unavailable" });
    expect(await ask("orchid")).toHaveLength(1);
  });

  it("ends as soon as the work is stopped", async () => {
    const { ask, faults } = await start(provider);
    faults.plan("slow");
    const stop = new AbortController();
    const asked = ask("orchid", 5, stop.signal);
    await expect.poll(() => faults.asked.length).toBe(1);
    stop.abort(new Error("stopped"));
    await expect(asked).rejects.toThrow("stopped");
  });
});

describe("a key", () => {
  it.each(["serper", "brave"] as const)(
    "of %s that is not accepted is named by its variable and shown nowhere",
    async (provider) => {
      const keys = { serper: "wrong-key-98765", brave: "wrong-key-98765" };
      const { ask, faults } = await start(provider, { keys });
      const failure: unknown = await ask("orchid")?.then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure).toMatchObject({ code: "refused" });
      expect(everythingOf(failure)).toContain(`${provider.toUpperCase()}_API_KEY`);
      expect(everythingOf(failure)).not.toContain("98765");
      faults.plan("unavailable", "malformed");
      for (const _ of [1, 2]) expect(await ask("orchid")?.then(String, everythingOf)).not.toContain("98765");
      expect(faults.asked.join()).not.toContain("98765");
    },
  );
});

describe("setting it up", () => {
  it("names the variable that is missing, and no other", () => {
    stubEnvironment({ WEB_SEARCH_PROVIDER: "", BRAVE_API_KEY: "", SEARXNG_BASE_URL: "" });
    expect(webSearch.missing()).toEqual(["WEB_SEARCH_PROVIDER"]);
    stubEnvironment({ WEB_SEARCH_PROVIDER: "brave" });
    expect(webSearch.missing()).toEqual(["BRAVE_API_KEY"]);
    stubEnvironment({ WEB_SEARCH_PROVIDER: "searxng" });
    expect(webSearch.missing()).toEqual(["SEARXNG_BASE_URL"]);
    stubEnvironment({ SEARXNG_BASE_URL: "http://127.0.0.1:8888" });
    expect(webSearch.missing()).toEqual([]);
  });

  it("is asked for before anything is sent", async () => {
    stubEnvironment({ WEB_SEARCH_PROVIDER: "brave", BRAVE_API_KEY: "" });
    await expect(source.search(testingIo([]), "orchid", 5)).rejects.toMatchObject({
      code: "refused",
      hint: "Its owner can set BRAVE_API_KEY.",
    });
  });

  it("says how SearXNG is made to answer in JSON", async () => {
    const { ask } = await start("searxng", { isJsonOff: true });
    await expect(ask("orchid")).rejects.toMatchObject({
      code: "refused",
      hint: expect.stringContaining("search.formats"),
    });
  });
});

describe("what a service answers", () => {
  it("is taken over for addresses of the web only, each once", async () => {
    const urls = [
      "javascript:alert(1)",
      "https://a.example/",
      "https://a.example/",
      "not an address",
      "http://b.example/",
    ];
    const origin = await startSample(async () =>
      Response.json({ results: urls.map((url) => ({ url, title: "<b>T</b>" })) }),
    );
    stubEnvironment({ WEB_SEARCH_PROVIDER: "searxng", SEARXNG_BASE_URL: origin });
    const hits = await source.search(testingIo([origin]), "anything", 5);
    expect(hits).toEqual([
      { title: "T", url: "https://a.example/", snippet: "" },
      { title: "T", url: "http://b.example/", snippet: "" },
    ]);
  });

  it("waits as long as Brave says in its own header, and longer when the month is used up", async () => {
    const answers = [
      { "x-ratelimit-remaining": "0, 900", "x-ratelimit-reset": "1, 1419704" },
      { "x-ratelimit-remaining": "1, 0", "x-ratelimit-reset": "1, 1419704" },
    ];
    const origin = await startSample(async () => new Response("{}", { status: 429, headers: answers.shift() }));
    stubEnvironment({ WEB_SEARCH_PROVIDER: "brave", BRAVE_BASE_URL: origin, BRAVE_API_KEY: "k" });
    const io = testingIo([origin]);
    await expect(source.search(io, "orchid", 5)).rejects.toMatchObject({ code: "rate-limited", retryAfterMs: 1000 });
    await expect(source.search(io, "orchid", 5)).rejects.toMatchObject({
      code: "rate-limited",
      retryAfterMs: 3_600_000,
    });
  });
});
