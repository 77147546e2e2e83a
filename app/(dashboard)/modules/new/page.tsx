import type { Metadata } from "next";
import { BuildForm } from "@/components/modules/build-form";
import { requireViewer } from "@/lib/auth/viewer";

export const metadata: Metadata = { title: "Build a module" };

export default async function BuildPage() {
  await requireViewer();
  return (
    <div className="mx-auto w-full max-w-2xl px-4 py-6 sm:px-8 sm:py-10">
      <h1 className="font-semibold text-2xl tracking-tight">Build a module</h1>
      <p className="mt-1 text-muted-foreground text-sm">
        Say what you want to ask, and show Burgeon the API. You watch the build in a conversation, and review the result
        before it can do anything.
      </p>
      <BuildForm />
    </div>
  );
}
