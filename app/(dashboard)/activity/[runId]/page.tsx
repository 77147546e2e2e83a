import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";
import { RunDetail } from "@/components/activity/run-detail";
import { RunHeader } from "@/components/activity/run-header";
import { requireViewer } from "@/lib/auth/viewer";
import { AppError } from "@/lib/contracts/errors";
import { getRunListItem } from "@/lib/db/activity";
import { listEffects } from "@/lib/db/effects";
import { readRunEvents } from "@/lib/db/events";

interface Props {
  params: Promise<{ runId: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { question } = await findRun((await params).runId);
  return { title: question || "Run" };
}

export default async function RunPage({ params }: Props) {
  const { runId } = await params;
  const viewer = await requireViewer();
  // The row first: a run that looks finished then has all of its events.
  const run = await findRun(runId);
  const [events, effects] = await Promise.all([readRunEvents(viewer, runId), listEffects(viewer, runId)]);
  return (
    <div className="mx-auto w-full max-w-4xl px-4 py-6 sm:px-8 sm:py-10">
      <RunHeader run={run} />
      <RunDetail
        run={run}
        events={events}
        effects={Object.fromEntries(effects.map(({ callId, state }) => [callId, state]))}
      />
    </div>
  );
}

/** Once per request, for the title and for the page. */
const findRun = cache(async (runId: string) => {
  const viewer = await requireViewer();
  try {
    return await getRunListItem(viewer, runId);
  } catch (error) {
    if (error instanceof AppError && error.code === "not-found") notFound();
    throw error;
  }
});
