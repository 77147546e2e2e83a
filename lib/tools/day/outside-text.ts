import type { Context } from "@/lib/contracts/context";

/**
 * Whose words are in a piece of context: titles of events are written by anybody who can send an invitation, merchants by banks,
 * and what modules bring by strangers. Null when all of it is ours.
 */
export function describeOutside({
  calendar,
  finance,
  navigation,
  modules,
}: Pick<Context, "calendar" | "finance" | "navigation" | "modules">): string | null {
  const named = [
    ...(calendar?.data && calendar.data.events.length > 0 ? ["the events of your calendars"] : []),
    // The way to an event names it and its place, also where it could not be found.
    ...(navigation && navigation.state !== "none" && (navigation.data?.event || navigation.problem !== null)
      ? ["the events of your calendars"]
      : []),
    ...(finance?.data && finance.data.provenance.transactionCount > 0 ? ["the transactions of your accounts"] : []),
    ...modules
      .filter(({ state }) => state !== "none")
      .map(({ module, title }) => (module ? `the module ${module}` : title)),
  ];
  return named.length === 0 ? null : [...new Set(named)].join(", ");
}
