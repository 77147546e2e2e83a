"use client";

import { ExternalLink, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import type { EventView } from "@/lib/contracts/calendar";
import { type Clock, describeOwnZone, describeTimes } from "./clock";
import { deleteEvent } from "./save-event";

interface Props {
  event: EventView;
  clock: Clock;
  conflicts: readonly EventView[];
  onClose: () => void;
  onEdit: (event: EventView) => void;
  onDeleted: () => void;
}

/** Everything about an event. What others wrote into it stays plain text. */
export function EventDialog({ event: opened, clock, conflicts, onClose, onEdit, onDeleted }: Props) {
  const [event, setEvent] = useState(opened);
  const [isDeleting, setDeleting] = useState(false);
  const ownZone = describeOwnZone(event, clock);
  const link = event.url && /^https:\/\//i.test(event.url) && URL.canParse(event.url) ? event.url : null;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">{event.title || "Untitled"}</DialogTitle>
          <DialogDescription className="text-foreground">
            {describeTimes(event, clock)}
            {ownZone && <span className="block text-muted-foreground">{ownZone}</span>}
          </DialogDescription>
        </DialogHeader>
        {conflicts.length > 0 && (
          <p className="flex items-start gap-2 text-sm text-warning">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            At the same time as {conflicts.map((other) => `${other.title} (${describeTimes(other, clock)})`).join(", ")}
          </p>
        )}
        <Facts event={event} />
        {event.description && (
          <p className="max-h-60 overflow-y-auto whitespace-pre-wrap border-t pt-3 text-sm [overflow-wrap:anywhere]">
            {event.description}
          </p>
        )}
        {link && (
          <a
            href={link}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="inline-flex w-fit items-center gap-1.5 text-primary text-sm underline underline-offset-4"
          >
            Open it where it comes from <ExternalLink aria-hidden className="size-3.5" />
          </a>
        )}
        {isDeleting ? (
          <DeleteQuestion
            event={event}
            hasMovedOn={event !== opened}
            onCancel={() => setDeleting(false)}
            onDeleted={onDeleted}
            onNewer={setEvent}
          />
        ) : (
          <DialogFooter>
            {event.isWritable ? (
              <>
                <Button variant="outline" onClick={() => setDeleting(true)}>
                  Delete
                </Button>
                <Button onClick={() => onEdit(event)}>Edit</Button>
              </>
            ) : (
              <p className="text-muted-foreground text-sm">
                Burgeon may only read this calendar. You can allow changes on Connections, where its source takes them.
              </p>
            )}
          </DialogFooter>
        )}
      </DialogContent>
    </Dialog>
  );
}

function Facts({ event }: { event: EventView }) {
  const { calendarTitle, alsoIn, location, attendees, organizer, isRecurring, isBusy, status } = event;
  const name = (person: { name?: string; email?: string }) => person.name ?? person.email ?? "Somebody";
  const facts: [string, string][] = [
    ["Calendar", [calendarTitle, ...alsoIn.map((other) => other.calendarTitle)].join(", ")],
    ...(location ? [["Where", location] as [string, string]] : []),
    ...(organizer ? [["Invited by", name(organizer)] as [string, string]] : []),
    ...(attendees.length > 0 ? [["Guests", attendees.map(name).join(", ")] as [string, string]] : []),
    ...(isRecurring ? [["Repeats", "One time of a series"] as [string, string]] : []),
    ...(status === "tentative" ? [["State", "Not certain yet"] as [string, string]] : []),
    ...(isBusy ? [] : [["Time", "Stays free"] as [string, string]]),
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm">
      {facts.map(([label, value]) => (
        <div key={label} className="contents">
          <dt className="text-muted-foreground">{label}</dt>
          <dd className="[overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface DeleteProps {
  event: EventView;
  /** It is shown as it is now, which is not as it was opened. */
  hasMovedOn: boolean;
  onCancel: () => void;
  onDeleted: () => void;
  onNewer: (event: EventView) => void;
}

function DeleteQuestion({ event, hasMovedOn, onCancel, onDeleted, onNewer }: DeleteProps) {
  const { run, isBusy, failure } = useAction();
  const remove = () =>
    run(async () => {
      const outcome = await deleteEvent(event);
      if (outcome.kind === "deleted") onDeleted();
      else onNewer(outcome.now);
    });
  return (
    <section aria-label="Delete" className="rounded-md border border-destructive/40 bg-destructive/8 p-3 text-sm">
      {hasMovedOn && (
        <p role="alert" className="mb-2 font-medium">
          Somebody changed it meanwhile. It was not deleted; above is how it is now.
        </p>
      )}
      <p className="[overflow-wrap:anywhere]">
        Delete it from {event.calendarTitle}, for everybody who sees it there? This cannot be undone here.
        {event.attendees.length > 0 && " Its guests are told."}
        {event.isRecurring && " The other times of its series stay."}
        {event.alsoIn.length > 0 &&
          ` What stands in ${event.alsoIn.map((other) => other.calendarTitle).join(" and ")} stays there.`}
      </p>
      {failure && (
        <p role="alert" className="mt-2 text-destructive">
          {failure}
        </p>
      )}
      <div className="mt-3 flex justify-end gap-2">
        <Button variant="outline" size="sm" onClick={onCancel}>
          Keep it
        </Button>
        <Button variant="destructive" size="sm" disabled={isBusy} autoFocus onClick={() => void remove()}>
          {isBusy ? "Deleting…" : "Delete it"}
        </Button>
      </div>
    </section>
  );
}
