import type { Viewer } from "@/lib/contracts/viewer";
import { askTogether } from "./ask-together";
import { executeOn, type Queryable } from "./statement";
import { toStorableJson } from "./storable-json";

/** One of the viewer's settings as it was stored; null when it was never set. The caller parses it. */
export async function findSetting(viewer: Viewer, key: string): Promise<unknown> {
  return askTogether(viewer, `SELECT value FROM "Setting" WHERE "userId" = $1 AND key = $2`, [key]);
}

/**
 * Stores or replaces one of the viewer's settings. Never a secret: those belong to the vault. Give the client of a
 * transaction to make it hold together with its audit entry.
 */
export async function putSetting(viewer: Viewer, key: string, value: unknown, client?: Queryable): Promise<void> {
  const statement = {
    name: "put-setting",
    text: `INSERT INTO "Setting" ("userId", key, value, "updatedAt") VALUES ($1, $2, $3::jsonb, now())
           ON CONFLICT ("userId", key) DO UPDATE SET value = excluded.value, "updatedAt" = excluded."updatedAt"`,
    values: [viewer.userId, key, toStorableJson(value)],
  };
  await executeOn(client, statement);
}
