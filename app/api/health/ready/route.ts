import { readHealth } from "@/lib/http/health";

/** 200 when this process can serve requests, else 503; each dependency by name. */
export async function GET(): Promise<Response> {
  const { ready, checks } = await readHealth();
  return Response.json({ ready, checks }, { status: ready ? 200 : 503, headers: { "cache-control": "no-store" } });
}
