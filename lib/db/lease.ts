import { env } from "@/lib/env";

/** How long a claim holds without a sign of life. Every append renews it. */
export function leaseMs(): number {
  return env().BURGEON_LEASE_MS;
}
