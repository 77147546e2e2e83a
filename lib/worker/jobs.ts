import { syncConnection } from "@/lib/connections/sync";
import { actAs, asSystem } from "@/lib/contracts/viewer";
import { AppError } from "@/lib/contracts/errors";
import { dropOldAttempts } from "@/lib/db/connect-attempts";
import { listDueConnections } from "@/lib/db/connections";
import { requestSync, workOnJobs } from "@/lib/db/jobs";

const dueAtOnce = 500;
const busyPauseSeconds = 10;

/** The work that nobody waits for in a chat: synchronising what is due, and throwing away what is old. */
export function startJobs(): Promise<{ stop(): Promise<void> }> {
  return workOnJobs(asSystem("worker"), {
    async "sync-connection"({ userId, connectionId }, signal) {
      try {
        const { kind } = await syncConnection(actAs(userId), connectionId, signal);
        // Whoever is at it may be frozen, or may have read what is older than what this is about.
        if (kind === "busy") await requestSync({ userId, connectionId }, busyPauseSeconds);
      } catch (cause) {
        // Ended by its person between the asking and the doing.
        if (!(cause instanceof AppError && cause.code === "not-found")) throw cause;
      }
    },
    async "find-due"() {
      for (const { id, userId } of await listDueConnections(asSystem("worker"), dueAtOnce))
        await requestSync({ userId, connectionId: id });
    },
    async "clean-up"() {
      await dropOldAttempts(asSystem("worker"));
    },
  });
}
