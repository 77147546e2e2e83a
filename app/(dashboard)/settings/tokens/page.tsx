import type { Metadata } from "next";
import { TokenSettings } from "@/components/settings/token-settings";
import { listTokens } from "@/lib/auth/tokens";
import { requireViewer } from "@/lib/auth/viewer";

export const metadata: Metadata = { title: "Tokens" };

export default async function TokensPage() {
  const viewer = await requireViewer();
  const tokens = await listTokens(viewer);
  return (
    <TokenSettings
      tokens={tokens.map((token) => ({
        id: token.id,
        name: token.name,
        prefix: token.prefix,
        scopes: token.scopes,
        createdAt: token.createdAt.toISOString(),
        expiresAt: token.expiresAt.toISOString(),
        revokedAt: token.revokedAt?.toISOString() ?? null,
        lastUsedAt: token.lastUsedAt?.toISOString() ?? null,
      }))}
    />
  );
}
