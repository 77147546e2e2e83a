import { z } from "zod";
import { takeWebhook } from "@/lib/connections/webhook";
import { AppError } from "@/lib/contracts/errors";
import { readBytes } from "@/lib/http/read-body";
import { route } from "@/lib/http/route";

const params = z.object({ adapter: z.string().max(60) });
const maxBytes = 256 * 1024;

/** What providers send by themselves. Each proves who it is in its own way; nothing in it is believed beyond "look again". */
export const POST = route({ auth: "provider", params }, async ({ params: { adapter }, request }) => {
  const body = await readBytes(request, maxBytes);
  const isTheirs = await takeWebhook(adapter, { headers: request.headers, body });
  if (!isTheirs) throw new AppError("auth-required", "This does not come from the provider.");
  return Response.json({ ok: true });
});
