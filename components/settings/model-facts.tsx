"use client";

import { useState } from "react";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { type FactName, type FactProblems, factFields, type FactTexts } from "./fact-fields";

interface Props {
  id: string;
  texts: FactTexts;
  problems: FactProblems;
  onChange: (name: FactName, text: string) => void;
}

/** What Burgeon cannot know of a model: how much it takes in at once, and what it costs. */
export function ModelFacts({ id, texts, problems, onChange }: Props) {
  // Only at first: it must not close under whoever empties a field to write something else.
  const [isOpenAtFirst] = useState(() => Object.values(texts).some((text) => text !== ""));
  return (
    <details className="mt-4 text-sm" open={isOpenAtFirst}>
      <summary className="cursor-pointer text-muted-foreground">Window and price</summary>
      <p className="mt-2 max-w-prose text-muted-foreground">
        Longer conversations are summarised before they outgrow the window. With a price, Activity shows what a run cost
        and the limits on money hold.
      </p>
      <div className="mt-3 grid gap-4 sm:grid-cols-3">
        {factFields.map(({ name, label, placeholder }) => {
          const fieldId = factId(id, name);
          const problem = problems[name];
          return (
            <div key={name} className="flex flex-col gap-1.5">
              <Label htmlFor={fieldId}>{label}</Label>
              <Input
                id={fieldId}
                inputMode="decimal"
                autoComplete="off"
                placeholder={placeholder}
                value={texts[name]}
                aria-invalid={problem !== undefined}
                aria-describedby={problem ? `${fieldId}-problem` : undefined}
                onChange={(event) => onChange(name, event.target.value)}
              />
              {problem && (
                <p id={`${fieldId}-problem`} role="alert" className="text-destructive text-sm">
                  {problem}
                </p>
              )}
            </div>
          );
        })}
      </div>
    </details>
  );
}

/** Leads to the first field that is wrong, also where its part of the form was folded away. */
export function focusProblem(id: string, problems: FactProblems): void {
  const first = factFields.find(({ name }) => problems[name]);
  const field = first && document.getElementById(factId(id, first.name));
  field?.closest("details")?.setAttribute("open", "");
  field?.focus();
}

function factId(id: string, name: FactName): string {
  return `${id}-${name}`;
}
