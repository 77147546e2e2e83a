import { route } from "@/lib/http/route";
import { quarantine } from "@/lib/module-host/decide";
import { versionPlace } from "../../../../../place";

export const POST = route(
  { auth: "viewer", scope: "modules:approve", params: versionPlace },
  async ({ viewer, params: { category, name, digest } }) =>
    Response.json(await quarantine(viewer, category, name, digest)),
);
