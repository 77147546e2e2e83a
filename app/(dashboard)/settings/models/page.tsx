import type { Metadata } from "next";
import { ModelSettings } from "@/components/settings/model-settings";
import { requireViewer } from "@/lib/auth/viewer";
import { getModelSettings } from "@/lib/models/settings";

export const metadata: Metadata = { title: "Models" };

export default async function ModelsPage() {
  const viewer = await requireViewer();
  return <ModelSettings settings={await getModelSettings(viewer)} />;
}
