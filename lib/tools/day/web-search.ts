import { z } from "zod";
import { findPages } from "@/lib/context/sources/open-data";
import { defineTool } from "../define-tool";

/** Finds pages on the web, through the service that the owner chose. */
export const webSearchTool = defineTool({
  name: "web_search",
  title: "Search the web",
  description:
    "Searches the web and gives titles, addresses and short passages, best first. Use load_web_page to read one of them. Only what is searched for is told to the search service.",
  effect: "read",
  idempotency: "read",
  timeoutMs: 20_000,
  quotes: "the web",
  input: z.strictObject({
    query: z.string().trim().min(1).max(400),
    limit: z.int().min(1).max(20).default(8),
  }),
  output: z.object({ results: z.array(z.object({ title: z.string(), url: z.string(), snippet: z.string() })) }),
  questions: [
    "Search the web for tide tables in Halifax",
    "Look up the opening hours of the museum online",
    "Google the height of Mount Logan",
  ],
  async execute({ query, limit }, { signal }) {
    const results = await findPages({ signal }, query, limit);
    return {
      kind: "done",
      output: { results },
      tainted: results.length > 0,
      source: `a web search for "${query.slice(0, 80)}"`,
    };
  },
});
