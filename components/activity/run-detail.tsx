"use client";

import { useRouter } from "next/navigation";
import { useEffect, useMemo, useRef, useState } from "react";
import { EventBatch, nextFrame } from "@/components/chat/event-batch";
import { tailConversation } from "@/components/chat/tail";
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import type { RunListItem } from "@/lib/contracts/run";
import { RunLog } from "./run-log";
import { RunReplay } from "./run-replay";
import { listSteps } from "./run-timeline";
import { Timeline } from "./timeline";

interface Props {
  run: RunListItem;
  events: ConversationEvent[];
  /** State in the ledger of effects, by call id. */
  effects: Record<string, string>;
}

/** What happened in a run: as a timeline, as it stood after each step, and as the log has it. */
export function RunDetail({ run, events: initial, effects }: Props) {
  const events = useRunEvents(run, initial);
  const steps = useMemo(() => listSteps(events), [events]);
  return (
    <Tabs defaultValue="timeline" className="mt-8">
      <TabsList>
        <TabsTrigger value="timeline">Timeline</TabsTrigger>
        {steps.length > 0 && <TabsTrigger value="replay">Step by step</TabsTrigger>}
        <TabsTrigger value="log">Log</TabsTrigger>
      </TabsList>
      <TabsContent value="timeline">
        <Timeline runId={run.runId} events={events} effects={effects} />
      </TabsContent>
      {steps.length > 0 && (
        <TabsContent value="replay">
          <RunReplay run={run} events={events} steps={steps} />
        </TabsContent>
      )}
      <TabsContent value="log">
        <RunLog events={events} />
      </TabsContent>
    </Tabs>
  );
}

// What changes the head of the page, which the server prepares.
const tellingTypes: readonly string[] = ["run-claimed", "step-finished", "run-waited", "run-finished"];

/** The run's events; while it is not finished, new ones as they come. */
function useRunEvents(run: RunListItem, initial: ConversationEvent[]): ConversationEvent[] {
  const router = useRouter();
  const [live, setLive] = useState<ConversationEvent[]>([]);
  const known = initial.at(-1)?.seq ?? 0;
  const newest = useRef(known);
  const { runId, conversationId, finishedAt } = run;
  useEffect(() => {
    if (finishedAt !== null) return;
    const batch = new EventBatch(nextFrame, (events) => {
      const ours = events.filter((event) => event.seq > newest.current && event.runId === runId);
      newest.current = Math.max(newest.current, events.at(-1)?.seq ?? 0);
      if (ours.length === 0) return;
      setLive((before) => [...before, ...ours]);
      if (ours.some((event) => tellingTypes.includes(event.type))) router.refresh();
    });
    const stop = tailConversation({
      conversationId,
      lastSeq: () => newest.current,
      onEvent: (event) => batch.add(event),
      onConnection: () => undefined,
    });
    return () => {
      stop();
      batch.close();
    };
  }, [runId, conversationId, finishedAt, router]);
  return useMemo(() => [...initial, ...live.filter((event) => event.seq > known)], [initial, live, known]);
}
