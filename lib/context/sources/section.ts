import type { Section } from "@/lib/contracts/context";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { isDatabaseOutage } from "@/lib/db/statement";
import { logger } from "@/lib/logger";
import { type CachedValue, tooSlow, untilAborted } from "./source-cache";

/** For whom, for which day and until when the context is read. */
export interface Scope {
  viewer: Viewer;
  /** The person's. */
  timeZone: string;
  /** The day there, as `2026-11-27`. */
  today: string;
  now: Date;
  signal: AbortSignal;
}

/**
 * One source behind its own wall: however it fails, and however long it takes, what comes is a section that says so.
 * Rejects only when the caller is gone.
 */
export async function guardSection<Data>(
  scope: Scope,
  source: { title: string; timeoutMs: number },
  read: (scope: Scope) => Promise<Section<Data>>,
): Promise<Section<Data>> {
  const clock = new AbortController();
  const timer = setTimeout(() => clock.abort(tooSlow(source.title, source.timeoutMs)), source.timeoutMs);
  const signal = AbortSignal.any([scope.signal, clock.signal]);
  try {
    return await untilAborted(read({ ...scope, signal }), signal);
  } catch (cause) {
    scope.signal.throwIfAborted();
    return failedSection(source.title, cause);
  } finally {
    clearTimeout(timer);
  }
}

export function failedSection(title: string, cause: unknown): Section<never> {
  const { problem, hint } = describeProblem(title, cause);
  return { state: "failed", asOf: null, source: title, problem, hint, data: null };
}

/** Something that the person has not set up; `problem` says what, `hint` what to do. */
export function missingSection(title: string, problem: string, hint: string): Section<never> {
  return { state: "none", asOf: null, source: title, problem, hint, data: null };
}

/** What the cache knows, as a section: with an older value the failure is told beside it. */
export function cachedSection<Data>(title: string, read: CachedValue<Data>): Section<Data> {
  const asOf = read.readAt.toISOString();
  if (read.failure === null)
    return { state: "fresh", asOf, source: title, problem: null, hint: null, data: read.value };
  return { state: "stale", asOf, source: title, ...describeProblem(title, read.failure), data: read.value };
}

/** What a person is told of a failure. What is not one of ours is a bug: it is logged and says nothing more. */
function describeProblem(title: string, cause: unknown): { problem: string; hint: string | null } {
  if (cause instanceof AppError) return { problem: cause.message, hint: cause.hint ?? null };
  if (isDatabaseOutage(cause))
    return {
      problem: `Burgeon's database did not answer, so ${title} could not be read.`,
      hint: "Try again in a moment.",
    };
  logger.error({ room: "context", source: title, cause }, "a source of the context failed");
  return {
    problem: `Burgeon could not read ${title} because of a fault of its own. Everything else is complete.`,
    hint: "Try again; if it stays like this, look into the log.",
  };
}
