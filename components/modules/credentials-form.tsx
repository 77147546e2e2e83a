"use client";

import { KeyRound } from "lucide-react";
import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { isVaultLocked, LockedNote } from "@/components/layout/locked-note";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";
import type { ModuleDetail } from "@/lib/contracts/module";
import type { VaultState } from "@/lib/contracts/vault";
import { moduleApiPath } from "./state-words";

/** Takes keys and sends them to the vault. What is stored is never sent back, so the fields are always empty. */
export function CredentialsForm({ module, vault }: { module: ModuleDetail; vault: VaultState }) {
  const { run, isBusy, failure } = useAction();
  const [values, setValues] = useState<Record<string, string>>({});
  const [isSaved, setSaved] = useState(false);
  const filled = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
  const submit = async () => {
    const done = await run(async () => {
      await sendJson("PUT", `${moduleApiPath(module)}/credentials`, { values: filled });
    });
    if (!done) return;
    setValues({});
    setSaved(true);
  };
  return (
    <section
      id="credentials"
      aria-labelledby="credentials-title"
      className="mt-8 scroll-mt-8 rounded-lg border bg-card p-5"
    >
      <h2 id="credentials-title" className="flex items-center gap-2 font-medium">
        <KeyRound aria-hidden className="size-4" /> Credentials
      </h2>
      <p className="mt-1 text-muted-foreground text-sm">
        Sealed at rest. Burgeon adds them to requests itself; the module’s code cannot read them.
      </p>
      <LockedNote state={vault} />
      <form
        autoComplete="off"
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {module.credentials.map((credential) => (
          <div key={credential.name} className="flex flex-col gap-1.5">
            <Label htmlFor={`credential-${credential.name}`}>{credential.label}</Label>
            <Input
              id={`credential-${credential.name}`}
              type="password"
              autoComplete="off"
              spellCheck={false}
              disabled={isVaultLocked(vault)}
              placeholder={credential.isSet ? "Set. Type to replace it" : "Not set"}
              value={values[credential.name] ?? ""}
              onChange={(event) => {
                setSaved(false);
                setValues((before) => ({ ...before, [credential.name]: event.target.value }));
              }}
            />
            {credential.help && <p className="text-muted-foreground text-xs">{credential.help}</p>}
          </div>
        ))}
        <FailureNote text={failure} />
        <div className="flex items-center gap-3">
          <Button type="submit" disabled={isBusy || Object.keys(filled).length === 0}>
            {isBusy ? "Saving…" : "Save credentials"}
          </Button>
          <p role="status" className="text-muted-foreground text-sm">
            {isSaved && "Saved."}
          </p>
        </div>
      </form>
    </section>
  );
}
