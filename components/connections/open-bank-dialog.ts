import type { PlaidLinkError } from "react-plaid-link";
import { ApiFailure } from "@/components/api/send-json";

/*
 * Only the types come from react-plaid-link: its hook always loads the script from Plaid's own address, also when window.Plaid is
 * there already, and would so never work with another one or without the internet.
 */

export interface BankDialog {
  linkToken: string;
  scriptUrl: string;
  /** The whole address that a bank's own page sent the person back to, when they are on the way back. */
  receivedRedirectUri?: string;
}
export type BankDialogEnd = { kind: "linked"; publicToken: string | null } | { kind: "left"; problem: string | null };

/**
 * Opens the dialog in which a person signs in at their bank, and waits until it is closed.
 * @throws ApiFailure when its script cannot be loaded
 */
export async function openBankDialog({
  linkToken,
  scriptUrl,
  receivedRedirectUri,
}: BankDialog): Promise<BankDialogEnd> {
  await loadScript(scriptUrl);
  const { Plaid } = window;
  if (!Plaid) throw failedToLoad();
  return new Promise((resolve) => {
    const end = (result: BankDialogEnd) => {
      dialog.destroy();
      resolve(result);
    };
    const dialog = Plaid.create({
      token: linkToken,
      ...(receivedRedirectUri === undefined ? {} : { receivedRedirectUri }),
      onSuccess: (publicToken) => end({ kind: "linked", publicToken }),
      onExit: (error) => end({ kind: "left", problem: describeExit(error) }),
    });
    dialog.open();
  });
}

/** Our own words; of theirs only the code, which tells whoever looks it up what it was. */
export function describeExit(error: Pick<PlaidLinkError, "error_code"> | null): string | null {
  if (!error) return null;
  const code = /^[A-Z0-9_]{1,60}$/.test(error.error_code) ? ` (${error.error_code})` : "";
  return `The bank's sign-in was not finished${code}. Nothing was stored. Try again, or choose another bank.`;
}

const loading = new Map<string, Promise<void>>();

function loadScript(url: string): Promise<void> {
  const known = loading.get(url);
  if (known) return known;
  const task = new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.async = true;
    script.onload = () => resolve();
    script.onerror = () => {
      script.remove();
      // The next click tries again.
      loading.delete(url);
      reject(failedToLoad());
    };
    document.head.append(script);
  });
  loading.set(url, task);
  return task;
}

function failedToLoad(): ApiFailure {
  return new ApiFailure(
    "unavailable",
    "Plaid's dialog could not be loaded. Nothing was connected.",
    "Check that this browser reaches Plaid and that nothing blocks it, then try again.",
  );
}
