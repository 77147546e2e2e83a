import { z } from "zod";
import { storeDocument } from "@/lib/db/knowledge";
import { defineTool } from "../define-tool";

/** Keeps a text in the person's own knowledge. */
export const storeKnowledge = defineTool({
  name: "store_knowledge",
  title: "Remember this",
  description:
    "Keeps a text in the person's own knowledge, to be found later with search_knowledge. Use it when they ask to remember, note or save something. Never for keys or passwords.",
  effect: "write",
  idempotency: "natural",
  timeoutMs: 5000,
  input: z.strictObject({
    title: z.string().trim().min(1).max(200),
    content: z.string().trim().min(1).max(200_000),
  }),
  output: z.object({ document_id: z.string(), title: z.string() }),
  questions: ["Remember that my passport expires in May 2031", "Save this note: the boiler code is in the blue folder"],
  describe: ({ title, content }) => ({
    title: `Remember "${title}"`,
    lines: [{ label: "Text", value: content }],
  }),
  async execute({ title, content }, { viewer, idempotencyKey }) {
    // The id comes from the call, so that a repetition after a crash finds the document that is there.
    const documentId = `doc_${idempotencyKey.slice(0, 25)}`;
    await storeDocument(viewer, { title, content, source: "conversation", documentId });
    return { kind: "done", output: { document_id: documentId, title }, source: "your knowledge" };
  },
});
