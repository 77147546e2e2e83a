import { AppError } from "@/lib/contracts/errors";

export interface CachedRead<Value> {
  /** Whose: nobody reads what was read for another. */
  userId: string;
  source: string;
  /** Who it is, for a person. */
  title: string;
  /** Everything that the answer depends on. */
  args: unknown;
  /** So long nothing is asked again. */
  freshMs: number;
  /** So long the source may take. */
  timeoutMs: number;
  now: Date;
  signal: AbortSignal;
  load(signal: AbortSignal): Promise<Value>;
}

export interface CachedValue<Value> {
  value: Value;
  readAt: Date;
  /** Why there is nothing newer; null when it is fresh. */
  failure: unknown;
}

interface Entry {
  value?: unknown;
  readAt?: number;
  failure?: unknown;
  /** Until then the failure is told without asking again. */
  retryAt?: number;
  loading?: Promise<void>;
}

/** A source that just failed is left alone for a moment: pages are reloaded, and modules are switched off by failures. */
const pauseMs = 30_000;
/** What is older says more about the past than about now. */
const keepMs = 6 * 60 * 60_000;
const maxEntries = 2000;

// Next loads this file once per bundle; what was read is one thing per process.
const held = globalThis as typeof globalThis & { burgeonSources?: Map<string, Entry> };
held.burgeonSources ??= new Map();
const entries = held.burgeonSources;

/**
 * Reads a source at most once per `freshMs`, viewer and arguments, and once at a time whoever asks. When it fails or is too
 * slow, the last good value is given along with the failure.
 * @throws the failure, when there is no last value; what `signal` was aborted with
 */
export async function readCached<Value>(read: CachedRead<Value>): Promise<CachedValue<Value>> {
  read.signal.throwIfAborted();
  const entry = entryOf(JSON.stringify([read.userId, read.source, read.args]));
  const now = read.now.getTime();
  const isFresh = entry.readAt !== undefined && entry.failure === undefined && now - entry.readAt < read.freshMs;
  const isPaused = entry.retryAt !== undefined && now < entry.retryAt;
  if (!isFresh && !isPaused) {
    entry.loading ??= load(entry, read).finally(() => delete entry.loading);
    await untilAborted(entry.loading, read.signal);
  }
  if (entry.readAt !== undefined && now - entry.readAt < Math.max(keepMs, read.freshMs))
    return { value: entry.value as Value, readAt: new Date(entry.readAt), failure: entry.failure ?? null };
  throw entry.failure ?? new Error(`${read.source} was read and gave nothing`);
}

/** Forgets everything; for tests. */
export function clearSources(): void {
  entries.clear();
}

/** Never rejects: how it went stands in the entry. One caller that leaves does not end it for the others. */
async function load<Value>(entry: Entry, { title, now, timeoutMs, load: read }: CachedRead<Value>): Promise<void> {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(tooSlow(title, timeoutMs)), timeoutMs);
  try {
    entry.value = await untilAborted(read(clock.signal), clock.signal);
    entry.readAt = now.getTime();
    entry.failure = undefined;
    entry.retryAt = undefined;
  } catch (cause) {
    entry.failure = cause ?? new Error("a source failed without saying why");
    const wanted = cause instanceof AppError ? (cause.retryAfterMs ?? 0) : 0;
    entry.retryAt = now.getTime() + Math.min(Math.max(wanted, pauseMs), 60 * 60_000);
  } finally {
    clearTimeout(timer);
  }
}

/** A promise that is left when the signal aborts, also by work that does not look at the signal. */
export function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    if (signal.aborted) leave();
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}

export function tooSlow(title: string, timeoutMs: number): AppError {
  const who = `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
  const seconds = Math.max(1, Math.round(timeoutMs / 1000));
  return new AppError("unavailable", `${who} took longer than ${seconds} s. Burgeon did not wait and shows the rest.`, {
    hint: "Look again in a minute.",
  });
}

/** The one longest unused goes first. */
function entryOf(key: string): Entry {
  const entry = entries.get(key) ?? {};
  entries.delete(key);
  entries.set(key, entry);
  const oldest = entries.keys().next().value;
  if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
  return entry;
}
