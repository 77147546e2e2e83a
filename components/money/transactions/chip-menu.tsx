"use client";

import { ChevronDown, X } from "lucide-react";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";

interface Props {
  name: string;
  value: string | undefined;
  choices: readonly { value: string; label: string }[];
  onChoose: (value: string | undefined) => void;
}

/** A filter as a chip: says what it is set to, opens its choices, and can be taken away. */
export function ChipMenu({ name, value, choices, onChoose }: Props) {
  const label = value === undefined ? null : (choices.find((one) => one.value === value)?.label ?? value);
  return (
    <Chip name={name} label={label} onClear={() => onChoose(undefined)}>
      <DropdownMenu>
        <DropdownMenuTrigger className={chipButton}>
          <ChipText name={name} label={label} />
        </DropdownMenuTrigger>
        <DropdownMenuContent align="start" aria-label={name} className="max-h-80 overflow-y-auto">
          <DropdownMenuRadioGroup value={value ?? ""} onValueChange={onChoose}>
            {choices.map((choice) => (
              <DropdownMenuRadioItem key={choice.value} value={choice.value}>
                {choice.label}
              </DropdownMenuRadioItem>
            ))}
          </DropdownMenuRadioGroup>
        </DropdownMenuContent>
      </DropdownMenu>
    </Chip>
  );
}

export const chipButton =
  "inline-flex min-w-0 cursor-pointer items-center gap-1 rounded-full py-1 pr-2 pl-3 text-[13px] outline-none hover:bg-muted focus-visible:ring-2 focus-visible:ring-ring";

export function ChipText({ name, label }: { name: string; label: string | null }) {
  return (
    <>
      <span className="max-w-60 truncate">{label === null ? name : `${name}: ${label}`}</span>
      {label === null && <ChevronDown aria-hidden className="size-3.5 text-muted-foreground" />}
    </>
  );
}

interface ChipProps {
  name: string;
  /** What it is set to; null when it is not. */
  label: string | null;
  onClear: () => void;
  children: ReactNode;
}

/** The frame of a chip. */
export function Chip({ name, label, onClear, children }: ChipProps) {
  const isOn = label !== null;
  return (
    <span
      className={cn(
        "inline-flex max-w-full items-center rounded-full border",
        isOn && "border-foreground/40 bg-muted font-medium",
      )}
    >
      {children}
      {isOn && (
        <button
          type="button"
          aria-label={`Remove filter ${name}: ${label}`}
          onClick={onClear}
          className="mr-1 inline-flex size-6 shrink-0 cursor-pointer items-center justify-center rounded-full text-muted-foreground outline-none hover:bg-border hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </span>
  );
}
