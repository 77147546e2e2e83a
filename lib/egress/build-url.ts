import type { SandboxRequest } from "@/lib/contracts/sandbox";
import { Refusal } from "./refusal";

/**
 * The address of a module's request. Path rules: below the base path, no dot segments, nothing that two parsers could read
 * differently.
 * @throws Refusal
 */
export function buildUrl(baseUrl: string, request: Pick<SandboxRequest, "path" | "query">): URL {
  const { path } = request;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what is refused.
  if (/[\\\u0000-\u0020\u007f#?]/.test(path))
    throw new Refusal(
      "A path may not hold spaces, backslashes, control characters, ? or #; use `query` for parameters",
    );
  if (!path.startsWith("/") || path.startsWith("//")) throw new Refusal("A path starts with exactly one /");
  if (/%(2e|2f|5c|00)/i.test(path)) throw new Refusal("A path may not hold encoded dots, slashes or backslashes");
  if (/%(?![0-9a-f]{2})/i.test(path)) throw new Refusal("A path may not hold a bare %; encode it as %25");
  if (path.split("/").some((segment) => segment === "." || segment === ".."))
    throw new Refusal("A path may not hold . or .. segments");
  const base = new URL(baseUrl);
  if (base.username || base.password) throw new Refusal("A base address may not hold a user name or password");
  const url = new URL(`${base.origin}${basePathOf(base)}${path}`);
  if (!isBelow(base, url)) throw new Refusal("The path leaves the connection's base address");
  for (const [name, value] of Object.entries(request.query ?? {}))
    for (const item of Array.isArray(value) ? value : [value]) url.searchParams.append(name, String(item));
  return url;
}

/** Is this address on the base's origin and below its path? */
export function isBelow(base: URL, url: URL): boolean {
  const path = basePathOf(base);
  return url.origin === base.origin && (url.pathname === path || url.pathname.startsWith(`${path}/`));
}

function basePathOf(base: URL): string {
  return base.pathname.replace(/\/+$/, "");
}
