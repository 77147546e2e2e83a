// The shortest chat route that the AI SDK's documentation shows: what our web and worker are compared with.
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { streamText } from "ai";

const provider = createOpenAICompatible({
  name: "bench",
  baseURL: process.env.BENCH_MODEL_URL ?? "http://127.0.0.1:1/v1",
  includeUsage: true,
});

export const dynamic = "force-dynamic";

export async function POST(request) {
  const { prompt } = await request.json();
  return streamText({ model: provider.chatModel("by-message"), prompt }).toUIMessageStreamResponse();
}
