"use client";

import { RefreshCw } from "lucide-react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { FailureNote } from "@/components/ui/failure-note";

interface Props {
  connectionId: string;
  /** Of the connection: all its balances are read. */
  title: string;
  accountName: string;
}

/** Asks the bank itself for the balances. It takes seconds, so it says that it is at it. */
export function RefreshBalances({ connectionId, title, accountName }: Props) {
  const { run, isBusy, failure } = useAction();
  return (
    <>
      <button
        type="button"
        disabled={isBusy}
        aria-label={`Ask the bank now: ${accountName}`}
        title={`Asks ${title} for the balances of this moment`}
        onClick={() => void run(() => sendJson("POST", `/api/connections/${connectionId}/balances`))}
        className="inline-flex cursor-pointer items-center gap-1 rounded-sm text-foreground underline underline-offset-4 outline-none focus-visible:ring-2 focus-visible:ring-ring disabled:cursor-default disabled:no-underline disabled:opacity-70"
      >
        <RefreshCw aria-hidden className={`size-3 ${isBusy ? "animate-spin" : ""}`} />
        {isBusy ? "Asking the bank…" : "Ask the bank now"}
      </button>
      <span role="status" className="sr-only">
        {isBusy ? `Asking ${title} for its balances. This takes some seconds.` : ""}
      </span>
      <FailureNote text={failure} className="mt-1 text-xs" />
    </>
  );
}
