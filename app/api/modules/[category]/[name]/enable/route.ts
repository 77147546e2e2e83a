import { route } from "@/lib/http/route";
import { setEnabled } from "@/lib/module-host/decide";
import { place } from "../../../place";

/** Switches the module on again. */
export const POST = route(
  { auth: "viewer", scope: "modules:write", params: place },
  async ({ viewer, params: { category, name } }) => Response.json(await setEnabled(viewer, category, name, true)),
);
