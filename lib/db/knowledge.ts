import { AppError } from "@/lib/contracts/errors";
import { newId } from "@/lib/contracts/id";
import type { Viewer } from "@/lib/contracts/viewer";
import { execute } from "./statement";
import { toStorableText } from "./storable-json";

export interface KnowledgeHit {
  documentId: string;
  title: string;
  /** All of a short document; of a longer one the passage that matches best, about 60 words. */
  excerpt: string;
  source: string | null;
  createdAt: string;
}

/** Keeps a document for the viewer. `documentId` makes it repeatable: the same id is stored once. @returns the id */
export async function storeDocument(
  viewer: Viewer,
  document: { title: string; content: string; source: string | null; documentId?: string },
): Promise<string> {
  const documentId = document.documentId ?? newId("doc");
  await execute({
    name: "store-document",
    text: `INSERT INTO "KnowledgeDocument" (id, "userId", title, content, source, "createdAt") VALUES ($1, $2, $3, $4, $5, clock_timestamp())
           ON CONFLICT (id) DO NOTHING`,
    values: [
      documentId,
      viewer.userId,
      toStorableText(document.title),
      toStorableText(document.content),
      document.source,
    ],
  });
  return documentId;
}

/** Full text search over the viewer's own documents, best first. Understands "quoted phrases", or, and -without. */
export async function searchDocuments(viewer: Viewer, query: string, limit = 5): Promise<KnowledgeHit[]> {
  const { rows } = await execute<Omit<KnowledgeHit, "createdAt"> & { createdAt: Date }>({
    name: "search-documents",
    text: `SELECT d.id AS "documentId", d.title, d.source, d."createdAt",
             CASE WHEN length(d.content) <= 400 THEN d.content ELSE
               ts_headline('english', d.content, q, 'MaxWords=60, MinWords=30, StartSel="", StopSel="", MaxFragments=2, FragmentDelimiter=" … "') END AS excerpt
           FROM "KnowledgeDocument" d, websearch_to_tsquery('english', $2) q
           WHERE d."userId" = $1 AND d.search @@ q
           ORDER BY ts_rank_cd(d.search, q) DESC, d."createdAt" DESC LIMIT $3`,
    values: [viewer.userId, toStorableText(query), limit],
  });
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}

/** @throws AppError not-found when the viewer has no such document */
export async function deleteDocument(viewer: Viewer, documentId: string): Promise<void> {
  const { rowCount } = await execute({
    name: "delete-document",
    text: `DELETE FROM "KnowledgeDocument" WHERE id = $1 AND "userId" = $2`,
    values: [documentId, viewer.userId],
  });
  if (rowCount === 0) throw new AppError("not-found", "There is no such document.");
}
