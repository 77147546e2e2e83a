"use client";

import { useId } from "react";
import { Label } from "@/components/ui/label";

interface Props {
  label: string;
  value: string;
  choices: readonly { value: string; label: string }[];
  /** Offered as no choice. */
  emptyLabel?: string;
  onChange: (value: string) => void;
}

export function SelectField({ label, value, choices, emptyLabel, onChange }: Props) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Label htmlFor={id}>{label}</Label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 w-full max-w-sm rounded-md border border-control bg-background px-2 text-base outline-none focus-visible:ring-2 focus-visible:ring-ring/50 sm:text-sm"
      >
        {emptyLabel !== undefined && <option value="">{emptyLabel}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
