"use client";

import { useId, useRef, useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import type { PlaceHit } from "@/lib/contracts/open-data";

export interface Spot {
  label: string;
  latitude: number;
  longitude: number;
  timeZone: string | null;
}

/** Finds where a place is: by the name of a town, or by coordinates, which may be as exact as one likes. */
export function PlaceSearch({ spot, onChoose }: { spot: Spot | null; onChoose: (spot: Spot) => void }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [hits, setHits] = useState<PlaceHit[] | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const search = async () => {
    const asked = text.trim();
    setFailure(null);
    const point = readCoordinates(asked);
    if (point) {
      setHits(null);
      onChoose({ label: `${point.latitude}, ${point.longitude}`, ...point, timeZone: null });
      return;
    }
    if (asked.length < 2) {
      setFailure("Write at least two letters of a town, or coordinates such as 45.42, -75.69.");
      return;
    }
    setBusy(true);
    try {
      const { places } = await sendJson<{ places: PlaceHit[] }>(
        "GET",
        `/api/places/search?q=${encodeURIComponent(asked)}`,
      );
      setHits(places);
    } catch (error) {
      setFailure(describeFailure(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={id}>Where it is</Label>
      <div className="flex gap-2">
        <Input
          id={id}
          ref={field}
          autoComplete="off"
          placeholder="A town, or 45.42, -75.69"
          value={text}
          aria-describedby={`${id}-help`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            // Looks; the form around it is sent by its own button.
            event.preventDefault();
            void search();
          }}
        />
        <Button variant="outline" disabled={isBusy} onClick={() => void search()}>
          {isBusy ? "Looking…" : "Look up"}
        </Button>
      </div>
      <p id={`${id}-help`} className="text-muted-foreground text-xs">
        Open-Meteo is told what you look up here, and nothing about you. Coordinates are told to nobody until you ask
        for weather or a way.
      </p>
      <FailureNote text={failure} />
      <div role="status">
        {hits?.length === 0 && <p className="text-sm">No town of this name was found. You can enter coordinates.</p>}
        {hits !== null && hits.length > 0 && <p className="sr-only">{hits.length} places found</p>}
      </div>
      {hits !== null && hits.length > 0 && (
        <HitList
          hits={hits}
          onChoose={(chosen) => {
            onChoose(chosen);
            setHits(null);
            // The list goes, and with it what had the focus.
            field.current?.focus();
          }}
        />
      )}
      {spot && (
        <p className="text-sm">
          Chosen: <strong className="font-medium">{spot.label}</strong>{" "}
          <span className="text-muted-foreground">
            ({spot.latitude.toFixed(4)}, {spot.longitude.toFixed(4)})
          </span>
        </p>
      )}
    </div>
  );
}

function HitList({ hits, onChoose }: { hits: readonly PlaceHit[]; onChoose: (spot: Spot) => void }) {
  return (
    <ul aria-label="Places found" className="divide-y rounded-md border">
      {hits.map(({ name, region, latitude, longitude, timeZone = null }) => {
        const label = region ? `${name}, ${region}` : name;
        return (
          <li key={`${latitude},${longitude}`}>
            <button
              type="button"
              className="w-full cursor-pointer px-3 py-2 text-left text-sm outline-none hover:bg-muted focus-visible:ring-2 focus-visible:ring-ring"
              onClick={() => onChoose({ label, latitude, longitude, timeZone })}
            >
              {label}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** "45.42, -75.69", "45.42 -75.69"; null for anything else. */
export function readCoordinates(text: string): { latitude: number; longitude: number } | null {
  const match = /^(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)$/.exec(text.trim());
  if (!match) return null;
  const [latitude, longitude] = [Number(match[1]), Number(match[2])];
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : null;
}
