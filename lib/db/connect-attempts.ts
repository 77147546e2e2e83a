import type { System, Viewer } from "@/lib/contracts/viewer";
import { execute, type Queryable } from "./statement";

export interface NewAttempt {
  stateHash: string;
  sessionHash: string;
  adapter: string;
  connectionId: string | null;
  sealedVerifier: Uint8Array;
  keyId: string;
  redirectUri: string;
}
export type Attempt = Omit<NewAttempt, "stateHash" | "sessionHash" | "adapter">;

const validMinutes = 10;

/** Keeps what the way back must fit. */
export async function saveAttempt(viewer: Viewer, attempt: NewAttempt): Promise<void> {
  await execute({
    name: "save-connect-attempt",
    text: `INSERT INTO "ConnectAttempt" ("stateHash", "userId", "sessionHash", adapter, "connectionId", "sealedVerifier", "keyId", "redirectUri", "expiresAt", "createdAt")
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp() + interval '${validMinutes} minutes', clock_timestamp())`,
    values: [
      attempt.stateHash,
      viewer.userId,
      attempt.sessionHash,
      attempt.adapter,
      attempt.connectionId,
      Buffer.from(attempt.sealedVerifier),
      attempt.keyId,
      attempt.redirectUri,
    ],
  });
}

/**
 * Uses the attempt up: it must be of this person, browser and adapter, not used before and not too old. Null says no more than
 * that it is not.
 */
export async function useAttempt(
  viewer: Viewer,
  found: { stateHash: string; sessionHash: string; adapter: string },
): Promise<Attempt | null> {
  const { rows } = await execute<Attempt>({
    name: "use-connect-attempt",
    text: `UPDATE "ConnectAttempt" SET "usedAt" = clock_timestamp()
           WHERE "stateHash" = $1 AND "userId" = $2 AND "sessionHash" = $3 AND adapter = $4 AND "usedAt" IS NULL AND "expiresAt" > clock_timestamp()
           RETURNING "connectionId", "sealedVerifier", "keyId", "redirectUri"`,
    values: [found.stateHash, viewer.userId, found.sessionHash, found.adapter],
  });
  return rows[0] ?? null;
}

/** Throws away what nobody came back for in a day. */
export async function dropOldAttempts(_caller: System): Promise<void> {
  await execute({
    name: "drop-old-attempts",
    text: `DELETE FROM "ConnectAttempt" WHERE "expiresAt" < clock_timestamp() - interval '1 day'`,
  });
}

/** Throws away what was sealed with other keys than these: nobody can come back to it, and the person begins again. */
export async function dropAttemptsOfOtherKeys(
  _caller: System,
  keyIds: readonly string[],
  client: Queryable,
): Promise<void> {
  await client.query({
    name: "drop-attempts-of-other-keys",
    text: `DELETE FROM "ConnectAttempt" WHERE "keyId" <> ALL($1)`,
    values: [keyIds],
  });
}
