import type { Metadata } from "next";
import { ApprovalsBoard } from "@/components/approvals/approvals-board";
import { requireViewer } from "@/lib/auth/viewer";
import { listApprovals } from "@/lib/db/approvals";
import { listGrants } from "@/lib/db/grants";

export const metadata: Metadata = { title: "Approvals" };

const decidedShown = 30;

export default async function ApprovalsPage() {
  const viewer = await requireViewer();
  const [pending, decided, grants] = await Promise.all([
    listApprovals(viewer, { state: "pending" }),
    listApprovals(viewer, { state: "decided", limit: decidedShown }),
    listGrants(viewer),
  ]);
  return (
    <div className="mx-auto w-full max-w-3xl px-4 py-6 sm:px-8 sm:py-10">
      <h1 className="font-semibold text-2xl tracking-tight">Approvals</h1>
      <p className="mt-1 max-w-prose text-muted-foreground text-sm">
        Nothing that changes something outside happens without your word. What waits for it stands here, also after a
        restart.
      </p>
      <ApprovalsBoard initial={{ pending, decided, grants }} decidedShown={decidedShown} />
    </div>
  );
}
