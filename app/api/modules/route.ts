import { route } from "@/lib/http/route";
import { listModules } from "@/lib/module-host/views";

/** The modules of whoever asks, by category and name. */
export const GET = route({ auth: "viewer", scope: "modules:read" }, async ({ viewer }) =>
  Response.json({ modules: await listModules(viewer) }),
);
