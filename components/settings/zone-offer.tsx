"use client";

import { useSyncExternalStore } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";
import type { Profile } from "@/lib/contracts/profile";

/** Offers the browser's time zone to a person who never chose one. Says nothing where both are the same. */
export function ZoneOffer({ profile, usedZone }: { profile: Profile; usedZone: string }) {
  const { run, isBusy, failure } = useAction();
  const zone = useBrowserZone();
  if (profile.timeZone !== null || zone === null || zone === usedZone) return null;
  return (
    <div
      role="note"
      className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border bg-card px-4 py-3 text-sm"
    >
      <p className="min-w-0 grow">
        Your browser is in <strong className="font-medium">{zone}</strong>; Burgeon shows times of {usedZone}.
      </p>
      <Button
        size="sm"
        variant="outline"
        disabled={isBusy}
        onClick={() => void run(() => sendJson("PUT", "/api/settings/profile", { ...profile, timeZone: zone }))}
      >
        Use {zone}
      </Button>
      {failure && (
        <p role="alert" className="w-full text-destructive">
          {failure}
        </p>
      )}
    </div>
  );
}

/** Null while the server prepares the page. */
export function useBrowserZone(): string | null {
  return useSyncExternalStore(
    () => () => undefined,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => null,
  );
}
