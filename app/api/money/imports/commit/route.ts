import { commitFile } from "@/lib/connections/import-file";
import { importSchema, maxImportBodyBytes } from "@/lib/contracts/money-requests";
import { route } from "@/lib/http/route";

/** Takes the file over. The same file again adds nothing. */
export const POST = route(
  { auth: "viewer", scope: "data:write", body: importSchema, maxBodyBytes: maxImportBodyBytes },
  async ({ viewer, body: { options, ...file } }) =>
    Response.json(await commitFile(viewer, file, options), { status: 201 }),
);
