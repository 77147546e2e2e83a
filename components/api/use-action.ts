"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { describeFailure } from "./send-json";

/**
 * Runs one request at a time for a control: `isBusy` while it runs, `failure` when it failed, and the page's data is read
 * again when it succeeded.
 */
export function useAction() {
  const router = useRouter();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  async function run(work: () => Promise<void>): Promise<boolean> {
    setBusy(true);
    setFailure(null);
    try {
      await work();
      router.refresh();
      return true;
    } catch (error) {
      setFailure(describeFailure(error));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { run, isBusy, failure, clear: () => setFailure(null) };
}
