import { z } from "zod";
import { finishOAuth } from "@/lib/connections/connect";
import { AppError } from "@/lib/contracts/errors";
import { requestSync } from "@/lib/db/jobs";
import { env } from "@/lib/env";
import { route } from "@/lib/http/route";
import { logger } from "@/lib/logger";
import { readBrowserMark } from "../../../connections/browser-mark";

const params = z.object({ adapter: z.string().max(60) });
const query = z.object({
  code: z.string().max(4000).optional(),
  state: z.string().max(500).default(""),
  error: z.string().max(200).optional(),
  iss: z.string().max(300).optional(),
});

/**
 * Where a provider sends the person back. Whatever comes of it, they are sent on to Connections at once, so that the code leaves
 * the address bar; nothing that the provider wrote is shown.
 */
export const GET = route({ auth: "viewer", params, query }, async ({ viewer, params: { adapter }, query, request }) => {
  const { code, state, error, iss: issuer } = query;
  if (error !== undefined || code === undefined)
    return sendOn({ problem: error === "access_denied" ? "denied" : "refused", adapter });
  try {
    const back = { adapterId: adapter, browserMark: readBrowserMark(request), state, code, issuer };
    const { connectionId } = await finishOAuth(viewer, back);
    await requestSync({ userId: viewer.userId, connectionId });
    return sendOn({ connected: connectionId });
  } catch (cause) {
    // A code only: a sentence in an address could be anybody's.
    const problem = cause instanceof AppError ? cause.code : "internal";
    const entry = { room: "connections", adapter, code: problem, cause };
    if (cause instanceof AppError) logger.warn(entry, "a sign-in was not finished");
    else logger.error(entry, "a sign-in was not finished");
    return sendOn({ problem, adapter });
  }
});

function sendOn(found: Record<string, string>): Response {
  const location = new URL("/connections", env().BURGEON_URL);
  for (const [name, value] of Object.entries(found)) location.searchParams.set(name, value);
  return new Response(null, { status: 303, headers: { location: location.href, "referrer-policy": "no-referrer" } });
}
