import type { z } from "zod";
import { type BuildOutcome, type BuildRequest, buildRequestSchema } from "@/lib/contracts/build";
import { AppError } from "@/lib/contracts/errors";
import type { Viewer } from "@/lib/contracts/viewer";
import { type BuildOrigin, type BuildRow, createBuild, findBuildOfCall, getBuild } from "@/lib/db/builds";

/**
 * Queues a build; a worker does it. The same tool call twice starts one build.
 * @throws AppError invalid, not-found
 */
export async function startBuild(
  viewer: Viewer,
  request: BuildRequest,
  origin: BuildOrigin,
): Promise<{ buildId: string; conversationId: string; runId: string }> {
  const parsed = buildRequestSchema.safeParse(request);
  if (!parsed.success) throw toInvalidRequest(parsed.error);
  if (origin.parentRunId !== undefined && origin.callId !== undefined) {
    const existing = await findBuildOfCall(viewer, origin.parentRunId, origin.callId);
    if (existing) return toStarted(existing);
  }
  const { wish, url, document, sample, changes } = parsed.data;
  if (wish.trim() === "" && !url && !document && !sample && !changes)
    throw new AppError("invalid", "Say what to build: an address, a document, a sample reply or a wish.");
  const words =
    wish.trim() === "" ? `Build a module from ${url ?? (document ? "the pasted document" : "the pasted reply")}` : wish;
  return toStarted(await createBuild(viewer, { ...parsed.data, wish: words }, origin));
}

/** How the build ended; null while it goes on. */
export async function findBuildOutcome(viewer: Viewer, buildId: string): Promise<BuildOutcome | null> {
  return (await getBuild(viewer, buildId)).result;
}

function toStarted({ id, conversationId, runId }: BuildRow) {
  return { buildId: id, conversationId, runId };
}

function toInvalidRequest(error: z.ZodError): AppError {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join(".");
  return new AppError(
    "invalid",
    `The build cannot start: ${field ? `${field}: ` : ""}${issue?.message ?? "the request is not valid"}.`,
  );
}
