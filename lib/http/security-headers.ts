import { env } from "@/lib/env";

interface PolicyOptions {
  isDevelopment: boolean;
  isSecure: boolean;
  /** Hosts of a provider's dialog that this page opens; none on all other pages. */
  dialogHosts?: readonly string[];
}

/**
 * What a page of ours may load: scripts that carry this answer's nonce and what they load, nothing from other hosts. Style
 * attributes are allowed because charts and syntax colours set them; without foreign HTML they can do no harm.
 */
export function contentSecurityPolicy(
  nonce: string,
  { isDevelopment, isSecure, dialogHosts = [] }: PolicyOptions,
): string {
  const dialog = dialogHosts.map((host) => ` ${host}`).join("");
  return [
    "default-src 'self'",
    // React needs eval in development to rebuild stacks of the server.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dialog}${isDevelopment ? " 'unsafe-eval'" : ""}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${dialog}${isDevelopment ? " ws:" : ""}`,
    `frame-src${dialog === "" ? " 'none'" : dialog}`,
    "frame-ancestors 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    ...(isSecure ? ["upgrade-insecure-requests"] : []),
  ].join("; ");
}

/** What an answer of the API may load, should anybody open it as a page: nothing. */
export const apiPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const fixed: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
};

/** What every answer carries, page or not. Pages get it from proxy.ts, answers of the API from `route()`. */
export function setSecurityHeaders(headers: Headers, policy: string): void {
  headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(fixed)) headers.set(name, value);
  if (isSecure()) headers.set("strict-transport-security", "max-age=31536000");
}

/** Burgeon is reached over https. */
export function isSecure(): boolean {
  return env().BURGEON_URL.startsWith("https://");
}
