"use client";

import { MessageSquare } from "lucide-react";
import Link from "next/link";
import { useCallback, useEffect, useRef, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useRefetch } from "@/components/api/use-refetch";
import { ApprovalCard } from "@/components/chat/approval-card";
import { RelativeTime } from "@/components/modules/relative-time";
import type { ApprovalItem, GrantItem } from "@/lib/contracts/approval";
import { onApprovalsChanged } from "./approvals-changed";
import { DecisionList } from "./decision-list";
import { GrantList } from "./grant-list";
import { toApprovalView } from "./to-approval-view";

interface Board {
  pending: ApprovalItem[];
  decided: ApprovalItem[];
  grants: GrantItem[];
}

interface Props {
  initial: Board;
  decidedShown: number;
}

const lookEveryMs = 10_000;

/** Open questions, then what is always allowed, then what was decided; read again while somebody looks. */
export function ApprovalsBoard({ initial, decidedShown }: Props) {
  const [board, setBoard] = useState(initial);
  const turn = useRef(0);
  const read = useCallback(async () => {
    const own = ++turn.current;
    const [open, over, given] = await Promise.all([
      sendJson<{ approvals: ApprovalItem[] }>("GET", "/api/approvals?state=pending"),
      sendJson<{ approvals: ApprovalItem[] }>("GET", `/api/approvals?state=decided&limit=${decidedShown}`),
      sendJson<{ grants: GrantItem[] }>("GET", "/api/grants"),
    ]);
    // An answer that was overtaken by a later question is old news.
    if (own === turn.current) setBoard({ pending: open.approvals, decided: over.approvals, grants: given.grants });
  }, [decidedShown]);
  const { hasFailed, refetch } = useRefetch(read, lookEveryMs);
  useEffect(() => onApprovalsChanged(refetch), [refetch]);
  const { pending, decided, grants } = board;
  return (
    <>
      {hasFailed && (
        <p role="status" className="mt-4 text-sm text-warning">
          Burgeon did not answer; this page may be old.
        </p>
      )}
      <section aria-labelledby="waiting-title" className="mt-8">
        <h2 id="waiting-title" className="font-medium">
          Waiting for you
        </h2>
        {pending.length === 0 ? (
          <NothingWaits />
        ) : (
          <ul className="mt-3 flex flex-col gap-4">
            {pending.map((approval) => (
              <li key={approval.approvalId}>
                <ApprovalCard approval={toApprovalView(approval)} />
                <p className="mt-1.5 flex flex-wrap items-center gap-x-3 px-1 text-muted-foreground text-xs">
                  <Link
                    href={`/chat/${approval.conversationId}`}
                    className="inline-flex items-center gap-1 underline underline-offset-4 hover:text-foreground"
                  >
                    <MessageSquare aria-hidden className="size-3.5" /> Open the conversation
                  </Link>
                  <span>
                    asked <RelativeTime at={approval.createdAt} /> · ends <RelativeTime at={approval.expiresAt} />
                  </span>
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
      <GrantList grants={grants} onRevoked={refetch} />
      <DecisionList decided={decided} />
    </>
  );
}

function NothingWaits() {
  return (
    <div className="mt-3 rounded-lg border border-dashed px-6 py-10 text-center">
      <h3 className="font-medium">Nothing waits for you</h3>
      <p className="mx-auto mt-2 max-w-md text-muted-foreground text-sm">
        When Burgeon wants to create, change or delete something outside, it asks here and in the conversation, with
        every value that matters. Unanswered questions end after a day, and nothing is done.
      </p>
    </div>
  );
}
