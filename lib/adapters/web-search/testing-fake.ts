import type { AdapterFake } from "../../contracts/adapter";
import { createFaults, type Faults } from "../testing-faults";

/** The keys that the sample services take. They open nothing but made-up pages. */
export const sampleSearchKeys = { serper: "sample-serper-key-4711", brave: "sample-brave-key-4711" };

interface Page {
  title: string;
  url: string;
  text: string;
}

const pages: Page[] = [
  {
    title: "How to repot an orchid",
    url: "https://garden.example/orchids/repotting",
    text: "Repot an orchid every two years in spring, after it has bloomed, into fresh bark. Water it a week later.",
  },
  {
    title: "Basil that lasts: growing herbs on a windowsill",
    url: "https://garden.example/herbs/basil",
    text: "Basil likes six hours of sun, water from below and being cut above a pair of leaves.",
  },
  {
    title: "Opening hours of the Berlin State Library",
    url: "https://library.example/berlin/hours",
    text: "The reading rooms in Berlin are open Monday to Friday from 9:00 to 21:00 and on Saturday from 10:00 to 19:00.",
  },
  {
    title: "Ottawa winter market: dates and directions",
    url: "https://events.example/ottawa/winter-market",
    text: "The winter market at Lansdowne Park in Ottawa opens on the last weekend of November. Bus 6 and 7 stop there.",
  },
  {
    title: "Train from Toronto to Ottawa",
    url: "https://trains.example/toronto-ottawa",
    text: "Trains from Toronto to Ottawa take about four and a half hours and leave six times on weekdays.",
  },
  {
    title: "Sourdough bread for beginners",
    url: "https://kitchen.example/bread/sourdough",
    text: "Flour, water, salt and time: a recipe for bread with an overnight rise & a crisp crust.",
  },
  {
    title: "What is a PostgreSQL advisory lock?",
    url: "https://databases.example/postgresql/advisory-locks",
    text: "An advisory lock in PostgreSQL is held by a session or a transaction and means what the application says it means.",
  },
  {
    title: "TypeScript 6: what is new",
    url: "https://code.example/typescript/6",
    text: "The release of TypeScript 6 is the last one written in TypeScript itself and prepares for version 7.",
  },
  {
    title: "Sleep and heart rate variability",
    url: "https://health.example/sleep/hrv",
    text: "Heart rate variability rises with good sleep and falls with alcohol, stress and late meals.",
  },
  {
    title: "Saving for a rainy day: the three-month rule",
    url: "https://money.example/saving/three-months",
    text: "Three months of spending in a savings account is a common rule for an emergency fund.",
  },
];

/** Sample search services on one server: SearXNG at `/search` (GET), Serper at `/search` (POST), Brave at `/res/v1/web/search`. */
export function createWebSearchFake(options: { isJsonOff?: boolean } = {}): { serve: AdapterFake; faults: Faults } {
  const faults = createFaults();
  return {
    faults,
    async serve(request) {
      const fault = await faults.meet(request);
      if (fault) return fault;
      const { pathname, searchParams } = new URL(request.url);
      const query = searchParams.get("q") ?? "";
      const route = `${request.method} ${pathname}`;
      if (route === "GET /search") return answerSearxng(query, searchParams.get("format"), options.isJsonOff ?? false);
      if (route === "POST /search") return answerSerper(request);
      if (route === "GET /res/v1/web/search")
        return answerBrave(request, query, Number(searchParams.get("count") ?? "20"));
      return new Response("Not found", { status: 404 });
    },
  };
}

function answerSearxng(query: string, format: string | null, isJsonOff: boolean): Response {
  if (format !== "json") return new Response("<html></html>", { headers: { "content-type": "text/html" } });
  if (isJsonOff) return new Response("<h1>Forbidden</h1>", { status: 403, headers: { "content-type": "text/html" } });
  const results = find(query).map(({ title, url, text }) => ({
    title,
    url,
    content: text,
    engine: "sample",
    score: 1,
  }));
  return Response.json({
    query,
    number_of_results: 0,
    results,
    answers: [],
    suggestions: [],
    unresponsive_engines: [],
  });
}

async function answerSerper(request: Request): Promise<Response> {
  if (request.headers.get("x-api-key") !== sampleSearchKeys.serper)
    return Response.json({ message: "Unauthorized.", statusCode: 403 }, { status: 403 });
  const body: unknown = JSON.parse((await request.text()) || "null");
  const { q = "", num = 10 } = (body ?? {}) as { q?: string; num?: number };
  if (q === "") return Response.json({ message: "Missing query parameter", statusCode: 400 }, { status: 400 });
  const organic = find(q)
    .slice(0, num)
    .map(({ title, url, text }, at) => ({ title, link: url, snippet: text, position: at + 1 }));
  return Response.json({ searchParameters: { q, type: "search", engine: "google" }, organic, credits: 1 });
}

function answerBrave(request: Request, query: string, count: number): Response {
  const limits = { "x-ratelimit-limit": "1, 2000", "x-ratelimit-policy": "1;w=1, 2000;w=2592000" };
  const fail = (status: number, code: string) =>
    Response.json(
      { type: "ErrorResponse", error: { code, status, detail: "", id: "sample" } },
      { status, headers: limits },
    );
  if (request.headers.get("x-subscription-token") !== sampleSearchKeys.brave)
    return fail(422, "SUBSCRIPTION_TOKEN_INVALID");
  if (query === "" || !(count >= 1 && count <= 20)) return fail(422, "VALIDATION");
  const results = find(query)
    .slice(0, count)
    .map(({ title, url, text }) => ({
      title: mark(title, query),
      url,
      description: mark(text, query),
      language: "en",
    }));
  const web = results.length > 0 ? { web: { type: "search", results } } : {};
  return Response.json({ type: "search", query: { original: query }, ...web }, { headers: limits });
}

/** Pages by how many of the words they hold, in the title twice. */
function find(query: string): Page[] {
  const words = wordsOf(query);
  const scored = pages.map((page) => ({ page, score: score(page.title, words) * 2 + score(page.text, words) }));
  const hits = scored.filter((hit) => hit.score > 0).sort((one, other) => other.score - one.score);
  return hits.map(({ page }) => page);
}

function score(text: string, words: string[]): number {
  const present = new Set(wordsOf(text));
  return words.filter((word) => present.has(word)).length;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
}

/** As Brave writes it: escaped, with what was searched for in bold. */
function mark(text: string, query: string): string {
  const words = new Set(wordsOf(query));
  const escaped = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return escaped.replace(/[\p{L}\p{N}]{3,}/gu, (word) =>
    words.has(word.toLowerCase()) ? `<strong>${word}</strong>` : word,
  );
}
