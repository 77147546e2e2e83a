"use client";

import { CircleCheck, CircleX } from "lucide-react";
import { useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { isVaultLocked, LockedNote } from "@/components/layout/locked-note";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import type { ModelChoice, ModelProvider, ModelRole, ModelSettingsView, ModelTestResult } from "@/lib/contracts/model";
import type { VaultState } from "@/lib/contracts/vault";
import { type FactName, type FactProblems, parseTexts, toTexts } from "./fact-fields";
import { focusProblem, ModelFacts } from "./model-facts";
import { ProviderKey } from "./provider-key";

const roleWords: Record<ModelRole, { title: string; description: string }> = {
  assistant: { title: "Assistant", description: "Talks with you and calls tools." },
  builder: { title: "Builder", description: "Writes and repairs modules. A stronger model pays off here." },
};

/** Which model does which work, and the keys of the providers. */
export function ModelSettings({ settings, vault }: { settings: ModelSettingsView; vault: VaultState }) {
  return (
    <>
      <section aria-labelledby="roles-title" className="mt-8">
        <h2 id="roles-title" className="font-medium">
          Models
        </h2>
        <p className="mt-1 max-w-prose text-muted-foreground text-sm">
          The built-in planner needs no key and no network. It is not a language model: it understands a fixed set of
          requests and says so when it does not.
        </p>
        <div className="mt-4 flex flex-col gap-4">
          {(Object.keys(roleWords) as ModelRole[]).map((role) => (
            <RoleForm key={`${role} ${JSON.stringify(settings.roles[role])}`} role={role} settings={settings} />
          ))}
        </div>
      </section>
      <section aria-labelledby="keys-title" className="mt-10">
        <h2 id="keys-title" className="font-medium">
          Keys
        </h2>
        <p className="mt-1 text-muted-foreground text-sm">Sealed at rest and never shown again.</p>
        <LockedNote state={vault} canRemove />
        <ul className="mt-4 divide-y rounded-lg border">
          {settings.providers
            .filter((provider) => provider.provider !== "planner")
            .map((provider) => (
              <ProviderKey key={provider.provider} provider={provider} isLocked={isVaultLocked(vault)} />
            ))}
        </ul>
      </section>
    </>
  );
}

type Named = Pick<ModelChoice, "provider" | "model" | "baseUrl">;

function RoleForm({ role, settings }: { role: ModelRole; settings: ModelSettingsView }) {
  const saved = settings.roles[role];
  const [named, setNamed] = useState<Named>({ provider: saved.provider, model: saved.model, baseUrl: saved.baseUrl });
  const [texts, setTexts] = useState(() => toTexts(saved));
  const [problems, setProblems] = useState<FactProblems>({});
  const { run, isBusy, failure } = useAction();
  const [outcome, setOutcome] = useState<ModelTestResult | "testing" | null>(null);
  const provider = settings.providers.find((candidate) => candidate.provider === named.provider);
  const change = (part: Partial<Named>) => {
    setOutcome(null);
    setNamed((before) => ({ ...before, ...part }));
  };
  const changeFact = (name: FactName, text: string) => {
    setOutcome(null);
    setTexts((before) => ({ ...before, [name]: text }));
    setProblems(({ [name]: _gone, ...others }) => others);
  };
  /** Null when something in the fields is wrong, which is then said there. */
  const readChoice = (): ModelChoice | null => {
    if (named.provider === "planner") return { provider: "planner", model: "" };
    const parsed = parseTexts(texts);
    setProblems(parsed.ok ? {} : parsed.problems);
    if (!parsed.ok) {
      focusProblem(role, parsed.problems);
      return null;
    }
    const choice = { provider: named.provider, model: named.model.trim(), ...parsed.facts };
    return named.provider === "openai-compatible" ? { ...choice, baseUrl: named.baseUrl } : choice;
  };
  const save = async () => {
    const choice = readChoice();
    if (choice) await run(() => sendJson("PUT", "/api/settings/models", { role, choice }));
  };
  const test = async () => {
    const choice = readChoice();
    if (!choice) return;
    setOutcome("testing");
    try {
      setOutcome(await sendJson<ModelTestResult>("POST", "/api/settings/models/test", choice));
    } catch (error) {
      setOutcome({ ok: false, latencyMs: 0, message: describeFailure(error) });
    }
  };
  return (
    <form
      className="rounded-lg border bg-card p-5"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <h3 className="font-medium text-sm">{roleWords[role].title}</h3>
      <p className="text-muted-foreground text-sm">
        {roleWords[role].description} {saved.source === "environment" && "Chosen by the environment."}
      </p>
      <NamedFields role={role} named={named} providers={settings.providers} onChange={change} />
      {named.provider !== "planner" && <ModelFacts id={role} texts={texts} problems={problems} onChange={changeFact} />}
      {provider?.needsKey && !provider.hasKey && (
        <p className="mt-3 text-sm text-warning">{provider.title} needs a key: set it below first.</p>
      )}
      <div className="mt-4 flex flex-wrap items-center gap-3">
        <Button type="submit" disabled={isBusy}>
          {isBusy ? "Saving…" : "Save"}
        </Button>
        <Button type="button" variant="outline" disabled={outcome === "testing"} onClick={() => void test()}>
          {outcome === "testing" ? "Testing…" : "Test"}
        </Button>
        <Outcome outcome={outcome} failure={failure} />
      </div>
    </form>
  );
}

interface NamedProps {
  role: ModelRole;
  named: Named;
  providers: ModelSettingsView["providers"];
  onChange: (part: Partial<Named>) => void;
}

/** Which model: whose it is, what it is called there, and where it answers. */
function NamedFields({ role, named, providers, onChange }: NamedProps) {
  return (
    <div className="mt-4 grid gap-4 sm:grid-cols-2">
      <div className="flex flex-col gap-1.5">
        <Label htmlFor={`${role}-provider`}>Provider</Label>
        <select
          id={`${role}-provider`}
          className="h-9 rounded-md border bg-background px-3 text-sm outline-none focus-visible:ring-2 focus-visible:ring-ring"
          value={named.provider}
          onChange={(event) => onChange({ provider: event.target.value as ModelProvider })}
        >
          {providers.map((candidate) => (
            <option key={candidate.provider} value={candidate.provider}>
              {candidate.title}
            </option>
          ))}
        </select>
      </div>
      {named.provider !== "planner" && (
        <div className="flex flex-col gap-1.5">
          <Label htmlFor={`${role}-model`}>Model</Label>
          <Input
            id={`${role}-model`}
            required
            value={named.model}
            placeholder="The provider’s name of it"
            onChange={(event) => onChange({ model: event.target.value })}
          />
        </div>
      )}
      {named.provider === "openai-compatible" && (
        <div className="flex flex-col gap-1.5 sm:col-span-2">
          <Label htmlFor={`${role}-base-url`}>Base URL</Label>
          <Input
            id={`${role}-base-url`}
            type="url"
            required
            value={named.baseUrl ?? ""}
            placeholder="http://127.0.0.1:11434/v1"
            onChange={(event) => onChange({ baseUrl: event.target.value })}
          />
        </div>
      )}
    </div>
  );
}

function Outcome({ outcome, failure }: { outcome: ModelTestResult | "testing" | null; failure: string | null }) {
  if (failure)
    return (
      <p role="alert" className="text-destructive text-sm">
        {failure}
      </p>
    );
  if (outcome === null || outcome === "testing") return <p role="status" className="sr-only" />;
  const Icon = outcome.ok ? CircleCheck : CircleX;
  return (
    <p role="status" className={`flex items-start gap-1.5 text-sm ${outcome.ok ? "text-primary" : "text-destructive"}`}>
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>
        {outcome.message} {outcome.ok && <span className="tabular-nums">({Math.round(outcome.latencyMs)} ms)</span>}
      </span>
    </p>
  );
}
