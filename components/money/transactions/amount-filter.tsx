"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import type { TransactionFilter } from "@/lib/contracts/finance";
import { formatMinor } from "@/lib/contracts/money";
import { parseAmount, writeAmount } from "../parse-amount";
import { Popover, PopoverContent, PopoverTrigger } from "../popover";
import { Chip, ChipText, chipButton } from "./chip-menu";

type Change = Pick<TransactionFilter, "minMinor" | "maxMinor" | "currency">;

interface Props {
  filter: TransactionFilter;
  currencies: readonly string[];
  locale: string;
  onChoose: (change: Change) => void;
}

/** Bounds of the amount, whether it came or went. An amount is of a currency, so it brings one along. */
export function AmountFilter({ filter, currencies, locale, onChoose }: Props) {
  const { minMinor, maxMinor } = filter;
  const [isOpen, setOpen] = useState(false);
  const currency = filter.currency ?? currencies[0] ?? "USD";
  const label = describe(minMinor, maxMinor, (minor) => formatMinor(minor, currency, locale));
  return (
    <Chip
      name="Amount"
      label={label}
      onClear={() => onChoose({ minMinor: undefined, maxMinor: undefined, currency: filter.currency })}
    >
      <Popover open={isOpen} onOpenChange={setOpen}>
        <PopoverTrigger className={chipButton}>
          <ChipText name="Amount" label={label} />
        </PopoverTrigger>
        <PopoverContent aria-label="Amount">
          <AmountForm
            {...{ minMinor, maxMinor, currency, currencies }}
            onChoose={(change) => {
              setOpen(false);
              onChoose(change);
            }}
          />
        </PopoverContent>
      </Popover>
    </Chip>
  );
}

interface FormProps {
  minMinor: number | undefined;
  maxMinor: number | undefined;
  currency: string;
  currencies: readonly string[];
  onChoose: (change: Change) => void;
}

function AmountForm({ minMinor, maxMinor, currencies, onChoose, ...first }: FormProps) {
  const [currency, setCurrency] = useState(first.currency);
  const [texts, setTexts] = useState({
    min: minMinor === undefined ? "" : writeAmount(minMinor, first.currency),
    max: maxMinor === undefined ? "" : writeAmount(maxMinor, first.currency),
  });
  const read = (text: string) => (text.trim() === "" ? undefined : parseAmount(text, currency));
  const [min, max] = [read(texts.min), read(texts.max)];
  const isWrong = min === null || max === null;
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWrong) return;
        // With one currency there is nothing to tell apart.
        onChoose({ minMinor: min, maxMinor: max, currency: currencies.length > 1 ? currency : undefined });
      }}
    >
      {(["min", "max"] as const).map((end) => (
        <div key={end} className="grid grid-cols-[4.5rem_minmax(0,1fr)] items-center gap-2">
          <Label htmlFor={`amount-${end}`}>{end === "min" ? "At least" : "At most"}</Label>
          <Input
            id={`amount-${end}`}
            inputMode="decimal"
            autoComplete="off"
            value={texts[end]}
            aria-invalid={read(texts[end]) === null}
            onChange={(event) => setTexts({ ...texts, [end]: event.target.value })}
          />
        </div>
      ))}
      {currencies.length > 1 && (
        <div className="grid grid-cols-[4.5rem_minmax(0,1fr)] items-center gap-2">
          <Label htmlFor="amount-currency">In</Label>
          <select
            id="amount-currency"
            value={currency}
            onChange={(event) => setCurrency(event.target.value)}
            className="h-9 rounded-md border border-control bg-background px-2"
          >
            {currencies.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </div>
      )}
      {isWrong && (
        <p role="alert" className="text-destructive text-xs">
          Write an amount such as 12.50.
        </p>
      )}
      <Button type="submit" size="sm">
        Show these amounts
      </Button>
    </form>
  );
}

function describe(min: number | undefined, max: number | undefined, write: (minor: number) => string): string | null {
  if (min === undefined && max === undefined) return null;
  if (min === undefined) return `up to ${write(max ?? 0)}`;
  return max === undefined ? `from ${write(min)}` : `${write(min)} – ${write(max)}`;
}
