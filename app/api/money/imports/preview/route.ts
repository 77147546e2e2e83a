import { previewFile } from "@/lib/connections/import-file";
import { importSchema, maxImportBodyBytes } from "@/lib/contracts/money-requests";
import { route } from "@/lib/http/route";

/** What taking the file over would do, line by line where something is wrong. Changes nothing. */
export const POST = route(
  { auth: "viewer", scope: "data:read", body: importSchema, maxBodyBytes: maxImportBodyBytes },
  async ({ viewer, body: { options, ...file } }) => Response.json(await previewFile(viewer, file, options)),
);
