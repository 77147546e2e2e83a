import { route } from "@/lib/http/route";
import { quarantine } from "@/lib/module-host/decide";
import { versionPlace } from "../../../../../place";
import { readNote } from "../../../../../read-note";

/** Locks this version away for good; the body may say why. */
export const POST = route(
  { auth: "viewer", scope: "modules:approve", params: versionPlace },
  async ({ viewer, params: { category, name, digest }, request }) =>
    Response.json(await quarantine(viewer, category, name, digest, await readNote(request))),
);
