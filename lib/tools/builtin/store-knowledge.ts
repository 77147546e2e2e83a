import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { deleteDocument, storeDocument } from "@/lib/db/knowledge";
import { defineTool } from "../define-tool";

const output = z.object({ document_id: z.string(), title: z.string() });
const undoWindowMs = 24 * 60 * 60_000;

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
  output,
  questions: ["Remember that my passport expires in May 2031", "Save this note: the boiler code is in the blue folder"],
  describe: ({ title, content }) => ({
    title: `Remember "${title}"`,
    lines: [{ label: "Text", value: content }],
  }),
  async execute({ title, content }, { viewer, idempotencyKey, taintedBy }) {
    // Text from outside stays text from outside, also when it is found again in another conversation.
    // The id comes from the call, so that a repetition after a crash finds the document that is there.
    const documentId = `doc_${idempotencyKey.slice(0, 25)}`;
    await storeDocument(viewer, { title, content, source: taintedBy ?? "conversation", documentId });
    return { kind: "done", output: { document_id: documentId, title }, source: "your knowledge" };
  },
  undo: {
    windowMs: undoWindowMs,
    label: "Forgets the text again",
    async run(_input, done, { viewer }) {
      try {
        await deleteDocument(viewer, output.parse(done).document_id);
      } catch (cause) {
        // Gone already is what was wanted.
        if (!(cause instanceof AppError && cause.code === "not-found")) throw cause;
      }
    },
  },
});
