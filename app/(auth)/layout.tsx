import { Logo } from "@/components/layout/logo";

export default function AuthLayout({ children }: { children: React.ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-sm flex-col justify-center px-6 py-12">
      <p className="mb-8 flex items-center gap-2 font-semibold text-lg tracking-tight">
        <Logo className="size-6 text-primary" /> Burgeon
      </p>
      {children}
    </main>
  );
}
