"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { type BankDialogEnd, openBankDialog } from "./open-bank-dialog";

export interface BankRequest {
  adapter: string;
  /** The connection that is mended; left out for a new one. */
  connectionId?: string;
  /** Also offer accounts that are new at the bank. */
  isAccountSelectionWanted?: boolean;
}

interface Options {
  scriptUrl: string;
  /** What the address asks to be opened at once. */
  asked: BankRequest | null;
  /** The person comes back from a bank's own page. */
  isReturn: boolean;
  onDone: () => void;
}

const heldKey = "burgeon.bank-dialog";
/** Documents of these pages are allowed to show the dialog (lib/http/dialog-pages.ts). */
const pages = ["/connections", "/money"];

/** Connects a bank, or mends a connection, through Plaid's dialog. One at a time; `state` says for whom it is busy. */
export function useBankLink({ scriptUrl, asked, isReturn, onDone }: Options) {
  const [busyFor, setBusyFor] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const done = useRef(onDone);
  done.current = onDone;

  const run = useCallback(async (request: BankRequest, open: () => Promise<BankDialogEnd>) => {
    setBusyFor(request.connectionId ?? request.adapter);
    setFailure(null);
    try {
      const end = await open();
      if (end.kind === "left") setFailure(end.problem);
      else await finish(request, end.publicToken);
      if (end.kind === "linked") done.current();
    } catch (cause) {
      setFailure(describeFailure(cause));
    } finally {
      sessionStorage.removeItem(heldKey);
      setBusyFor(null);
    }
  }, []);

  const start = useCallback(
    (request: BankRequest) => {
      if (isDocumentOfOtherPage()) return reloadInto(request);
      return run(request, async () => {
        const { linkToken } = await sendJson<{ linkToken: string }>("POST", "/api/connections/link-token", request);
        // A bank with a page of its own may take the person away from here; this is how they come back to the same dialog.
        sessionStorage.setItem(heldKey, JSON.stringify({ request, linkToken }));
        return openBankDialog({ linkToken, scriptUrl });
      });
    },
    [run, scriptUrl],
  );

  const isBegun = useRef(false);
  useEffect(() => {
    if (isBegun.current) return;
    isBegun.current = true;
    const held = isReturn ? readHeld() : null;
    const receivedRedirectUri = window.location.href;
    if (held)
      void run(held.request, () => openBankDialog({ linkToken: held.linkToken, scriptUrl, receivedRedirectUri }));
    else if (isReturn) setFailure("This sign-in at a bank was not begun in this tab. Connect the bank again.");
    else if (asked) void start(asked);
  }, [asked, isReturn, run, scriptUrl, start]);

  return { start, busyFor, failure };
}

async function finish({ adapter, connectionId }: BankRequest, publicToken: string | null): Promise<void> {
  if (connectionId !== undefined) await sendJson("POST", `/api/connections/${connectionId}/repaired`);
  else await sendJson("POST", "/api/connections/link", { adapter, publicToken });
}

/**
 * A page that was reached by a link inside of Burgeon still has the rules of the page that was loaded first, which allow no
 * dialog of others.
 */
function isDocumentOfOtherPage(): boolean {
  const [loaded] = performance.getEntriesByType("navigation");
  if (!loaded || !URL.canParse(loaded.name)) return false;
  const { pathname } = new URL(loaded.name);
  return !pages.some((page) => pathname === page || pathname.startsWith(`${page}/`));
}

async function reloadInto({ adapter, connectionId, isAccountSelectionWanted }: BankRequest): Promise<void> {
  const query = new URLSearchParams({ link: adapter });
  if (connectionId !== undefined) query.set("connection", connectionId);
  if (isAccountSelectionWanted) query.set("accounts", "more");
  window.location.assign(`/connections?${query}`);
}

function readHeld(): { request: BankRequest; linkToken: string } | null {
  const text = sessionStorage.getItem(heldKey);
  return text === null ? null : (JSON.parse(text) as { request: BankRequest; linkToken: string });
}
