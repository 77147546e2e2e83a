"use client";

import { useState } from "react";
import { printValue } from "@/components/chat/describe-run";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import type { ConversationEvent } from "@/lib/contracts/conversation";
import { ExactTime } from "./exact-time";
import { countOf } from "./run-words";

/** Drawn at once: an answer of an hour has thousands of events. */
const shownAtFirst = 300;

/** The events as they are stored. Everything else on this page is made from them. */
export function RunLog({ events }: { events: ConversationEvent[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? events : events.slice(0, shownAtFirst);
  return (
    <div className="my-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted-foreground text-sm">
          {countOf(events.length, "event")}, as they are stored. Everything else here is made from them.
        </p>
        <span className="flex items-center gap-1 text-muted-foreground text-xs">
          Copy as JSON
          <CopyButton text={JSON.stringify(events, null, 2)} label="Copy the log as JSON" />
        </span>
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
        tabIndex={0}
        aria-label="Events"
        className="mt-3 overflow-x-auto rounded-lg border"
      >
        <table className="w-full text-xs">
          <thead className="bg-muted/60 text-left text-muted-foreground">
            <tr>
              {["No.", "Time", "Type", "Payload"].map((name) => (
                <th key={name} scope="col" className="px-3 py-2 font-medium">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {shown.map((event) => (
              <LogRow key={event.seq} event={event} />
            ))}
          </tbody>
        </table>
      </section>
      {!isWhole && events.length > shownAtFirst && (
        <Button variant="outline" size="sm" className="mt-3" onClick={() => setWhole(true)}>
          Show all {events.length}
        </Button>
      )}
    </div>
  );
}

function LogRow({ event }: { event: ConversationEvent }) {
  const line = JSON.stringify(event.payload);
  return (
    <tr className="align-top">
      <td className="px-3 py-1.5 text-muted-foreground">{event.seq}</td>
      <td className="whitespace-nowrap px-3 py-1.5 text-muted-foreground" title={event.at}>
        <ExactTime at={event.at} withDate={false} />
      </td>
      <td className="whitespace-nowrap px-3 py-1.5 font-medium">{event.type}</td>
      <td className="w-full max-w-0 px-3 py-1.5 font-mono max-sm:min-w-72">
        <details>
          <summary className="cursor-pointer truncate">{line.length > 200 ? `${line.slice(0, 200)}…` : line}</summary>
          <pre className="mt-1 whitespace-pre-wrap leading-5 [overflow-wrap:anywhere]">{printValue(event.payload)}</pre>
        </details>
      </td>
    </tr>
  );
}
