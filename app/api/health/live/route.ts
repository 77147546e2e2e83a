import { route } from "@/lib/http/route";

/** The process answers. Says nothing about what it depends on: see ready. */
export const GET = route({ auth: "none" }, async () => Response.json({ ok: true }));
