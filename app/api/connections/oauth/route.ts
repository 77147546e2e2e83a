import { z } from "zod";
import { beginOAuth } from "@/lib/connections/connect";
import { route } from "@/lib/http/route";
import { makeBrowserMark } from "../browser-mark";

const body = z.strictObject({
  adapter: z.string().max(60),
  /** Also ask for the right to change things. */
  isWriteWanted: z.boolean().default(false),
  /** The connection that is renewed. */
  connectionId: z.string().max(60).optional(),
});

/** Begins a sign-in at a provider. The browser goes to `location`, and comes back to the callback of this installation. */
export const POST = route({ auth: "viewer", scope: "connections", body }, async ({ viewer, body }) => {
  const { mark, cookie } = makeBrowserMark();
  const location = await beginOAuth(viewer, {
    adapterId: body.adapter,
    browserMark: mark,
    isWriteWanted: body.isWriteWanted,
    connectionId: body.connectionId ?? null,
  });
  return Response.json({ location }, { headers: { "set-cookie": cookie } });
});
