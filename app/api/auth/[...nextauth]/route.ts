import NextAuth from "next-auth";
import { authOptions } from "@/lib/auth/session";

type Context = { params: Promise<{ nextauth: string[] }> };

/** next-auth's own endpoints; they carry their own CSRF token. Options are read per request, so the address is the configured one. */
function handler(request: Request, context: Context): Promise<Response> {
  return NextAuth(authOptions())(request, context) as Promise<Response>;
}

export { handler as GET, handler as POST };
