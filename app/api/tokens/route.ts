import { createToken, listTokens, newTokenSchema } from "@/lib/auth/tokens";
import { route } from "@/lib/http/route";

/** The tokens of whoever asks; never the tokens themselves. */
export const GET = route({ auth: "viewer", scope: "settings" }, async ({ viewer }) =>
  Response.json({ tokens: await listTokens(viewer) }),
);

/** 201 with the token, shown this once. */
export const POST = route({ auth: "viewer", scope: "settings", body: newTokenSchema }, async ({ viewer, body }) => {
  const { token, view } = await createToken(viewer, body);
  return Response.json({ ...view, token }, { status: 201 });
});
