// Next alone: the model's answer is passed on as it comes. No framework for models, no storage.
const url = `${process.env.BENCH_MODEL_URL ?? "http://127.0.0.1:1/v1"}/chat/completions`;

export const dynamic = "force-dynamic";

export async function POST(request) {
  const { prompt } = await request.json();
  const body = JSON.stringify({ model: "by-message", messages: [{ role: "user", content: prompt }], stream: true });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  return new Response(answer.body, { headers: { "content-type": "text/event-stream" } });
}
