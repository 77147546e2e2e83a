// The same route where nothing is shown that is not stored: one insert of the message before the model is asked, one of the
// first words before they leave. Nobody signs in, nobody else can read them, and a crash ends the answer: what is left is what
// the two commits cost.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";
import pg from "pg";

const provider = createOpenAICompatible({
  name: "bench",
  baseURL: process.env.BENCH_MODEL_URL ?? "http://127.0.0.1:1/v1",
  includeUsage: true,
});
const pool = new pg.Pool({ connectionString: process.env.BENCH_DATABASE_URL, idleTimeoutMillis: 600_000 });
const store = (text) => pool.query({ name: "store", text: "INSERT INTO said (text) VALUES ($1)", values: [text] });

export const dynamic = "force-dynamic";

export async function POST(request) {
  const { prompt } = await request.json();
  await store(prompt);
  const answer = streamText({
    model: provider.chatModel("by-message"),
    prompt,
    experimental_transform: storeFirstWords,
  });
  return answer.toUIMessageStreamResponse();
}

function storeFirstWords() {
  let isStored = false;
  return new TransformStream({
    async transform(part, controller) {
      if (part.type === "text-delta" && !isStored) {
        isStored = true;
        await store(part.text);
      }
      controller.enqueue(part);
    },
  });
}
