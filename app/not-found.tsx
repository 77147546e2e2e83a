import type { Metadata } from "next";
import Link from "next/link";
import { Button } from "@/components/ui/button";

export const metadata: Metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <div className="mx-auto flex min-h-[70dvh] max-w-md flex-col items-start justify-center px-6">
      <h1 className="font-semibold text-2xl tracking-tight">There is nothing here</h1>
      <p className="mt-2 text-muted-foreground">The page does not exist, was deleted, or belongs to somebody else.</p>
      <Button asChild className="mt-6">
        <Link href="/chat">Go to the chat</Link>
      </Button>
    </div>
  );
}
