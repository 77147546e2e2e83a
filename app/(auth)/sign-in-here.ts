import { signIn } from "next-auth/react";

/**
 * Signs in and opens the chat by a full load, so that nothing of an earlier session stays in memory.
 * @returns what went wrong as a sentence, or null while the chat opens
 */
export async function signInHere(email: string, password: string): Promise<string | null> {
  const reply = await signIn("credentials", { email: email.trim(), password, redirect: false }).catch(() => null);
  if (!reply) return "Burgeon did not answer. Check that it is still running, then try again.";
  if (!reply.ok || reply.error) return describeSignInError(reply.error);
  window.location.assign("/chat");
  return null;
}

/** next-auth hands over either its own name for a wrong password or the message that the server threw. */
export function describeSignInError(error: string | null | undefined): string {
  const wait = /^rate-limited:(\d+)$/.exec(error ?? "");
  if (wait) return `Too many attempts to sign in. Try again in ${describeWait(Number(wait[1]))}.`;
  if (error === "CredentialsSignin") return "Email or password is wrong.";
  return "Signing in failed in Burgeon itself. Try again; if it stays, look at the log.";
}

function describeWait(seconds: number): string {
  if (seconds <= 90) return `${seconds} ${seconds === 1 ? "second" : "seconds"}`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
