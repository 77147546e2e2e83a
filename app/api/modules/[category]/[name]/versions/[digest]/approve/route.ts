import { route } from "@/lib/http/route";
import { approve } from "@/lib/module-host/decide";
import { versionPlace } from "../../../../../place";

/** Approves exactly the bytes that this digest names. */
export const POST = route(
  { auth: "viewer", scope: "modules:approve", params: versionPlace },
  async ({ viewer, params: { category, name, digest } }) =>
    Response.json(await approve(viewer, category, name, digest)),
);
