import { z } from "zod";
import { route } from "@/lib/http/route";
import { setCredentials } from "@/lib/module-host/decide";
import { place } from "../../../place";

const body = z.strictObject({ values: z.record(z.string().max(100), z.string().max(20_000)) });

/** Seals the given values. Nothing ever reads them back over HTTP. */
export const PUT = route(
  { auth: "viewer", scope: "modules:write", params: place, body },
  async ({ viewer, params, body: { values } }) =>
    Response.json(await setCredentials(viewer, params.category, params.name, values)),
);
