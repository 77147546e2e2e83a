"use client";

import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import type { ModelChoice } from "@/lib/contracts/model";

interface Props {
  id: string;
  choice: ModelChoice;
  onChange: (part: Partial<ModelChoice>) => void;
}

/** What Burgeon cannot know of a model: how much it takes in at once, and what it costs. */
export function ModelFacts({ id, choice, onChange }: Props) {
  const { contextTokens, price } = choice;
  const setPrice = (part: Partial<NonNullable<ModelChoice["price"]>>) => {
    const next = { input: price?.input ?? 0, output: price?.output ?? 0, ...part };
    onChange({ price: next.input === 0 && next.output === 0 ? undefined : next });
  };
  return (
    <details className="mt-4 text-sm" open={contextTokens !== undefined || price !== undefined}>
      <summary className="cursor-pointer text-muted-foreground">Window and price</summary>
      <p className="mt-2 max-w-prose text-muted-foreground">
        Longer conversations are summarised before they outgrow the window. With a price, Activity shows what a run cost
        and the limits on money hold.
      </p>
      <div className="mt-3 grid gap-4 sm:grid-cols-3">
        <NumberField
          id={`${id}-window`}
          label="Window, tokens"
          placeholder="Not set"
          min={2000}
          step={1}
          value={contextTokens}
          onValue={(value) => onChange({ contextTokens: value })}
        />
        <NumberField
          id={`${id}-price-in`}
          label="$ per million tokens in"
          placeholder="Unknown"
          min={0}
          step="any"
          value={price?.input}
          onValue={(value) => setPrice({ input: value ?? 0 })}
        />
        <NumberField
          id={`${id}-price-out`}
          label="$ per million tokens out"
          placeholder="Unknown"
          min={0}
          step="any"
          value={price?.output}
          onValue={(value) => setPrice({ output: value ?? 0 })}
        />
      </div>
    </details>
  );
}

interface NumberFieldProps {
  id: string;
  label: string;
  placeholder: string;
  min: number;
  step: number | "any";
  value: number | undefined;
  onValue: (value: number | undefined) => void;
}

function NumberField({ id, label, placeholder, min, step, value, onValue }: NumberFieldProps) {
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      <Input
        id={id}
        type="number"
        inputMode="decimal"
        min={min}
        step={step}
        placeholder={placeholder}
        value={value ?? ""}
        onChange={(event) => onValue(event.target.value === "" ? undefined : event.target.valueAsNumber)}
      />
    </div>
  );
}
