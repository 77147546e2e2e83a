"use client";

import { useMemo } from "react";
import { findRun, foldConversation } from "@/lib/conversation/display";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import type { ToolPart } from "@/lib/conversation/run-view";
import { MomentRow } from "./moment-row";
import { listMoments } from "./run-timeline";

interface Props {
  runId: string;
  events: ConversationEvent[];
  effects: Record<string, string>;
}

/** What happened, from top to bottom, with how long each thing took. */
export function Timeline({ runId, events, effects }: Props) {
  const moments = useMemo(() => listMoments(events), [events]);
  const tools = useMemo(() => listToolParts(events, runId), [events, runId]);
  const beganMs = moments[0] ? Date.parse(moments[0].at) : 0;
  if (moments.length === 0)
    return <p className="my-4 text-muted-foreground text-sm">Nothing has happened in this run yet.</p>;
  return (
    <ol className="my-4 flex flex-col">
      {moments.map((moment) => (
        <MomentRow
          key={moment.key}
          moment={moment}
          sinceMs={Date.parse(moment.at) - beganMs}
          runId={runId}
          part={moment.kind === "tool" ? (tools.get(moment.callId) ?? null) : null}
          effect={moment.kind === "tool" ? (effects[moment.callId] ?? null) : null}
        />
      ))}
    </ol>
  );
}

/** The calls as the chat sees them: the same fold of the same log. */
function listToolParts(events: ConversationEvent[], runId: string): Map<string, ToolPart> {
  const parts = findRun(foldConversation(events), runId)?.parts ?? [];
  return new Map(parts.flatMap((part) => (part.kind === "tool" ? [[part.callId, part] as const] : [])));
}
