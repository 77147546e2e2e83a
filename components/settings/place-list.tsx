"use client";

import { MapPin, Plus } from "lucide-react";
import { useRef, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import type { PlaceView } from "@/lib/contracts/profile";
import { PlaceForm } from "./place-form";

/** The person's own places, with what can be done to each. */
export function PlaceList({ places }: { places: PlaceView[] }) {
  const [open, setOpen] = useState<PlaceView | "new" | null>(null);
  const [gone, setGone] = useState<PlaceView | null>(null);
  const { run, isBusy, failure } = useAction();
  const heading = useRef<HTMLHeadingElement>(null);
  /** The form goes, and with it what had the focus. */
  const close = () => {
    setOpen(null);
    heading.current?.focus();
  };
  const remove = async (place: PlaceView) => {
    if (!(await run(() => sendJson("DELETE", `/api/places/${place.id}`)))) return;
    setGone(place);
    heading.current?.focus();
  };
  const putBack = async ({ id: _id, ...place }: PlaceView) => {
    if (await run(() => sendJson("PUT", "/api/places", place))) setGone(null);
  };
  return (
    <section aria-labelledby="places-title" className="mt-10">
      <div className="flex flex-wrap items-end justify-between gap-3 sm:flex-nowrap">
        <div>
          <h2 id="places-title" ref={heading} tabIndex={-1} className="rounded-sm font-medium">
            Places
          </h2>
          <p className="mt-1 max-w-prose text-muted-foreground text-sm">
            With home, Burgeon knows the weather at your door; with work and others, when to leave. The services for
            weather and ways are told coordinates, and nothing else about you.
          </p>
        </div>
        {open === null && places.length > 0 && (
          <Button variant="outline" size="sm" onClick={() => setOpen("new")}>
            <Plus aria-hidden className="size-4" /> Add a place
          </Button>
        )}
      </div>
      <FailureNote text={failure} className="mt-3" />
      <div role="status">
        {gone && (
          <p className="mt-3 flex flex-wrap items-center gap-3 text-sm">
            {gone.name} was deleted.
            <Button variant="outline" size="sm" disabled={isBusy} onClick={() => void putBack(gone)}>
              Undo
            </Button>
          </p>
        )}
      </div>
      {places.length === 0 && open === null && <NoPlaces onAdd={() => setOpen("new")} />}
      {open === "new" && (
        <div className="mt-4">
          <PlaceForm place={null} places={places} onDone={close} />
        </div>
      )}
      <ul className="mt-4 flex flex-col gap-3">
        {places.map((place) =>
          open !== null && open !== "new" && open.id === place.id ? (
            <li key={place.id}>
              <PlaceForm place={place} places={places} onDone={close} />
            </li>
          ) : (
            <PlaceRow
              key={place.id}
              place={place}
              isBusy={isBusy}
              onEdit={() => setOpen(place)}
              onDelete={() => void remove(place)}
            />
          ),
        )}
      </ul>
    </section>
  );
}

function NoPlaces({ onAdd }: { onAdd: () => void }) {
  return (
    <div className="mt-4 rounded-lg border border-dashed px-6 py-10 text-center">
      <p className="font-medium">No places yet</p>
      <p className="mx-auto mt-2 max-w-md text-muted-foreground text-sm">
        Begin with home: the weather on Today and every way start there.
      </p>
      <Button className="mt-5" onClick={onAdd}>
        Set home
      </Button>
    </div>
  );
}

interface RowProps {
  place: PlaceView;
  isBusy: boolean;
  onEdit: () => void;
  onDelete: () => void;
}

function PlaceRow({ place, isBusy, onEdit, onDelete }: RowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-lg border bg-card px-4 py-3">
      <MapPin aria-hidden className="size-4.5 shrink-0 text-primary" />
      <div className="min-w-0 grow basis-40">
        <p className="break-words font-medium text-[15px]">{place.name}</p>
        <p className="break-words text-muted-foreground text-sm">
          {place.label}
          {place.aliases.length > 0 && <> · also {place.aliases.join(", ")}</>}
        </p>
      </div>
      <div className="flex gap-2">
        <Button variant="outline" size="sm" aria-label={`Edit ${place.name}`} onClick={onEdit}>
          Edit
        </Button>
        <Button variant="outline" size="sm" disabled={isBusy} aria-label={`Delete ${place.name}`} onClick={onDelete}>
          Delete
        </Button>
      </div>
    </li>
  );
}
