import { adapters, getAdapter } from "@/lib/adapters/registry";
import type { AdapterManifest } from "@/lib/contracts/adapter";
import type { AdapterView, ConnectionHealth, ConnectionsBody, ConnectionView } from "@/lib/contracts/connection";
import type { Viewer } from "@/lib/contracts/viewer";
import { type ConnectionRow, listConnectionRows, listHoldings } from "@/lib/db/connections";
import { env } from "@/lib/env";
import { vaultState } from "@/lib/vault/vault";
import { redirectUriOf } from "./connect";
import { webhookUrlOf } from "./push";

const soonMs = 7 * 24 * 60 * 60_000;

/** What the Connections page shows, and the API answers: what is connected, how it is, and what could be. Never a token. */
export async function getConnections(viewer: Viewer): Promise<ConnectionsBody> {
  const [rows, holdings, vault] = await Promise.all([listConnectionRows(viewer), listHoldings(viewer), vaultState()]);
  const holds = new Map(holdings.map(({ connectionId, ...counts }) => [connectionId, counts]));
  return {
    connections: rows.map((row) => toView(row, holds.get(row.id) ?? nothing, vault !== "open")),
    adapters: adapters.map(({ manifest, missing }) => ({
      ...{ id: manifest.id, title: manifest.title, description: manifest.description, category: manifest.category },
      ...{ connect: manifest.connect, rights: [...manifest.rights], missing: missing() },
      environment: manifest.environment.map((variable) => ({ ...variable })),
      setup: manifest.setup.map((step) => fillIn(step, manifest)),
      redirectUri: manifest.connect === "oauth" ? redirectUriOf(manifest.id) : null,
      isSample: env().BURGEON_DEMO !== undefined,
    })) satisfies AdapterView[],
  };
}

const nothing = { calendars: 0, events: 0, accounts: 0, transactions: 0 };

function toView(row: ConnectionRow, holds: ConnectionView["holds"], isVaultLocked: boolean): ConnectionView {
  const { manifest } = getAdapter(row.adapter);
  return {
    id: row.id,
    adapter: row.adapter,
    category: manifest.category,
    adapterTitle: manifest.title,
    title: row.title,
    health: healthOf(row, isVaultLocked),
    warning: row.warning,
    notice: row.notice,
    skipped: row.skipped,
    keepsHistory: row.keepsHistory,
    isSyncing: row.isSyncing,
    isWriteAllowed: row.isWriteAllowed,
    connect: manifest.connect,
    rights: [...manifest.rights],
    consentExpiresAt: row.consentExpiresAt?.toISOString() ?? null,
    lastGoodAt: row.lastGoodAt?.toISOString() ?? null,
    lastTriedAt: row.lastTriedAt?.toISOString() ?? null,
    nextAt: row.nextAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    holds,
  };
}

/** One word for how a connection is; the worst counts. */
function healthOf(
  row: Pick<ConnectionRow, "state" | "warning" | "notice" | "failures" | "consentExpiresAt" | "lastGoodAt">,
  isVaultLocked: boolean,
): ConnectionHealth {
  if (isVaultLocked) return "locked";
  if (row.state === "disconnecting") return "disconnecting";
  if (row.state === "needs_reauth") return "sign-in-again";
  if (row.failures > 0) return "trouble";
  const endsAt = row.consentExpiresAt?.getTime();
  if ((endsAt !== undefined && endsAt - Date.now() < soonMs) || row.notice?.code === "expires") return "expires-soon";
  if (row.warning) return "trouble";
  return row.lastGoodAt ? "good" : "waiting";
}

function fillIn(step: string, { id, connect }: AdapterManifest): string {
  // A dialog in the browser goes on where it was opened.
  const redirectUri = connect === "link" ? `${env().BURGEON_URL}/connections` : redirectUriOf(id);
  return step
    .replaceAll("{redirectUri}", redirectUri)
    .replaceAll("{webhookUrl}", webhookUrlOf(id) ?? "(none: this installation has no public address)");
}
