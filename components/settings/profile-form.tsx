"use client";

import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import { isTimeZone } from "@/lib/contracts/calendar";
import type { Profile } from "@/lib/contracts/profile";
import { SaveBar } from "./save-bar";
import { useBrowserZone } from "./zone-offer";

const transports = [
  { value: "driving", label: "By car" },
  { value: "cycling", label: "By bicycle" },
  { value: "walking", label: "On foot" },
] as const;

interface Props {
  profile: Profile;
  /** What holds while none is chosen: the zone of the machine. */
  machineZone: string;
}

/** What a person says of themselves once, so that days, amounts and ways are theirs. */
export function ProfileForm({ profile, machineZone }: Props) {
  const [form, setForm] = useState({ ...profile, timeZone: profile.timeZone ?? "" });
  const [problems, setProblems] = useState<{ timeZone?: string; currency?: string }>({});
  const [isSaved, setSaved] = useState(false);
  const { run, isBusy, failure } = useAction();
  const change = (part: Partial<typeof form>) => {
    setForm((before) => ({ ...before, ...part }));
    setSaved(false);
    setProblems({});
  };
  const save = async () => {
    const timeZone = form.timeZone.trim();
    const currency = form.currency.trim().toUpperCase();
    const found = {
      ...(timeZone !== "" && !isTimeZone(timeZone)
        ? { timeZone: "There is no such time zone. One is Europe/Berlin." }
        : {}),
      ...(/^[A-Z]{3}$/.test(currency) ? {} : { currency: "Three letters, such as CAD or EUR." }),
    };
    setProblems(found);
    if (found.timeZone || found.currency) {
      document.getElementById(found.timeZone ? "profile-zone" : "profile-currency")?.focus();
      return;
    }
    const body = { timeZone: timeZone === "" ? null : timeZone, currency, transport: form.transport };
    setSaved(await run(() => sendJson("PUT", "/api/settings/profile", body)));
  };
  return (
    <form
      className="mt-6 flex flex-col gap-5 rounded-lg border bg-card p-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="grid gap-5 sm:grid-cols-2">
        <ZoneField
          value={form.timeZone}
          machineZone={machineZone}
          problem={problems.timeZone}
          onChange={(timeZone) => change({ timeZone })}
        />
        <Field
          id="profile-currency"
          label="Currency"
          problem={problems.currency}
          help="For files that do not say which one they are in."
        >
          <Input
            id="profile-currency"
            autoComplete="off"
            maxLength={3}
            className="uppercase"
            value={form.currency}
            aria-invalid={problems.currency !== undefined}
            aria-describedby="profile-currency-help"
            onChange={(event) => change({ currency: event.target.value })}
          />
        </Field>
      </div>
      <TransportField value={form.transport} onChange={(transport) => change({ transport })} />
      <SaveBar isBusy={isBusy} isSaved={isSaved} failure={failure} />
    </form>
  );
}

interface ZoneProps {
  value: string;
  machineZone: string;
  problem: string | undefined;
  onChange: (zone: string) => void;
}

function ZoneField({ value, machineZone, problem, onChange }: ZoneProps) {
  const browserZone = useBrowserZone();
  const help = `Left empty: ${machineZone}, the zone of the machine Burgeon runs on.`;
  return (
    <Field id="profile-zone" label="Time zone" problem={problem} help={help}>
      <Input
        id="profile-zone"
        list="profile-zones"
        autoComplete="off"
        placeholder={machineZone}
        value={value}
        aria-invalid={problem !== undefined}
        aria-describedby="profile-zone-help"
        onChange={(event) => onChange(event.target.value)}
      />
      {browserZone !== null && (
        <datalist id="profile-zones">
          {listZones().map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
      )}
      {browserZone !== null && browserZone !== value && (
        <Button variant="outline" size="sm" className="self-start" onClick={() => onChange(browserZone)}>
          Use {browserZone}, as this browser does
        </Button>
      )}
    </Field>
  );
}

type Transport = Profile["transport"];

function TransportField({ value: chosen, onChange }: { value: Transport; onChange: (transport: Transport) => void }) {
  return (
    <fieldset>
      <legend className="font-medium text-sm">How you usually go</legend>
      <div className="mt-2 flex flex-wrap gap-x-6 gap-y-2">
        {transports.map(({ value, label }) => (
          <label key={value} className="flex items-center gap-2 text-sm">
            <input
              type="radio"
              name="transport"
              className="size-4 accent-primary"
              checked={chosen === value}
              onChange={() => onChange(value)}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface FieldProps {
  id: string;
  label: string;
  help: string;
  problem: string | undefined;
  children: React.ReactNode;
}

function Field({ id, label, help, problem, children }: FieldProps) {
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      {children}
      <p id={`${id}-help`} className="text-muted-foreground text-xs">
        {problem ? (
          <span role="alert" className="text-destructive">
            {problem}
          </span>
        ) : (
          help
        )}
      </p>
    </div>
  );
}

/** Browsers of before 2022 know none; the field takes any name all the same. */
function listZones(): string[] {
  return typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
}
