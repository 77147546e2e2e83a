import { env } from "@/lib/env";

/** The pages on which a bank can be connected. */
const paths = ["/connections", "/money"];

/**
 * Hosts that a page must be allowed to load from because it opens a provider's dialog there: Plaid's, or the one of the
 * configured script. Empty for every other page, and while Plaid is not set up.
 */
export function dialogHostsOf(pathname: string): string[] {
  if (!paths.some((path) => pathname === path || pathname.startsWith(`${path}/`))) return [];
  const { PLAID_CLIENT_ID, PLAID_SECRET, PLAID_LINK_SCRIPT_URL } = env();
  if (PLAID_CLIENT_ID === undefined || PLAID_SECRET === undefined) return [];
  const { origin, hostname } = new URL(PLAID_LINK_SCRIPT_URL);
  // The script comes from one host; the dialog's frame speaks to several (plaid.com/docs/link/web, "CSP directives").
  return hostname.endsWith(".plaid.com") ? [origin, "https://*.plaid.com"] : [origin];
}
