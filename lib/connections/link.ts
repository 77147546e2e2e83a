import { createHash } from "node:crypto";
import { getAdapter } from "@/lib/adapters/registry";
import type { LinkPort } from "@/lib/contracts/adapter";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { adjustConnection, findConnectionOfAccount, getConnectionRow, saveConnection } from "@/lib/db/connections";
import { asSystem } from "@/lib/contracts/viewer";
import { env } from "@/lib/env";
import { requireSetUp } from "./connect";
import { webhookUrlOf } from "./push";
import { findTokens, tokenSealer } from "./tokens";

const linkMs = 20_000;

/** Opaque, and the same for a person each time: providers count by it. */
const personKeyOf = (viewer: Viewer) => createHash("sha256").update(`link:${viewer.userId}`).digest("hex").slice(0, 32);

/**
 * A token for the provider's dialog in the browser. With a connection it is for mending that one (its accounts, its sign-in).
 * @throws AppError not-found when the viewer has no such connection, unavailable when the provider does not answer
 */
export async function createLinkToken(
  viewer: Viewer,
  request: { adapterId: string; connectionId: string | null; isAccountSelectionWanted: boolean },
): Promise<{ linkToken: string; expiresAt: string }> {
  const link = requireLink(request.adapterId);
  const { PLAID_REDIRECT_URI } = env();
  const webhookUrl = webhookUrlOf(request.adapterId);
  const { linkToken, expiresAt } = await link.createLinkToken({
    personKey: personKeyOf(viewer),
    signal: AbortSignal.timeout(linkMs),
    ...(PLAID_REDIRECT_URI === undefined ? {} : { redirectUri: PLAID_REDIRECT_URI }),
    ...(webhookUrl === undefined ? {} : { webhookUrl }),
    ...(request.connectionId === null
      ? {}
      : {
          accessToken: await tokenOf(viewer, request.connectionId),
          isAccountSelectionWanted: request.isAccountSelectionWanted,
        }),
  });
  return { linkToken, expiresAt: expiresAt.toISOString() };
}

/** Takes what the dialog gave, once, and keeps the connection. */
export async function finishLink(
  viewer: Viewer,
  adapterId: string,
  publicToken: string,
): Promise<{ connectionId: string; isNew: boolean }> {
  const link = requireLink(adapterId);
  const signal = AbortSignal.timeout(linkMs);
  const { accessToken, key } = await link.exchange({ publicToken, signal });
  const owner = await findConnectionOfAccount(asSystem("auth"), adapterId, key);
  if (owner && owner.userId !== viewer.userId)
    throw new AppError("conflict", "This bank sign-in belongs to another connection and was not taken over.");
  const seal = await tokenSealer(viewer);
  // Stored before anything else is asked: a sign-in whose token is lost could not even be ended.
  const saved = await saveConnection(viewer, {
    ...{ adapter: adapterId, accountKey: key, title: "Bank", isWriteAllowed: false },
    seal: (connectionId) => seal(connectionId, { accessToken, accessExpiresAt: null, refreshToken: null }),
  });
  const title = await link.nameOf({ accessToken, signal });
  await adjustConnection(viewer, saved.id, { title, isDueNow: true });
  return { connectionId: saved.id, isNew: saved.isNew };
}

/**
 * After the dialog mended a connection: what the person was told of is settled. It is tried at once, and only a good
 * synchronisation clears what was wrong and knows how long the new consent lasts.
 */
export async function finishUpdate(viewer: Viewer, connectionId: string): Promise<void> {
  const { adapter } = await getConnectionRow(viewer, connectionId);
  requireLink(adapter);
  await adjustConnection(viewer, connectionId, { state: "active", notice: null, isDueNow: true });
}

async function tokenOf(viewer: Viewer, connectionId: string): Promise<string> {
  await getConnectionRow(viewer, connectionId);
  const tokens = await findTokens(viewer, connectionId);
  if (tokens) return tokens.accessToken;
  throw new AppError("auth-expired", "This connection holds no sign-in any more.", { hint: "Connect the bank anew." });
}

function requireLink(adapterId: string): LinkPort {
  const adapter = getAdapter(adapterId);
  if (!adapter.link) throw new AppError("invalid", `${adapter.manifest.title} is not connected through a dialog.`);
  requireSetUp(adapter);
  return adapter.link;
}
