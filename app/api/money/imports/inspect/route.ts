import { inspectFile } from "@/lib/connections/import-file";
import { importFileSchema, maxImportBodyBytes } from "@/lib/contracts/money-requests";
import { route } from "@/lib/http/route";

/** What a file could be: formats that fit, columns, and what they seem to be. Stores nothing. */
export const POST = route(
  { auth: "viewer", scope: "data:read", body: importFileSchema, maxBodyBytes: maxImportBodyBytes },
  async ({ body }) => Response.json(inspectFile(body)),
);
