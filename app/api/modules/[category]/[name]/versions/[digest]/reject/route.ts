import { route } from "@/lib/http/route";
import { reject } from "@/lib/module-host/decide";
import { versionPlace } from "../../../../../place";
import { readNote } from "../../../../../read-note";

/** Says no to this version; the body may say why. */
export const POST = route(
  { auth: "viewer", scope: "modules:approve", params: versionPlace },
  async ({ viewer, params: { category, name, digest }, request }) =>
    Response.json(await reject(viewer, category, name, digest, await readNote(request))),
);
