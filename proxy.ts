import { type NextRequest, NextResponse } from "next/server";
import { env } from "@/lib/env";
import { dialogHostsOf } from "@/lib/http/dialog-pages";
import { contentSecurityPolicy, isSecure, setSecurityHeaders } from "@/lib/http/security-headers";

/** Adds the security headers to every page. Authorisation is not here: it lives in the routes, the pages and lib/db. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  const isDevelopment = env().NODE_ENV === "development";
  const dialogHosts = dialogHostsOf(request.nextUrl.pathname);
  const policy = contentSecurityPolicy(nonce, { isDevelopment, isSecure: isSecure(), dialogHosts });
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  setSecurityHeaders(response.headers, policy);
  // Banks that sign in on a page of their own open a window from the dialog, which must be able to speak to it.
  if (dialogHosts.length > 0) response.headers.set("cross-origin-opener-policy", "same-origin-allow-popups");
  return response;
}

// Answers of the API need no nonce and set their headers themselves (lib/http/route.ts): a message is not to wait for what is
// for pages. Sign-in belongs to next-auth, which knows nothing of ours.
export const config = { matcher: ["/((?!api/(?!auth/)|_next/static|_next/image|favicon.ico|icon.svg).*)"] };
