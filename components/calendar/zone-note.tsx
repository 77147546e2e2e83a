"use client";

import { useSyncExternalStore } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import type { Profile } from "@/lib/contracts/profile";
import { isSameZone } from "./clock";

interface Props {
  timeZone: string;
  /** False: the person never chose one, and it is the one of the machine. */
  isChosen: boolean;
  now: number;
}

/** Says whose times these are where they are not those of this browser, and offers to change that. */
export function ZoneNote({ timeZone, isChosen, now }: Props) {
  const { run, isBusy, failure } = useAction();
  const browserZone = useSyncExternalStore(
    () => () => undefined,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => timeZone,
  );
  if (isSameZone(browserZone, timeZone, now)) return null;
  const choose = () =>
    run(async () => {
      const profile = await sendJson<Profile>("GET", "/api/settings/profile");
      await sendJson("PUT", "/api/settings/profile", { ...profile, timeZone: browserZone });
    });
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-muted-foreground text-xs">
      <span>
        Times in <strong className="font-medium text-foreground">{timeZone}</strong>
        {isChosen ? "" : ", the zone of the machine that Burgeon runs on"}; this browser is in {browserZone}.
      </span>
      <button
        type="button"
        disabled={isBusy}
        onClick={() => void choose()}
        className="cursor-pointer rounded text-primary underline underline-offset-4 outline-none focus-visible:ring-2 focus-visible:ring-ring disabled:opacity-50"
      >
        Make {browserZone} mine
      </button>
      {failure && (
        <span role="alert" className="text-destructive">
          {failure}
        </span>
      )}
    </p>
  );
}
