import { z } from "zod";
import { createLinkToken } from "@/lib/connections/link";
import { route } from "@/lib/http/route";

const body = z.strictObject({
  adapter: z.string().max(60).default("plaid"),
  /** The connection that is mended; left out for a new one. */
  connectionId: z.string().max(60).optional(),
  /** Also offer accounts that are new at the bank. */
  isAccountSelectionWanted: z.boolean().default(false),
});

/** A token for the provider's dialog in the browser, good for a few hours at most. */
export const POST = route({ auth: "viewer", scope: "connections", body }, async ({ viewer, body }) =>
  Response.json(
    await createLinkToken(viewer, {
      adapterId: body.adapter,
      connectionId: body.connectionId ?? null,
      isAccountSelectionWanted: body.isAccountSelectionWanted,
    }),
  ),
);
