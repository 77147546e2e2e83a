import type { Metadata } from "next";
import { ModelSettings } from "@/components/settings/model-settings";
import { requireViewer } from "@/lib/auth/viewer";
import { getModelSettings } from "@/lib/models/settings";
import { findVaultState } from "../../vault-state";

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage() {
  const viewer = await requireViewer();
  const [settings, vault] = await Promise.all([getModelSettings(viewer), findVaultState()]);
  return <ModelSettings settings={settings} vault={vault} />;
}
