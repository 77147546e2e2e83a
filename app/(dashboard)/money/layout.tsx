import { MoneyNav } from "@/components/money/money-nav";

export default function MoneyLayout({ children }: { children: React.ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-6 sm:px-8 sm:py-10">
      <MoneyNav />
      {children}
    </div>
  );
}
