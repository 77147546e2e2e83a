import type { Warning } from "@/lib/contracts/connection";
import { AppError } from "@/lib/contracts/errors";

/** The provider takes the sign-in no more. */
export function reauthWarning(title: string): Warning {
  return {
    code: "auth-expired",
    message: `${title} no longer accepts Burgeon's sign-in. Burgeon stopped asking and kept everything it has.`,
    hint: "Sign in again on Connections.",
  };
}

/** The person's consent will end. @param endsAt left out where the provider did not say when */
export function expiryNotice(title: string, endsAt?: Date): Warning {
  const day = endsAt ? `on ${endsAt.toISOString().slice(0, 10)}` : "soon";
  return { code: "expires", message: `${title} will stop ${day} unless you confirm it.`, hint: "Sign in again." };
}

/** There is more to connect than the person chose from. */
export function newAccountsNotice(title: string): Warning {
  return {
    code: "new-accounts",
    message: `${title} has new accounts that are not connected yet.`,
    hint: "Choose which to add.",
  };
}

/** What went wrong in a try, for the connection's card. Anything that is not one of ours is a bug and says nothing more. */
export function toWarning(cause: unknown, title: string): Warning {
  if (cause instanceof AppError)
    return { code: cause.code, message: cause.message, ...(cause.hint === undefined ? {} : { hint: cause.hint }) };
  return {
    code: "bug",
    message: `Burgeon could not synchronise ${title} because of a fault of its own. It tries again.`,
    hint: "If it stays like this, look into the log.",
  };
}
