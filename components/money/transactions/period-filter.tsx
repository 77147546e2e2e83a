"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import type { TransactionFilter } from "@/lib/contracts/finance";
import { formatDay } from "../money-text";
import { Popover, PopoverContent, PopoverTrigger } from "../popover";
import { Chip, ChipText, chipButton } from "./chip-menu";

/** A period with a name, and the days that it means today. */
export interface Preset {
  label: string;
  from: string;
  to: string;
}

interface Props {
  filter: TransactionFilter;
  presets: readonly Preset[];
  locale: string;
  onChoose: (change: Pick<TransactionFilter, "from" | "to">) => void;
}

/** Days: by name, or any two. */
export function PeriodFilter({ filter: { from, to }, presets, locale, onChoose }: Props) {
  const [isOpen, setOpen] = useState(false);
  const choose = (change: Pick<TransactionFilter, "from" | "to">) => {
    setOpen(false);
    onChoose(change);
  };
  const label = describe({ from, to, presets, locale });
  return (
    <Chip name="Period" label={label} onClear={() => onChoose({ from: undefined, to: undefined })}>
      <Popover open={isOpen} onOpenChange={setOpen}>
        <PopoverTrigger className={chipButton}>
          <ChipText name="Period" label={label} />
        </PopoverTrigger>
        <PopoverContent aria-label="Period">
          <ul className="flex flex-wrap gap-1">
            {presets.map((preset) => (
              <li key={preset.label}>
                <Button
                  variant="outline"
                  size="sm"
                  aria-pressed={preset.from === from && preset.to === to}
                  onClick={() => choose({ from: preset.from, to: preset.to })}
                  className="aria-pressed:border-foreground/40 aria-pressed:bg-muted"
                >
                  {preset.label}
                </Button>
              </li>
            ))}
          </ul>
          <DayForm from={from} to={to} onChoose={choose} />
        </PopoverContent>
      </Popover>
    </Chip>
  );
}

interface FormProps {
  from: string | undefined;
  to: string | undefined;
  onChoose: Props["onChoose"];
}

function DayForm({ from = "", to = "", onChoose }: FormProps) {
  const [days, setDays] = useState({ from, to });
  const isTurned = days.from !== "" && days.to !== "" && days.to < days.from;
  return (
    <form
      className="mt-3 flex flex-col gap-2 border-t pt-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isTurned) onChoose({ from: days.from || undefined, to: days.to || undefined });
      }}
    >
      {(["from", "to"] as const).map((end) => (
        <div key={end} className="grid grid-cols-[3rem_minmax(0,1fr)] items-center gap-2">
          <Label htmlFor={`period-${end}`}>{end === "from" ? "From" : "To"}</Label>
          <Input
            id={`period-${end}`}
            type="date"
            value={days[end]}
            aria-invalid={isTurned}
            onChange={(event) => setDays({ ...days, [end]: event.target.value })}
          />
        </div>
      ))}
      {isTurned && (
        <p role="alert" className="text-destructive text-xs">
          The last day is before the first.
        </p>
      )}
      <Button type="submit" size="sm">
        Show these days
      </Button>
    </form>
  );
}

interface Described extends Omit<Props, "filter" | "onChoose"> {
  from: string | undefined;
  to: string | undefined;
}

function describe({ from, to, presets, locale }: Described): string | null {
  if (from === undefined && to === undefined) return null;
  const preset = presets.find((one) => one.from === from && one.to === to);
  if (preset) return preset.label;
  if (from === undefined) return `until ${formatDay(to ?? "", locale)}`;
  if (to === undefined) return `since ${formatDay(from, locale)}`;
  return from === to ? formatDay(from, locale) : `${formatDay(from, locale)} – ${formatDay(to, locale)}`;
}
