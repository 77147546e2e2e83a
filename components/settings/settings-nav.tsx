import { TabNav } from "@/components/layout/tab-nav";

const pages = [
  { href: "/settings/places", label: "Places & profile" },
  { href: "/settings/models", label: "Models" },
  { href: "/settings/limits", label: "Limits" },
  { href: "/settings/tokens", label: "Tokens" },
] as const;

export function SettingsNav() {
  return <TabNav label="Settings" pages={pages} />;
}
