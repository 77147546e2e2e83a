import { readHealth } from "@/lib/http/health";
import { route } from "@/lib/http/route";

/** 200 when this process can serve requests, else 503; each dependency by name. */
export const GET = route({ auth: "none" }, async () => {
  const { ready, checks } = await readHealth();
  return Response.json({ ready, checks }, { status: ready ? 200 : 503 });
});
