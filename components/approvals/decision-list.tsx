import { Ban, Check, Clock } from "lucide-react";
import Link from "next/link";
import { RelativeTime } from "@/components/modules/relative-time";
import type { ApprovalItem } from "@/lib/contracts/approval";
import { describeDecision } from "./decision-words";

/** What was decided last, newest first. */
export function DecisionList({ decided }: { decided: ApprovalItem[] }) {
  return (
    <section aria-labelledby="decided-title" className="mt-10">
      <h2 id="decided-title" className="font-medium">
        Decided
      </h2>
      {decided.length === 0 ? (
        <p className="mt-2 text-muted-foreground text-sm">Your answers will stand here, with your notes.</p>
      ) : (
        <ul className="mt-3 divide-y rounded-lg border">
          {decided.map((approval) => (
            <Decision key={approval.approvalId} approval={approval} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Decision({ approval }: { approval: ApprovalItem }) {
  const { kind, title, lines, note, conversationId, createdAt, decidedAt } = approval;
  // A question whose time is over may not have been marked yet.
  const status = approval.status === "pending" ? "expired" : approval.status;
  const Icon = status === "allowed" || status === "happened" ? Check : status === "denied" ? Ban : Clock;
  return (
    <li className="flex items-start gap-3 px-4 py-3 text-sm">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <div className="min-w-0 grow">
        <p className="[overflow-wrap:anywhere]">
          <Link href={`/chat/${conversationId}`} className="font-medium underline-offset-4 hover:underline">
            {title}
          </Link>
        </p>
        <p className="line-clamp-2 text-muted-foreground text-xs [overflow-wrap:anywhere]">
          {[describeDecision(kind, status, null), ...lines.map(({ label, value }) => `${label}: ${value}`)].join(" · ")}
        </p>
        {note && <p className="mt-1 [overflow-wrap:anywhere]">“{note}”</p>}
      </div>
      <span className="shrink-0 text-muted-foreground text-xs">
        <RelativeTime at={decidedAt ?? createdAt} />
      </span>
    </li>
  );
}
