import type { AdapterView, ConnectionView } from "@/lib/contracts/connection";

/** What the address says when a provider sent the person back: codes only, because anybody can write an address. */
export interface Arrival {
  connected: string | null;
  problem: string | null;
  adapter: string | null;
}

export interface ArrivalWords {
  isGood: boolean;
  message: string;
  hint: string;
}

type Words = (title: string) => { message: string; hint: string };

/** One sentence for each code that the way back can end with (`ErrorCode`, and the callback's own). */
const problems: Record<string, Words> = {
  denied: (title) => ({
    message: `You did not allow it at ${title}. Nothing was connected.`,
    hint: "You can begin again whenever you like.",
  }),
  refused: (title) => ({
    message: `${title} was not connected: the sign-in was not finished here, took longer than ten minutes, or a right that is needed was left out.`,
    hint: "Begin again below, in this browser, and leave the boxes on the other page ticked.",
  }),
  "auth-expired": (title) => ({
    message: `${title} did not accept the sign-in. Nothing was stored.`,
    hint: "Begin again below. If it stays, check the client ID and the secret.",
  }),
  unavailable: (title) => ({
    message: `${title} did not answer, or Burgeon's vault is locked. Nothing was stored.`,
    hint: "Try again in a few minutes.",
  }),
  conflict: (title) => ({
    message: `You signed in to ${title} with another account than the one that was to be renewed. Nothing was changed.`,
    hint: "Sign in again with the right account, or connect the other one as a new connection.",
  }),
  "rate-limited": (title) => ({
    message: `${title} was asked too often and wants a pause. Nothing was stored.`,
    hint: "Try again in a few minutes.",
  }),
  invalid: (title) => ({
    message: `${title} sent something back that Burgeon does not understand. Nothing was stored.`,
    hint: "Begin again below.",
  }),
  "not-found": (title) => ({
    message: `What was to be renewed at ${title} is no longer connected.`,
    hint: "Connect it anew below.",
  }),
  forbidden: (title) => ({
    message: `Your role may look at everything and connect nothing, so ${title} was not connected.`,
    hint: "Ask the owner of this installation.",
  }),
};

const unknown: Words = (title) => ({
  message: `${title} was not connected, because of a fault inside Burgeon. Nothing was stored.`,
  hint: "Begin again below. If it stays, look into the log.",
});

/** What to say of the way back; null when the address says nothing, or names what is not the person's. */
export function describeArrival(
  { connected, problem, adapter }: Arrival,
  connections: readonly ConnectionView[],
  adapters: readonly AdapterView[],
): ArrivalWords | null {
  if (connected !== null) {
    const made = connections.find(({ id }) => id === connected);
    if (!made) return null;
    const hint = made.isWriteAllowed
      ? "It may also make changes; those ask you first."
      : "It may read, and change nothing.";
    return { isGood: true, message: `Connected: ${made.adapterTitle}, ${made.title}.`, hint };
  }
  if (problem === null) return null;
  const title = adapters.find(({ id }) => id === adapter)?.title ?? "The provider";
  const words = Object.hasOwn(problems, problem) ? problems[problem] : undefined;
  return { isGood: false, ...(words ?? unknown)(title) };
}
