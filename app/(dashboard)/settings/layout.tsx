import { SettingsNav } from "@/components/settings/settings-nav";

export default function SettingsLayout({ children }: { children: React.ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-3xl px-4 py-6 sm:px-8 sm:py-10">
      <h1 className="font-semibold text-2xl tracking-tight">Settings</h1>
      <SettingsNav />
      {children}
    </div>
  );
}
