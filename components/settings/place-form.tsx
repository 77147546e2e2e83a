"use client";

import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { placeAliases, type PlaceView } from "@/lib/contracts/profile";
import { PlaceSearch, type Spot } from "./place-search";

interface Props {
  /** Null: a new one. */
  place: PlaceView | null;
  places: readonly PlaceView[];
  onDone: () => void;
}

/** One place: what it is called, where it is, and which other words mean it. */
export function PlaceForm({ place, places, onDone }: Props) {
  const [name, setName] = useState(place?.name ?? "");
  const [spot, setSpot] = useState<Spot | null>(place);
  const [label, setLabel] = useState(place?.label ?? "");
  const [aliases, setAliases] = useState(place?.aliases.join(", ") ?? "");
  const [problem, setProblem] = useState<string | null>(null);
  const { run, isBusy, failure } = useAction();
  const free = Object.keys(placeAliases).filter((known) => !places.some((other) => other.name === known));
  const save = async () => {
    const wanted = name.trim().toLowerCase();
    const wrong = findProblem(wanted, spot, places, place);
    setProblem(wrong);
    if (wrong !== null || spot === null) return;
    const body = {
      name: wanted,
      aliases: aliases
        .split(",")
        .map((alias) => alias.trim().toLowerCase())
        .filter(Boolean),
      label: label.trim() || spot.label,
      ...{ latitude: spot.latitude, longitude: spot.longitude, timeZone: spot.timeZone },
    };
    const isDone = await run(async () => {
      await sendJson("PUT", "/api/places", body);
      // The name is what a place is known by: under another one it is another place, and the old one goes.
      if (place && place.name !== wanted) await sendJson("DELETE", `/api/places/${place.id}`);
    });
    if (isDone) onDone();
  };
  return (
    <form
      aria-label={place ? `Edit ${place.name}` : "Add a place"}
      className="flex flex-col gap-5 rounded-lg border bg-card p-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <NameField
        name={name}
        onName={setName}
        suggestions={place ? [] : free}
        onSuggestion={(known) => {
          setName(known);
          if (aliases.trim() === "") setAliases((placeAliases[known] ?? []).join(", "));
        }}
      />
      <PlaceSearch
        spot={spot}
        onChoose={(chosen) => {
          setSpot(chosen);
          setLabel(chosen.label);
        }}
      />
      {spot && (
        <div className="flex flex-col gap-2">
          <Label htmlFor="place-label">Address or note</Label>
          <Input
            id="place-label"
            autoComplete="off"
            maxLength={300}
            value={label}
            onChange={(event) => setLabel(event.target.value)}
          />
          <p className="text-muted-foreground text-xs">
            Events whose place says this, or the name, are known to be here.
          </p>
        </div>
      )}
      <div className="flex flex-col gap-2">
        <Label htmlFor="place-aliases">Other words for it</Label>
        <Input
          id="place-aliases"
          autoComplete="off"
          placeholder="office, company"
          value={aliases}
          onChange={(event) => setAliases(event.target.value)}
        />
      </div>
      {(problem ?? failure) && (
        <p role="alert" className="text-destructive text-sm">
          {problem ?? failure}
        </p>
      )}
      <div className="flex gap-2">
        <Button type="submit" disabled={isBusy}>
          {isBusy ? "Saving…" : "Save place"}
        </Button>
        <Button variant="ghost" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

function findProblem(
  wanted: string,
  spot: Spot | null,
  places: readonly PlaceView[],
  place: PlaceView | null,
): string | null {
  if (wanted === "") return "Say what you call this place.";
  if (places.some((other) => other.name === wanted && other.id !== place?.id))
    return `You have a place called "${wanted}" already. Edit that one.`;
  return spot === null ? "Look up where it is and choose one." : null;
}

interface NameProps {
  name: string;
  onName: (name: string) => void;
  suggestions: readonly string[];
  onSuggestion: (name: string) => void;
}

function NameField({ name, onName, suggestions, onSuggestion }: NameProps) {
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor="place-name">What you call it</Label>
      <Input
        id="place-name"
        autoComplete="off"
        // The form opens because the person asked for it.
        autoFocus
        maxLength={60}
        value={name}
        onChange={(event) => onName(event.target.value)}
      />
      {suggestions.length > 0 && (
        <div className="flex flex-wrap gap-2">
          {suggestions.map((known) => (
            <Button key={known} variant="outline" size="sm" onClick={() => onSuggestion(known)}>
              {known}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}
