"use client";

import type { ColumnMapping } from "@/lib/contracts/adapter";
import { SelectField } from "./select-field";

interface Props {
  columns: readonly string[];
  mapping: ColumnMapping;
  onChange: (change: Partial<ColumnMapping>) => void;
}

const parts = [
  ["date", "Date"],
  ["description", "Description"],
  ["amount", "Amount, with its sign"],
  ["debit", "Money out"],
  ["credit", "Money in"],
  ["account", "Account number"],
  ["currency", "Currency of each line"],
] as const;

/** Which column is what. An amount is one column with a sign, or two of which one is filled. */
export function ColumnFields({ columns, mapping, onChange }: Props) {
  const choices = columns.map((column) => ({ value: column, label: column }));
  return (
    <fieldset>
      <legend className="mb-3 font-medium text-sm">Which column is what</legend>
      <div className="grid gap-4 sm:grid-cols-2">
        {parts.map(([part, label]) => (
          <SelectField
            key={part}
            label={label}
            value={mapping[part] ?? ""}
            choices={choices}
            emptyLabel="None"
            onChange={(column) =>
              onChange({ [part]: part === "date" || part === "description" ? column : column || undefined })
            }
          />
        ))}
      </div>
      <label className="mt-4 flex items-start gap-2 text-sm">
        <input
          type="checkbox"
          className="mt-0.5 size-4 shrink-0 accent-primary"
          checked={mapping.isSpentPositive ?? false}
          onChange={(event) => onChange({ isSpentPositive: event.target.checked })}
        />
        Money spent is written without a minus
      </label>
    </fieldset>
  );
}
