import { route } from "@/lib/http/route";
import { setEnabled } from "@/lib/module-host/decide";
import { place } from "../../../place";

/** Switches the module off; its tools are gone with the next message. */
export const POST = route(
  { auth: "viewer", scope: "modules:write", params: place },
  async ({ viewer, params: { category, name } }) => Response.json(await setEnabled(viewer, category, name, false)),
);
