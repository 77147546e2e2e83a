import { getAdapter } from "@/lib/adapters/registry";
import type { WebhookNews } from "@/lib/contracts/adapter";
import { actAs, asSystem, type Viewer } from "@/lib/contracts/viewer";
import { adjustConnection, findConnectionOfAccount, getConnectionRow } from "@/lib/db/connections";
import { requestSync } from "@/lib/db/jobs";
import { findChannel } from "@/lib/db/push-channels";
import { logger } from "@/lib/logger";
import { isSameText } from "./connect";
import { hashToken } from "./push";
import { expiryNotice, newAccountsNotice, reauthWarning } from "./warnings";

const verifyMs = 10_000;
/** As Google sends it with every notification of a channel. */
const channelTokenHeader = "x-goog-channel-token";

/**
 * What a provider sends by itself. It carries nothing that is believed: once it is known to be theirs, it makes the connection
 * due, and the data is fetched. So it may come twice, late and out of order. One about an account that is not here is taken
 * quietly, so that the provider stops; a connection that is not here yet is read as soon as it is.
 * @returns false when it is not theirs
 */
export async function takeWebhook(
  adapterId: string,
  request: { headers: Headers; body: Uint8Array },
): Promise<boolean> {
  const { webhook, manifest } = getAdapter(adapterId);
  const signal = AbortSignal.timeout(verifyMs);
  const news = await webhook?.verify({ ...request, now: new Date(), signal });
  if (!news) return false;
  const owner = await findOwner(adapterId, news, request.headers);
  logger.info({ room: "connections", adapterId, news: news.news, connectionId: owner?.connectionId }, "webhook taken");
  if (!owner) return news.about.kind === "account";
  await applyNews(actAs(owner.userId), owner.connectionId, manifest.title, news);
  return true;
}

async function findOwner(adapterId: string, { about }: WebhookNews, headers: Headers) {
  if (about.kind === "account") {
    const found = await findConnectionOfAccount(asSystem("auth"), adapterId, about.key);
    return found && { connectionId: found.id, userId: found.userId };
  }
  const channel = await findChannel(asSystem("auth"), about.key);
  return channel && isSameText(channel.tokenHash, hashToken(headers.get(channelTokenHeader) ?? "")) ? channel : null;
}

/** Due before it is asked for, in one write with what is shown: whoever dies between or after leaves a connection that is due. */
async function lookAgain(viewer: Viewer, connectionId: string, change: Parameters<typeof adjustConnection>[2]) {
  await adjustConnection(viewer, connectionId, { ...change, isDueNow: true });
  await requestSync({ userId: viewer.userId, connectionId });
}

async function applyNews(viewer: Viewer, connectionId: string, title: string, { news, expiresAt }: WebhookNews) {
  const titleOf = async () => (await getConnectionRow(viewer, connectionId)).title;
  switch (news) {
    case "changed":
    case "repaired":
      // Said to be repaired is not yet good: the state changes back with the next good synchronisation.
      return lookAgain(viewer, connectionId, {});
    case "login-required":
    case "revoked":
      // It may be older than a repair: the look that follows takes it back then.
      return lookAgain(viewer, connectionId, { state: "needs_reauth", warning: reauthWarning(title) });
    case "expires":
      // It may be older than a renewal: where the provider names a date itself, the look that follows takes that.
      return lookAgain(viewer, connectionId, { notice: expiryNotice(await titleOf(), expiresAt) });
    case "new-accounts":
      return adjustConnection(viewer, connectionId, { notice: newAccountsNotice(await titleOf()) });
    case "none":
      return;
  }
}
