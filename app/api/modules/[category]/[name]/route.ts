import { AppError } from "@/lib/contracts/errors";
import { route } from "@/lib/http/route";
import { uninstall } from "@/lib/module-host/decide";
import { findModule } from "@/lib/module-host/views";
import { place } from "../../place";

export const GET = route(
  { auth: "viewer", scope: "modules:read", params: place },
  async ({ viewer, params: { category, name } }) => {
    const module = await findModule(viewer, category, name);
    if (!module) throw new AppError("not-found", "There is no such module.");
    return Response.json(module);
  },
);

/** Takes the module out of use and forgets its credentials. */
export const DELETE = route(
  { auth: "viewer", scope: "modules:write", params: place },
  async ({ viewer, params: { category, name } }) => {
    await uninstall(viewer, category, name);
    return Response.json({ ok: true });
  },
);
