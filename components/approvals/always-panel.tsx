"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { describeNarrowing, nameTool } from "./describe-grant";

interface Props {
  tool: string;
  grantable: { argument: string; label: string; value: string }[];
  isBusy: boolean;
  onAllow: (only: string[]) => void;
}

/** How far "always" goes: at first to exactly these values, and wider by every box that is cleared. */
export function AlwaysPanel({ tool, grantable, isBusy, onAllow }: Props) {
  const [only, setOnly] = useState(() => grantable.map(({ argument }) => argument));
  const kept = grantable.filter(({ argument }) => only.includes(argument));
  return (
    <div className="rounded-md border bg-background p-3 text-sm">
      {grantable.length > 0 && (
        <fieldset className="flex flex-col gap-1.5">
          <legend className="mb-1.5 font-medium">Without asking</legend>
          {grantable.map(({ argument, label, value }) => (
            <label key={argument} className="flex items-start gap-2">
              <input
                type="checkbox"
                className="mt-0.5 size-4 shrink-0 accent-primary"
                checked={only.includes(argument)}
                onChange={(event) =>
                  setOnly((before) =>
                    event.target.checked ? [...before, argument] : before.filter((other) => other !== argument),
                  )
                }
              />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                only when {label} is <strong className="font-medium">{value === "" ? "empty" : value}</strong>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <p className="mt-3 text-muted-foreground [overflow-wrap:anywhere]">
        From now on Burgeon runs “{nameTool(tool)}” without asking you, {kept.length > 0 && "but "}
        {describeNarrowing(kept)}. After reading text from outside it asks all the same. You can take this back on
        Approvals.
      </p>
      <Button
        size="sm"
        className="mt-3"
        disabled={isBusy}
        onClick={() => onAllow(kept.map(({ argument }) => argument))}
      >
        Allow always
      </Button>
    </div>
  );
}
