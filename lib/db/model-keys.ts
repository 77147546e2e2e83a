import type { Viewer } from "@/lib/contracts/viewer";
import { askTogether } from "./ask-together";
import type { SealedSecret } from "./secrets";

/** The keys of models' providers that the viewer has set, still sealed. Asked for before it is known which one is needed. */
export async function listModelKeys(viewer: Viewer): Promise<SealedSecret[]> {
  const rows = (await askTogether(
    viewer,
    `SELECT jsonb_agg(jsonb_build_object('scope', scope, 'name', name, 'sealed', encode(sealed, 'base64'), 'keyId', "keyId"))
     FROM "Secret" WHERE "userId" = $1 AND scope LIKE 'model:%'`,
  )) as (Omit<SealedSecret, "sealed"> & { sealed: string })[] | null;
  return (rows ?? []).map((row) => ({ ...row, sealed: Buffer.from(row.sealed, "base64") }));
}
