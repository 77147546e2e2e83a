import type { ModuleManifest } from "@/lib/contracts/module";
import type { Viewer } from "@/lib/contracts/viewer";
import { askTogether } from "./ask-together";

/** A module that works, as far as its tools are concerned. */
export interface OfferedModule {
  id: string;
  category: string;
  name: string;
  digest: string;
  manifest: ModuleManifest;
  /** Names of the credentials that are set; their values stay where they are. */
  credentials: string[];
}

/** The viewer's modules that may be used, each in its active version, by category and name. */
export async function listOfferedModules(viewer: Viewer): Promise<readonly OfferedModule[]> {
  const rows = await askTogether(
    viewer,
    `SELECT jsonb_agg(jsonb_build_object('id', m.id, 'category', m.category, 'name', m.name, 'digest', v.digest, 'manifest', v.manifest,
       'credentials', (SELECT COALESCE(jsonb_agg(s.name), '[]') FROM "Secret" s
         WHERE s."userId" = m."userId" AND s.scope = 'module:' || m.category || '/' || m.name)) ORDER BY m.category, m.name)
     FROM "Module" m JOIN "ModuleVersion" v ON v."moduleId" = m.id AND v.digest = m."activeDigest" AND v.state = 'approved'
     WHERE m."userId" = $1 AND m.state IN ('active', 'degraded')`,
  );
  return (rows ?? []) as OfferedModule[];
}
