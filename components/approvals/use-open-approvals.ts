"use client";

import { usePathname } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useRefetch } from "@/components/api/use-refetch";
import type { ApprovalItem } from "@/lib/contracts/approval";
import { onApprovalsChanged } from "./approvals-changed";

const lookEveryMs = 10_000;

/** How many questions wait for the person: read again when one comes or goes here, when a page opens, and every few seconds. */
export function useOpenApprovals(initial: number): number {
  const [count, setCount] = useState(initial);
  const pathname = usePathname();
  const turn = useRef(0);
  const read = useCallback(async () => {
    const own = ++turn.current;
    const { approvals } = await sendJson<{ approvals: ApprovalItem[] }>("GET", "/api/approvals?state=pending");
    // An answer that was overtaken by a later question is old news.
    if (own === turn.current) setCount(approvals.length);
  }, []);
  const { refetch } = useRefetch(read, lookEveryMs);
  const seenPath = useRef(pathname);
  useEffect(() => {
    if (seenPath.current !== pathname) refetch();
    seenPath.current = pathname;
    return onApprovalsChanged(refetch);
  }, [refetch, pathname]);
  return count;
}
