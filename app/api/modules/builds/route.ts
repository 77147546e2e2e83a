import { buildRequestSchema } from "@/lib/contracts/build";
import { maskSecrets } from "@/lib/conversation/mask-secrets";
import { route } from "@/lib/http/route";
import { startBuild } from "@/lib/module-host/start-build";

const body = buildRequestSchema.omit({ changes: true });

/** Starts a build in a conversation of its own. 202 with where to follow it. */
export const POST = route({ auth: "viewer", scope: "modules:write", body }, async ({ viewer, body }) => {
  const started = await startBuild(viewer, { ...body, wish: maskSecrets(body.wish).text }, {});
  return Response.json(started, { status: 202 });
});
