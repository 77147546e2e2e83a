"use client";

import { useId, useState } from "react";
import { describeFailure } from "@/components/api/send-json";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { FailureNote } from "@/components/ui/failure-note";
import type { CalendarView, EventView } from "@/lib/contracts/calendar";
import { type Clock, describeTimes } from "./clock";
import { ConflictNote } from "./conflict-note";
import { draftOf, type EventDraft, findProblem } from "./event-draft";
import { EventFields } from "./event-fields";
import { changeEvent, createEvent, type Saved } from "./save-event";
import { useDraftConflicts } from "./use-draft-conflicts";

interface Props {
  /** The event that is changed; null for a new one. */
  event: EventView | null;
  initial: EventDraft;
  calendars: CalendarView[];
  clock: Clock;
  onClose: () => void;
  onSaved: () => void;
}

/** Makes or changes an event. What is on at that time is said before it is saved. */
export function EventForm({ event, initial, calendars, clock, onClose, onSaved }: Props) {
  const [draft, setDraft] = useState(initial);
  const [seen, setSeen] = useState(event);
  const [newer, setNewer] = useState<EventView | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [formKey] = useState(newFormKey);
  const conflicts = useDraftConflicts(draft, clock.timeZone, event?.id ?? null);
  const id = useId();
  const save = async (from: EventView | null) => {
    const problem = findProblem(draft);
    setFailure(problem);
    if (problem) return;
    setBusy(true);
    try {
      const saved: Saved = from ? await changeEvent(draft, from, clock.timeZone) : await createEvent(draft, formKey);
      if (saved.kind === "saved") onSaved();
      else setNewer(saved.now);
    } catch (cause) {
      setFailure(describeFailure(cause));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent className="max-w-2xl">
        <DialogHeader>
          <DialogTitle>{event ? "Change the event" : "New event"}</DialogTitle>
          <DialogDescription>
            {event?.isRecurring ? "Only this time of the series changes. " : ""}
            {event && event.attendees.length > 0 ? "Guests are told of changes." : "Guests, if any, get an invitation."}
          </DialogDescription>
        </DialogHeader>
        <form
          id={id}
          className="flex flex-col gap-4"
          onSubmit={(submitted) => {
            submitted.preventDefault();
            void save(seen);
          }}
        >
          <EventFields draft={draft} isNew={!event} calendars={calendars} onChange={setDraft} />
        </form>
        <ConflictNote conflicts={conflicts} clock={clock} />
        {newer && (
          <NewerNote
            newer={newer}
            clock={clock}
            onTake={() => {
              setSeen(newer);
              setDraft(draftOf(newer, clock.timeZone));
              setNewer(null);
            }}
            onKeep={() => {
              // From here on it is a change of what is there now: what the person did not touch stays as others made it.
              setDraft(rebase(draft, seen, newer, clock.timeZone));
              setSeen(newer);
              setNewer(null);
            }}
          />
        )}
        <FailureNote text={failure} />
        <DialogFooter>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={id} disabled={isBusy || newer !== null}>
            {isBusy ? "Saving…" : conflicts && conflicts.length > 0 ? "Save all the same" : "Save"}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

interface NewerProps {
  newer: EventView;
  clock: Clock;
  onTake: () => void;
  onKeep: () => void;
}

function NewerNote({ newer, clock, onTake, onKeep }: NewerProps) {
  return (
    <section role="alert" className="rounded-md border border-warning/40 bg-warning/10 p-3 text-sm">
      <p className="font-medium">Somebody changed it meanwhile. Nothing was saved.</p>
      <p className="mt-1 [overflow-wrap:anywhere]">
        Now it is “{newer.title || "Untitled"}”, {describeTimes(newer, clock)}
        {newer.location && `, ${newer.location}`}.
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button size="sm" variant="outline" autoFocus onClick={onTake}>
          Take the newer values
        </Button>
        <Button size="sm" variant="outline" onClick={onKeep}>
          Keep what I wrote, and look again
        </Button>
      </div>
    </section>
  );
}

/** The newer event with what the person wrote over it. */
function rebase(draft: EventDraft, seen: EventView | null, newer: EventView, personZone: string): EventDraft {
  const now = draftOf(newer, personZone);
  if (!seen) return now;
  const before = draftOf(seen, personZone);
  const times = ["isWholeDay", "startDay", "startTime", "endDay", "endTime", "timeZone"] as const;
  // Times belong together: half of one and half of the other is nobody's.
  const isMoved = times.some((key) => draft[key] !== before[key]);
  const own = Object.entries(draft).filter(([key, value]) =>
    (times as readonly string[]).includes(key) ? isMoved : value !== before[key as keyof EventDraft],
  );
  return { ...now, ...(Object.fromEntries(own) as Partial<EventDraft>) };
}

function newFormKey(): string {
  return `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
}
