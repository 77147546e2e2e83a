import type { Metadata } from "next";
import { ConnectionsBoard } from "@/components/connections/connections-board";
import type { BankRequest } from "@/components/connections/use-bank-link";
import { requireViewer } from "@/lib/auth/viewer";
import { getConnections } from "@/lib/connections/views";
import { env } from "@/lib/env";

export const metadata: Metadata = { title: "Connections" };

type Query = Record<string, string | string[] | undefined>;

export default async function ConnectionsPage({ searchParams }: { searchParams: Promise<Query> }) {
  const viewer = await requireViewer();
  const [query, initial] = await Promise.all([searchParams, getConnections(viewer)]);
  const [connected, problem, adapter] = [query.connected, query.problem, query.adapter].map(toText);
  return (
    <div className="mx-auto w-full max-w-5xl px-4 py-6 sm:px-8 sm:py-10">
      <h1 className="font-semibold text-2xl tracking-tight">Connections</h1>
      <p className="mt-1 max-w-prose text-muted-foreground text-sm">
        Your accounts elsewhere that Burgeon may use, how each of them is, and what else can be connected. Sign-ins are
        sealed on this machine and can be ended here at any time.
      </p>
      <ConnectionsBoard
        initial={initial}
        serverNow={Date.now()}
        linkScriptUrl={env().PLAID_LINK_SCRIPT_URL}
        arrival={{ connected: connected ?? null, problem: problem ?? null, adapter: adapter ?? null }}
        askedBank={toBankRequest(query)}
        isBankReturn={toText(query.oauth_state_id) !== null}
      />
    </div>
  );
}

function toBankRequest(query: Query): BankRequest | null {
  const [adapter, connectionId] = [toText(query.link), toText(query.connection)];
  if (adapter === null) return null;
  return {
    adapter,
    ...(connectionId === null ? {} : { connectionId }),
    ...(query.accounts === "more" ? { isAccountSelectionWanted: true } : {}),
  };
}

function toText(value: string | string[] | undefined): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, 200) : null;
}
