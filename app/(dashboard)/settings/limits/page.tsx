import type { Metadata } from "next";
import { LimitSettings } from "@/components/settings/limit-settings";
import { requireViewer } from "@/lib/auth/viewer";
import { getBudget } from "@/lib/db/budget";
import { getTodayUsage } from "@/lib/db/usage";

export const metadata: Metadata = { title: "Limits" };

export default async function LimitsPage() {
  const viewer = await requireViewer();
  const [budget, today] = await Promise.all([getBudget(viewer), getTodayUsage(viewer)]);
  return <LimitSettings budget={budget} today={today} />;
}
