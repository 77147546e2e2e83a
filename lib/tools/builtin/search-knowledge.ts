import { z } from "zod";
import { searchDocuments } from "@/lib/db/knowledge";
import { defineTool } from "../define-tool";

/** Looks in what the person kept. */
export const searchKnowledge = defineTool({
  name: "search_knowledge",
  title: "Search your knowledge",
  description:
    'Searches the texts the person kept with store_knowledge, best match first. Understands "quoted phrases", or, and -without.',
  effect: "read",
  idempotency: "read",
  timeoutMs: 5000,
  quotes: "your knowledge",
  input: z.strictObject({
    query: z.string().trim().min(1).max(300),
    limit: z.int().min(1).max(20).optional(),
  }),
  output: z.object({
    results: z.array(
      z.object({
        document_id: z.string(),
        title: z.string(),
        excerpt: z.string(),
        source: z.string().nullable(),
        stored_at: z.string(),
      }),
    ),
  }),
  questions: ["What do I know about my passport?", "Search my notes for the boiler code"],
  async execute({ query, limit }, { viewer }) {
    const hits = await searchDocuments(viewer, query, limit ?? 5);
    const results = hits.map(({ documentId, title, excerpt, source, createdAt }) => ({
      document_id: documentId,
      title,
      excerpt,
      source,
      stored_at: createdAt,
    }));
    // A document that came from a page is still text from outside.
    const foreign = hits.find((hit) => hit.source !== null && hit.source !== "conversation");
    return {
      kind: "done",
      output: { results },
      tainted: foreign !== undefined,
      source: foreign?.source ?? "your knowledge",
    };
  },
});
