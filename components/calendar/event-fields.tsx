"use client";

import { useId } from "react";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { Textarea } from "@/components/ui/textarea";
import type { CalendarView } from "@/lib/contracts/calendar";
import type { EventDraft } from "./event-draft";

interface Props {
  draft: EventDraft;
  /** The calendar of an event that exists cannot be changed here. */
  isNew: boolean;
  calendars: CalendarView[];
  onChange: (draft: EventDraft) => void;
}

const select =
  "h-9 w-full min-w-0 rounded-md border border-control bg-background px-2 text-base outline-none focus-visible:border-ring focus-visible:ring-2 focus-visible:ring-ring/50 disabled:opacity-50 sm:text-sm";

export function EventFields({ draft, isNew, calendars, onChange }: Props) {
  const id = useId();
  const set = (change: Partial<EventDraft>) => onChange({ ...draft, ...change });
  return (
    <>
      <Field id={`${id}-title`} label="Title">
        <Input
          id={`${id}-title`}
          value={draft.title}
          maxLength={300}
          autoFocus
          autoComplete="off"
          onChange={(event) => set({ title: event.target.value })}
        />
      </Field>
      <label className="flex items-center gap-2 text-sm">
        <input
          type="checkbox"
          className="size-4 accent-primary"
          checked={draft.isWholeDay}
          onChange={(event) => set({ isWholeDay: event.target.checked })}
        />
        Whole day
      </label>
      <div className="grid gap-4 sm:grid-cols-2">
        <Moment
          name="Start"
          day={draft.startDay}
          time={draft.isWholeDay ? null : draft.startTime}
          onDay={(day) => onChange(moveStart(draft, { startDay: day }))}
          onTime={(time) => onChange(moveStart(draft, { startTime: time }))}
        />
        <Moment
          name={draft.isWholeDay ? "Last day" : "End"}
          day={draft.endDay}
          time={draft.isWholeDay ? null : draft.endTime}
          onDay={(day) => set({ endDay: day })}
          onTime={(time) => set({ endTime: time })}
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        {!draft.isWholeDay && (
          <Field id={`${id}-zone`} label="Time zone">
            <select
              id={`${id}-zone`}
              className={select}
              value={draft.timeZone}
              onChange={(event) => set({ timeZone: event.target.value })}
            >
              {zonesWith(draft.timeZone).map((zone) => (
                <option key={zone} value={zone}>
                  {zone.replaceAll("_", " ")}
                </option>
              ))}
            </select>
          </Field>
        )}
        <Field id={`${id}-calendar`} label="Calendar">
          <select
            id={`${id}-calendar`}
            className={select}
            value={draft.calendarId}
            disabled={!isNew}
            onChange={(event) => set({ calendarId: event.target.value })}
          >
            {calendars
              .filter((calendar) => calendar.isWritable || calendar.id === draft.calendarId)
              .map((calendar) => (
                <option key={calendar.id} value={calendar.id}>
                  {calendar.title}
                </option>
              ))}
          </select>
        </Field>
      </div>
      <Field id={`${id}-where`} label="Where">
        <Input
          id={`${id}-where`}
          value={draft.location}
          maxLength={500}
          autoComplete="off"
          onChange={(event) => set({ location: event.target.value })}
        />
      </Field>
      <Field id={`${id}-guests`} label="Guests" about="Email addresses, separated by commas. Each is told.">
        <Input
          id={`${id}-guests`}
          value={draft.guests.replaceAll("\n", ", ")}
          inputMode="email"
          autoComplete="off"
          aria-describedby={`${id}-guests-about`}
          onChange={(event) => set({ guests: event.target.value })}
        />
      </Field>
      <Field id={`${id}-text`} label="Text">
        <Textarea
          id={`${id}-text`}
          rows={3}
          maxLength={8000}
          value={draft.description}
          onChange={(event) => set({ description: event.target.value })}
        />
      </Field>
    </>
  );
}

function Field({
  id,
  label,
  about,
  children,
}: {
  id: string;
  label: string;
  about?: string;
  children: React.ReactNode;
}) {
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      {children}
      {about && (
        <p id={`${id}-about`} className="text-muted-foreground text-xs">
          {about}
        </p>
      )}
    </div>
  );
}

interface MomentProps {
  name: string;
  day: string;
  /** Null: the whole day. */
  time: string | null;
  onDay: (day: string) => void;
  onTime: (time: string) => void;
}

function Moment({ name, day, time, onDay, onTime }: MomentProps) {
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium text-sm leading-none">{name}</legend>
      <div className="flex gap-2">
        <Input
          type="date"
          aria-label={`${name}, day`}
          required
          value={day}
          onChange={(event) => onDay(event.target.value)}
        />
        {time !== null && (
          <Input
            type="time"
            aria-label={`${name}, time`}
            required
            className="w-32 shrink-0"
            value={time}
            onChange={(event) => onTime(event.target.value)}
          />
        )}
      </div>
    </fieldset>
  );
}

/** The end goes along with the start, as long as it was. */
function moveStart(draft: EventDraft, change: Partial<Pick<EventDraft, "startDay" | "startTime">>): EventDraft {
  const moved = { ...draft, ...change };
  const at = (day: string, time: string) => Date.parse(`${day}T${time}:00Z`);
  const shiftMs = at(moved.startDay, moved.startTime) - at(draft.startDay, draft.startTime);
  const end = at(draft.endDay, draft.endTime) + shiftMs;
  if (!Number.isFinite(end)) return moved;
  const text = new Date(end).toISOString();
  return { ...moved, endDay: text.slice(0, 10), endTime: text.slice(11, 16) };
}

let zones: string[] | undefined;

function zonesWith(own: string): string[] {
  zones ??= [...Intl.supportedValuesOf("timeZone"), "UTC"];
  return zones.includes(own) ? zones : [own, ...zones];
}
