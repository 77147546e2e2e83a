import type { ConnectionHealth, ConnectionView, Warning } from "@/lib/contracts/connection";
import { describeSpan } from "./describe-span";

export type Tone = "good" | "neutral" | "attention" | "bad";

/** How a connection is, as sentences: what is, what Burgeon did, what the person can do. */
export interface HealthWords {
  tone: Tone;
  /** One or two words beside a sign. */
  label: string;
  sentences: string[];
  /** The one thing that helps; null when nothing has to be done. */
  next: "sign-in-again" | "choose-accounts" | "try-now" | null;
  /** How it stays connected for good; only where it would end by itself. */
  howToKeep: string | null;
}

const words: Record<ConnectionHealth, (connection: ConnectionView, now: number) => HealthWords> = {
  good: (connection, now) =>
    connection.notice
      ? {
          ...plain("attention", "New accounts", [...tell(connection.notice), describeLast(connection, now)]),
          next: "choose-accounts",
        }
      : plain("good", "Works", ["Works.", describeLast(connection, now)]),
  waiting: (connection) =>
    plain("neutral", "Starting", [
      connection.isSyncing
        ? "Connected. The first synchronisation is under way; what it brings appears as it comes."
        : "Connected. The first synchronisation begins in a moment.",
    ]),
  "expires-soon": (connection, now) => ({
    ...plain("attention", "Expires soon", [describeEnd(connection, now), describeLast(connection, now)]),
    next: "sign-in-again",
    howToKeep: howToKeep[connection.adapter] ?? null,
  }),
  "sign-in-again": ({ warning, adapterTitle }) => ({
    ...plain("bad", "Sign in again", [
      warning?.message ?? `${adapterTitle} no longer accepts Burgeon's sign-in. Burgeon kept everything it has.`,
      "Sign in again, and it goes on where it stopped.",
    ]),
    next: "sign-in-again",
  }),
  locked: () =>
    plain("bad", "Locked", [
      "Locked: Burgeon cannot open its sign-ins, because the master key is missing or is not the one they were sealed with.",
      "Nothing is fetched until then, and nothing is lost. Start Burgeon with the right BURGEON_MASTER_KEY or BURGEON_MASTER_KEY_FILE.",
    ]),
  trouble: (connection, now) => ({
    ...plain("attention", "Trouble", [
      ...describeWarning(connection),
      connection.isSyncing ? "Burgeon is trying again now." : describeNextTry(connection, now),
    ]),
    next: "try-now",
  }),
  disconnecting: (connection, now) => ({
    ...plain("neutral", "Disconnecting", [
      `Ended here: nothing is fetched any more. ${connection.adapterTitle} ${connection.warning ? "could not be told yet" : "is being told"}.`,
      ...(connection.warning ? tell(connection.warning) : []),
      ...(connection.category === "finance" ? [describeHistory(connection)] : []),
      describeNextTry(connection, now),
    ]),
    next: "try-now",
  }),
};

/** Why a connection of this kind ends by itself, and what stops that. */
const whyItEnds: Record<string, string> = { "google-calendar": "the Google project is in Testing" };
const howToKeep: Record<string, string> = {
  "google-calendar":
    "On console.cloud.google.com, open Google Auth Platform, Audience, and choose “Publish app”. Then sign in again here once: Google ends sign-ins of projects in Testing after seven days, and the others not at all.",
};

export function describeHealth(connection: ConnectionView, now: number): HealthWords {
  if (connection.connect === "file" && connection.health !== "locked")
    return plain("good", "Files", ["From files that you gave. Nothing is fetched by itself."]);
  return words[connection.health](connection, now);
}

/** "3 calendars, 212 events"; empty while it brought nothing. */
export function describeHoldings({ holds }: ConnectionView): string {
  const counts: [number, string][] = [
    [holds.calendars, "calendar"],
    [holds.events, "event"],
    [holds.accounts, "account"],
    [holds.transactions, "transaction"],
  ];
  return counts
    .filter(([count]) => count > 0)
    .map(([count, noun]) => `${count.toLocaleString("en")} ${count === 1 ? noun : `${noun}s`}`)
    .join(", ");
}

const skippedNouns: Partial<Record<ConnectionView["category"], [one: string, many: string]>> = {
  calendar: ["event", "events"],
  finance: ["transaction", "transactions"],
};

/** "3 transactions could not be read: no currency."; empty when everything could. */
export function describeSkipped({ skipped, category }: ConnectionView): string {
  if (!skipped || skipped.count === 0) return "";
  const [one, many] = skippedNouns[category] ?? ["entry", "entries"];
  const what = `${skipped.count.toLocaleString("en")} ${skipped.count === 1 ? one : many} could not be read`;
  return skipped.reasons.length === 0 ? `${what}.` : `${what}: ${skipped.reasons.join(", ")}.`;
}

function plain(tone: Tone, label: string, sentences: string[]): HealthWords {
  return { tone, label, sentences: sentences.filter((sentence) => sentence !== ""), next: null, howToKeep: null };
}

function describeLast({ isSyncing, lastGoodAt, nextAt }: ConnectionView, now: number): string {
  const last = lastGoodAt === null ? "" : `Last synchronised ${describeSpan(now - Date.parse(lastGoodAt))} ago`;
  if (isSyncing) return last === "" ? "Synchronising now." : `${last}; synchronising now.`;
  if (last === "") return "";
  if (nextAt === null) return `${last}.`;
  const waitMs = Date.parse(nextAt) - now;
  return waitMs <= 0 ? `${last}, next in a moment.` : `${last}, next in ${describeSpan(waitMs)}.`;
}

function describeEnd({ consentExpiresAt, notice, adapter }: ConnectionView, now: number): string {
  if (notice?.code === "expires") return tell(notice).join(" ");
  if (consentExpiresAt === null) return "Expires soon.";
  const leftMs = Date.parse(consentExpiresAt) - now;
  const why = whyItEnds[adapter] ?? "what you agreed to ends then";
  if (leftMs <= 0) return `Expired ${describeSpan(leftMs)} ago, because ${why}. Sign in again.`;
  return `Expires in ${describeSpan(leftMs)}, because ${why}.`;
}

function describeWarning({ warning, adapterTitle }: ConnectionView): string[] {
  if (!warning) return [`The last try to synchronise ${adapterTitle} did not work.`];
  return tell(warning);
}

const tell = ({ message, hint }: Warning): string[] => (hint === undefined ? [message] : [message, hint]);

function describeNextTry({ nextAt }: ConnectionView, now: number): string {
  if (nextAt === null) return "Burgeon waits for you.";
  const waitMs = Date.parse(nextAt) - now;
  return waitMs <= 0 ? "Burgeon tries again in a moment." : `Burgeon tries again in ${describeSpan(waitMs)}.`;
}

function describeHistory({ keepsHistory }: ConnectionView): string {
  return keepsHistory
    ? "Its accounts and transactions stay in Burgeon."
    : "Its accounts and transactions are deleted from Burgeon as soon as that is done.";
}
