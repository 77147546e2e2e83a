import { route } from "@/lib/http/route";
import { reject } from "@/lib/module-host/decide";
import { versionPlace } from "../../../../../place";

export const POST = route(
  { auth: "viewer", scope: "modules:approve", params: versionPlace },
  async ({ viewer, params: { category, name, digest } }) => Response.json(await reject(viewer, category, name, digest)),
);
