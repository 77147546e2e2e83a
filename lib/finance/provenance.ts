import { dayIn } from "@/lib/contracts/day";
import type { Provenance } from "@/lib/contracts/finance";

/**
 * "412 transactions from 2 accounts, synced 09:12; excludes Chase since 3 Sep". Made of counts and names by code, so that it
 * says the same wherever a figure is shown.
 */
export function describeProvenance(provenance: Provenance, { timeZone, now }: { timeZone: string; now: Date }): string {
  const { transactionCount, accountCount, syncedAt, transfersLeftOut, excluded } = provenance;
  const synced = syncedAt === null ? "" : `, synced ${momentOf(syncedAt, timeZone, now)}`;
  const base = `${count(transactionCount, "transaction")} from ${count(accountCount, "account")}${synced}`;
  const transfers =
    transfersLeftOut > 0 ? [`leaves out ${count(transfersLeftOut, "transfer")} between your own accounts`] : [];
  const names = excluded.map(({ title, since }) =>
    since === null ? title : `${title} since ${dayText(since, timeZone, now)}`,
  );
  return [base, ...transfers, ...(names.length > 0 ? [`excludes ${names.join(", ")}`] : [])].join("; ");
}

function count(number: number, noun: string): string {
  return `${new Intl.NumberFormat("en").format(number)} ${noun}${number === 1 ? "" : "s"}`;
}

/** The time where it was today, else the day. */
function momentOf(instant: string, timeZone: string, now: Date): string {
  const at = new Date(instant);
  if (dayIn(at, timeZone) !== dayIn(now, timeZone)) return `on ${dayText(instant, timeZone, now)}`;
  return new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(at);
}

function dayText(instant: string, timeZone: string, now: Date): string {
  const at = new Date(instant);
  const isThisYear = dayIn(at, timeZone).slice(0, 4) === dayIn(now, timeZone).slice(0, 4);
  // "3 Sep": the British form of the library writes "Sept".
  const month = new Intl.DateTimeFormat("en", { timeZone, month: "short" }).format(at);
  const day = Number(dayIn(at, timeZone).slice(8));
  return `${day} ${month}${isThisYear ? "" : ` ${dayIn(at, timeZone).slice(0, 4)}`}`;
}
