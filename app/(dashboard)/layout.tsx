import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { AppFrame } from "@/components/layout/app-frame";
import { findCurrentUser, requireViewer } from "@/lib/auth/viewer";
import { countPendingApprovals } from "@/lib/db/approvals";
import { listConversations } from "@/lib/db/conversations";
import { listSampleServices } from "./sample-services";
import { findVaultState } from "./vault-state";

const listed = 100;

export default async function DashboardLayout({ children }: { children: React.ReactNode }) {
  const viewer = await requireViewer();
  const [user, conversations, openApprovals, vault, jar] = await Promise.all([
    findCurrentUser(),
    listConversations(viewer, { limit: listed }),
    countPendingApprovals(viewer),
    findVaultState(),
    cookies(),
  ]);
  // The account was removed between two questions to the database.
  if (!user) redirect("/sign-in");
  return (
    <AppFrame
      person={{ name: user.name, email: user.email }}
      conversations={conversations}
      serverDay={new Date().toISOString().slice(0, 10)}
      openApprovals={openApprovals}
      vault={vault}
      isRunner={viewer.role === "owner" || viewer.role === "admin"}
      isDemo={listSampleServices() !== null}
      isCompact={jar.get("burgeon.sidebar")?.value === "compact"}
    >
      {children}
    </AppFrame>
  );
}
