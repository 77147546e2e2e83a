import { createHash } from "node:crypto";
import { AppError } from "@/lib/contracts/errors";
import { asSystem } from "@/lib/contracts/viewer";
import { type RateLimit, returnToBucket, takeFromBucket } from "@/lib/db/rate-buckets";
import { findAccountByEmail, type UserAccount } from "@/lib/db/users";
import { verifyPassword } from "./password";

/** Five wrong passwords in a row for one account, then one a minute. */
const perAccount: RateLimit = { capacity: 5, perMinute: 1 };
/** For everybody together: each check costs 128 MiB for a moment. */
const together: RateLimit = { capacity: 60, perMinute: 30 };
const perAddress: RateLimit = { capacity: 20, perMinute: 5 };

/**
 * The account of a person who knows its password. Attempts are counted before the password is looked at and given back when
 * it was right, so many at once get no more tries than one after the other.
 * @throws AppError auth-required (the same words whoever is wrong), rate-limited
 */
export async function signInWithPassword(
  email: string,
  password: string,
  address: string | null,
): Promise<UserAccount> {
  const buckets: [string, RateLimit][] = [
    ["sign-in:all", together],
    [`sign-in:account:${fingerprint(email.trim().toLowerCase())}`, perAccount],
    ...(address === null ? [] : [[`sign-in:address:${fingerprint(address)}`, perAddress] as [string, RateLimit]]),
  ];
  for (const [key, limit] of buckets) {
    const decision = await takeFromBucket(asSystem("auth"), key, limit);
    if (!decision.allowed)
      throw new AppError("rate-limited", "Too many attempts to sign in.", {
        hint: `Try again in ${Math.ceil(decision.retryAfterMs / 1000)} seconds.`,
        retryAfterMs: decision.retryAfterMs,
      });
  }
  const account = await findAccountByEmail(asSystem("auth"), email.trim());
  if (!(await verifyPassword(password, account?.passwordHash ?? null)) || !account)
    throw new AppError("auth-required", "Email or password is wrong.");
  for (const [key, limit] of buckets) await returnToBucket(asSystem("auth"), key, limit);
  return account;
}

function fingerprint(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
