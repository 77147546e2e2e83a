/** The process answers. Says nothing about what it depends on: see ready. */
export function GET(): Response {
  return Response.json({ ok: true }, { headers: { "cache-control": "no-store" } });
}
