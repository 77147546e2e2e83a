"use client";

import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Input } from "@/components/ui/input";
import type { ModelSettingsView } from "@/lib/contracts/model";

interface Props {
  provider: ModelSettingsView["providers"][number];
  /** The vault takes nothing now; what is in it can still be removed. */
  isLocked: boolean;
}

/** One provider's key: set, replace, remove. It travels one way. */
export function ProviderKey({ provider, isLocked }: Props) {
  const { run, isBusy, failure } = useAction();
  const [key, setKey] = useState("");
  const path = `/api/settings/models/${provider.provider}/key`;
  const save = async () => {
    if (await run(() => sendJson("PUT", path, { key }))) setKey("");
  };
  return (
    <li className="px-4 py-3">
      <form
        autoComplete="off"
        className="flex flex-wrap items-center gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="min-w-40 grow">
          <p className="font-medium text-sm">{provider.title}</p>
          <p className="text-muted-foreground text-xs">{describeKey(provider)}</p>
        </div>
        <Input
          type="password"
          autoComplete="off"
          aria-label={`Key for ${provider.title}`}
          placeholder={provider.hasKey ? "Type to replace it" : "Key"}
          className="w-full sm:w-56"
          disabled={isLocked}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <Button type="submit" variant="outline" disabled={isBusy || key.trim() === ""}>
          Save
        </Button>
        {provider.keySource === "settings" && (
          <Button
            type="button"
            variant="ghost"
            disabled={isBusy}
            onClick={() => void run(() => sendJson("DELETE", path))}
          >
            Remove
          </Button>
        )}
      </form>
      <FailureNote text={failure} className="mt-2" />
    </li>
  );
}

function describeKey(provider: ModelSettingsView["providers"][number]): string {
  if (provider.keySource === "settings") return "Key set here";
  if (provider.keySource === "environment") return "Key from the environment";
  return provider.needsKey ? "No key" : "Works without a key; some servers want one";
}
