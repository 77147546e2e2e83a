import { route } from "@/lib/http/route";
import { rollback } from "@/lib/module-host/decide";
import { place } from "../../../place";

/** Makes the version active again that was active before. */
export const POST = route(
  { auth: "viewer", scope: "modules:write", params: place },
  async ({ viewer, params: { category, name } }) => Response.json(await rollback(viewer, category, name)),
);
