import { requestScan } from "@/lib/db/modules";
import { route } from "@/lib/http/route";

/** Asks a worker to look through the modules folder. 202: it shows in the list when it is done. */
export const POST = route({ auth: "viewer", scope: "modules:write" }, async ({ viewer }) => {
  await requestScan(viewer);
  return Response.json({ ok: true }, { status: 202 });
});
