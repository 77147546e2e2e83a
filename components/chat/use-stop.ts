"use client";

import { useEffect, useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";

/** Stops these runs, by the button or with Esc anywhere on the page outside of a dialog. */
export function useStop(runIds: readonly string[]) {
  const [asked, setAsked] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const open = runIds.filter((runId) => !asked.includes(runId));
  const stop = async () => {
    setFailure(null);
    setAsked((before) => [...before, ...open]);
    try {
      await Promise.all(open.map((runId) => sendJson("POST", `/api/runs/${runId}/stop`)));
    } catch (error) {
      setAsked((before) => before.filter((runId) => !open.includes(runId)));
      setFailure(describeFailure(error));
    }
  };
  const canStop = open.length > 0;
  useEffect(() => {
    if (!canStop) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (event.target instanceof HTMLElement && event.target.closest("[role=dialog], [role=menu]")) return;
      void stop();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
  return { stop, isStopping: runIds.length > 0 && !canStop, failure: runIds.length > 0 ? failure : null };
}
