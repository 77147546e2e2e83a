import { AppError } from "@/lib/contracts/errors";
import { env } from "@/lib/env";

const loopbackNames = ["localhost", "127.0.0.1", "[::1]"];

/**
 * A request that changes something and is authenticated by a cookie must come from our own pages. The Origin is compared
 * with the configured address, never with the Host header, which a rebinding page chooses. An installation on loopback
 * answers to all three names of loopback.
 * @throws AppError forbidden
 */
export function requireSameOrigin(request: Request): void {
  const site = request.headers.get("sec-fetch-site");
  const origin = request.headers.get("origin");
  const isForeignSite = site !== null && site !== "same-origin";
  if (origin !== null && !isForeignSite && ownOrigins().includes(origin)) return;
  throw new AppError("forbidden", "Burgeon does not take changes from other pages.", {
    hint: `Open Burgeon at ${env().BURGEON_URL}, or use an API token.`,
  });
}

function ownOrigins(): string[] {
  const own = new URL(env().BURGEON_URL);
  if (!loopbackNames.includes(own.hostname)) return [own.origin];
  const port = own.port === "" ? "" : `:${own.port}`;
  return loopbackNames.map((name) => `${own.protocol}//${name}${port}`);
}
