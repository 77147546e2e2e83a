"use client";

import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import type { ColumnMapping, FileInspection, FileOptions } from "@/lib/contracts/adapter";
import { ColumnFields } from "./column-fields";
import { dateFormats, isReady, needsOf } from "./import-choices";
import { SampleRows } from "./sample-rows";
import { SelectField } from "./select-field";

interface Props {
  file: { name: string };
  inspection: FileInspection;
  options: FileOptions;
  accountNames: readonly string[];
  isBusy: boolean;
  onPreview: (options: FileOptions) => void;
  onCancel: () => void;
}

/** Asks for what the file does not say; everything else is guessed, and can be changed below. */
export function ChoiceForm({ file, inspection, options: first, accountNames, isBusy, onPreview, onCancel }: Props) {
  const [options, setOptions] = useState(first);
  const { formats, columns, sample, mapping: guess } = inspection;
  if (formats.length === 0) return <NoFormat name={file.name} onCancel={onCancel} />;
  const needs = needsOf(inspection, options);
  const mapping = options.mapping ?? guess ?? { date: "", description: "", dateFormat: "" };
  const setMapping = (change: Partial<ColumnMapping>) => setOptions({ ...options, mapping: { ...mapping, ...change } });
  const setFormat = (format: string) => {
    const { mapping: _mapping, ...rest } = options;
    setOptions({ ...rest, format, ...(format === "csv" ? { mapping } : {}) });
  };
  const isTable = options.format === "csv";
  return (
    <form
      aria-label="How the file is read"
      className="flex flex-col gap-5 rounded-lg border bg-card p-5"
      onSubmit={(event) => {
        event.preventDefault();
        onPreview({ ...options, currency: options.currency.trim().toUpperCase() });
      }}
    >
      <h3 className="font-medium [overflow-wrap:anywhere]">{file.name}</h3>
      <AccountField options={options} accountNames={accountNames} onChange={setOptions} isNeeded={needs.accountName} />
      {needs.currency && <CurrencyField options={options} onChange={setOptions} />}
      {isTable && needs.dateFormat && <DateField mapping={mapping} onChange={setMapping} />}
      {isTable && needs.columns && <ColumnFields columns={columns} mapping={mapping} onChange={setMapping} />}
      {sample.length > 0 && <SampleRows columns={columns} sample={sample} />}
      <details className="text-sm">
        <summary className="w-fit cursor-pointer text-muted-foreground hover:text-foreground">
          Change how it is read
        </summary>
        <div className="mt-3 flex flex-col gap-4">
          <SelectField
            label="Format"
            value={options.format}
            choices={formats.map(({ id, title }) => ({ value: id, label: title }))}
            onChange={setFormat}
          />
          {!needs.currency && <CurrencyField options={options} onChange={setOptions} />}
          {isTable && !needs.dateFormat && <DateField mapping={mapping} onChange={setMapping} />}
          {isTable && !needs.columns && <ColumnFields columns={columns} mapping={mapping} onChange={setMapping} />}
        </div>
      </details>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" disabled={isBusy || !isReady(options)}>
          {isBusy ? "Reading…" : "Show what it holds"}
        </Button>
        <Button variant="outline" onClick={onCancel}>
          Another file
        </Button>
      </div>
    </form>
  );
}

interface FieldProps {
  options: FileOptions;
  onChange: (options: FileOptions) => void;
}

function AccountField({
  options,
  accountNames,
  isNeeded,
  onChange,
}: FieldProps & { accountNames: readonly string[]; isNeeded: boolean }) {
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={id}>Account</Label>
      <Input
        id={id}
        value={options.accountName}
        maxLength={100}
        autoComplete="off"
        aria-describedby={`${id}-about`}
        onChange={(event) => onChange({ ...options, accountName: event.target.value })}
        className="max-w-sm"
      />
      {isNeeded && accountNames.length > 0 && (
        <ul aria-label="Accounts that files were given for" className="flex flex-wrap gap-1">
          {accountNames.map((name) => (
            <li key={name}>
              <Button
                variant="outline"
                size="sm"
                aria-pressed={name === options.accountName}
                onClick={() => onChange({ ...options, accountName: name })}
                className="rounded-full aria-pressed:border-foreground/40 aria-pressed:bg-muted"
              >
                {name}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <p id={`${id}-about`} className="text-muted-foreground text-xs">
        {isNeeded
          ? "The file does not say whose transactions these are. Give the same name again to add to the same account."
          : "What the account is called here. The file says itself which account each line is of."}
      </p>
    </div>
  );
}

function CurrencyField({ options, onChange }: FieldProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      <Label htmlFor={id}>Currency</Label>
      <Input
        id={id}
        value={options.currency}
        maxLength={3}
        autoComplete="off"
        aria-describedby={`${id}-about`}
        onChange={(event) => onChange({ ...options, currency: event.target.value })}
        className="w-24 uppercase"
      />
      <p id={`${id}-about`} className="text-muted-foreground text-xs">
        Where the file does not say. Three letters, such as CAD or EUR.
      </p>
    </div>
  );
}

function DateField({
  mapping,
  onChange,
}: {
  mapping: ColumnMapping;
  onChange: (change: Partial<ColumnMapping>) => void;
}) {
  const isKnown = mapping.dateFormat === "" || dateFormats.some(({ value }) => value === mapping.dateFormat);
  const choices = isKnown ? dateFormats : [...dateFormats, { value: mapping.dateFormat, label: mapping.dateFormat }];
  return (
    <SelectField
      label="How dates are written"
      value={mapping.dateFormat}
      choices={choices}
      emptyLabel="Choose"
      onChange={(dateFormat) => onChange({ dateFormat })}
    />
  );
}

function NoFormat({ name, onCancel }: { name: string; onCancel: () => void }) {
  return (
    <div role="alert" className="rounded-lg border bg-card p-5 text-sm">
      <p className="font-medium [overflow-wrap:anywhere]">{name} holds no transactions that Burgeon can read</p>
      <p className="mt-1 text-muted-foreground">
        It is neither a table with a heading nor an OFX or QFX file. Nothing was changed. Ask your bank for one of
        these.
      </p>
      <Button variant="outline" className="mt-4" onClick={onCancel}>
        Another file
      </Button>
    </div>
  );
}
