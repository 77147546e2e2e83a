"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import type { Done } from "./undo-toast";

/** Work that can be taken back: what was done, what went wrong, and the way back. The page is read again after each. */
export function useUndoable() {
  const router = useRouter();
  const [done, setDone] = useState<Done | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const run = async (work: () => Promise<Done>): Promise<boolean> => {
    setBusy(true);
    setFailure(null);
    try {
      setDone(await work());
      router.refresh();
      return true;
    } catch (cause) {
      setFailure(describeFailure(cause));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const undo = (undoId: string) =>
    run(async () => {
      const { changed } = await sendJson<{ changed: number }>("POST", `/api/money/merges/${undoId}/undo`);
      return {
        message: `Taken back: ${changed === 1 ? "1 transaction is" : `${changed} transactions are`} as before.`,
        undoId: null,
      };
    });
  /** Says what was done elsewhere, as if it had been done here. */
  const tell = (what: Done) => {
    setFailure(null);
    setDone(what);
  };
  return { run, undo, tell, done, isBusy, failure, clear: () => setFailure(null), close: () => setDone(null) };
}
