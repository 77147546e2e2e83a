import { randomUUID } from "node:crypto";
import { NextRequest } from "next/server";
import type { NextAuthOptions } from "next-auth";
import { getToken } from "next-auth/jwt";
import Credentials from "next-auth/providers/credentials";
import { z } from "zod";
import { AppError } from "@/lib/contracts/errors";
import { asSystem } from "@/lib/contracts/viewer";
import { endSession, findSessionUser, type User } from "@/lib/db/users";
import { env, shareUrlWithNextAuth } from "@/lib/env";
import { clientAddress } from "./client-address";
import { ensureOwner } from "./first-run";
import { signInWithPassword } from "./sign-in";

const maxAgeSeconds = 30 * 24 * 60 * 60;
const claimsSchema = z.object({ userId: z.string(), sessionId: z.string(), sessionVersion: z.number() });
const credentialsSchema = z.object({ email: z.string().max(200), password: z.string().max(1000) });

/** next-auth 4 with passwords: a sealed cookie names user, session and session version, and the database says whether that still counts. */
export function authOptions(): NextAuthOptions {
  shareUrlWithNextAuth();
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: "jwt", maxAge: maxAgeSeconds },
    pages: { signIn: "/sign-in", error: "/sign-in" },
    useSecureCookies: isSecure(),
    cookies: {
      sessionToken: {
        name: cookieName(),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure: isSecure() },
      },
    },
    providers: [
      Credentials({
        credentials: { email: { label: "Email", type: "email" }, password: { label: "Password", type: "password" } },
        authorize: (credentials, request) => authorize(credentials, request.headers),
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        // Only at sign-in: a new session gets a new id, so that a cookie planted before is worth nothing.
        if (!user) return token;
        const { sessionVersion } = user as unknown as { sessionVersion: number };
        return { userId: user.id, sessionId: randomUUID(), sessionVersion };
      },
      session: ({ session }) => session,
    },
    events: {
      async signOut({ token }) {
        const claims = claimsSchema.safeParse(token);
        if (claims.success) await endSession(asSystem("auth"), claims.data.userId, claims.data.sessionId);
      },
    },
  };
}

/** Who the session cookie of these headers belongs to; null when there is none that counts. */
export async function findSessionOwner(headers: Headers): Promise<User | null> {
  const cookie = headers.get("cookie");
  if (!cookie) return null;
  const req = new NextRequest(env().BURGEON_URL, { headers: { cookie } });
  const token = await getToken({
    req,
    secret: env().NEXTAUTH_SECRET,
    cookieName: cookieName(),
    secureCookie: isSecure(),
  });
  const claims = claimsSchema.safeParse(token);
  return claims.success ? findSessionUser(asSystem("auth"), claims.data) : null;
}

async function authorize(credentials: unknown, headers: Record<string, unknown> | undefined) {
  await ensureOwner();
  const parsed = credentialsSchema.safeParse(credentials);
  if (!parsed.success) return null;
  const forwarded = headers?.["x-forwarded-for"];
  const address = clientAddress(typeof forwarded === "string" ? forwarded : null, env().BURGEON_TRUSTED_PROXIES);
  try {
    const { id, sessionVersion } = await signInWithPassword(parsed.data.email, parsed.data.password, address);
    return { id, sessionVersion };
  } catch (cause) {
    // next-auth shows the message of an error on the sign-in page; null becomes its own "CredentialsSignin".
    if (!(cause instanceof AppError)) throw cause;
    if (cause.code === "rate-limited")
      throw new Error(`rate-limited:${Math.ceil((cause.retryAfterMs ?? 60_000) / 1000)}`);
    return null;
  }
}

function isSecure(): boolean {
  return env().BURGEON_URL.startsWith("https://");
}

/** The prefix makes browsers refuse the cookie from a subdomain or over http. */
function cookieName(): string {
  return isSecure() ? "__Host-burgeon.session" : "burgeon.session";
}
