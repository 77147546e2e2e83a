"use client";

import { useState } from "react";
import { DayMeters } from "@/components/activity/day-meters";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { type Budget, type DayUsage, defaultBudget } from "@/lib/contracts/run";
import { type FieldName, type LimitForm, limitFields, parseForm, toForm } from "./limit-fields";
import { SaveBar } from "./save-bar";

interface Props {
  budget: Budget;
  today: DayUsage;
}

/** How much one run and one day may use. What reaches a limit ends and says which; nothing is lost. */
export function LimitSettings({ budget, today }: Props) {
  const [form, setForm] = useState(() => toForm(budget));
  const [problems, setProblems] = useState<Partial<Record<FieldName, string>>>({});
  const [isSaved, setSaved] = useState(false);
  const { run, isBusy, failure } = useAction();
  const change = (part: Partial<LimitForm>) => {
    setForm((before) => ({ ...before, ...part }));
    setSaved(false);
  };
  const save = async () => {
    const parsed = parseForm(form);
    setProblems(parsed.ok ? {} : parsed.problems);
    if (!parsed.ok) {
      const first = limitFields.find(({ name }) => parsed.problems[name]);
      if (first) document.getElementById(idOf(first.name))?.focus();
      return;
    }
    setSaved(await run(() => sendJson("PUT", "/api/settings/budget", parsed.budget)));
  };
  const fields = (group: "run" | "day") => (
    <Fields
      group={group}
      form={form}
      problems={problems}
      onChange={(name, text) => {
        change({ [name]: text });
        setProblems(({ [name]: _gone, ...others }) => others);
      }}
    />
  );
  return (
    <form
      className="mt-8 flex flex-col gap-6"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p className="max-w-prose text-muted-foreground text-sm">
        What reaches one of these ends there and says which one it was. They hold from the next step on, for runs at
        work too.
      </p>
      <fieldset className="rounded-lg border bg-card p-5">
        <legend className="float-left mb-4 w-full font-medium">One run</legend>
        <div className="clear-both grid gap-4 sm:grid-cols-2">{fields("run")}</div>
      </fieldset>
      <fieldset className="rounded-lg border bg-card p-5">
        <legend className="float-left mb-4 w-full font-medium">One day</legend>
        <div className="clear-both grid gap-x-8 gap-y-6 sm:grid-cols-2">
          <div className="flex flex-col gap-4">{fields("day")}</div>
          <div>
            <p className="mb-3 text-muted-foreground text-sm">Used today (UTC)</p>
            <DayMeters today={today} limits={budget.day} />
          </div>
        </div>
      </fieldset>
      <SaveBar isBusy={isBusy} isSaved={isSaved} failure={failure}>
        <Button
          variant="outline"
          onClick={() => {
            change(toForm(defaultBudget));
            setProblems({});
          }}
        >
          Back to defaults
        </Button>
      </SaveBar>
    </form>
  );
}

interface FieldsProps {
  group: "run" | "day";
  form: LimitForm;
  problems: Partial<Record<FieldName, string>>;
  onChange: (name: FieldName, text: string) => void;
}

function Fields({ group, form, problems, onChange }: FieldsProps) {
  return limitFields
    .filter((one) => one.group === group)
    .map(({ name, label, unit }) => {
      const problem = problems[name];
      return (
        <div key={name} className="flex flex-col gap-1.5">
          <Label htmlFor={idOf(name)}>
            {label}
            {unit === "$" && <span className="text-muted-foreground"> ($)</span>}
          </Label>
          <Input
            id={idOf(name)}
            inputMode="decimal"
            autoComplete="off"
            value={form[name]}
            aria-invalid={problem !== undefined}
            aria-describedby={problem ? `${idOf(name)}-problem` : undefined}
            onChange={(event) => onChange(name, event.target.value)}
          />
          {problem && (
            <p id={`${idOf(name)}-problem`} role="alert" className="text-destructive text-sm">
              {problem}
            </p>
          )}
        </div>
      );
    });
}

function idOf(name: FieldName): string {
  return `limit-${name.replace(".", "-")}`;
}
