"use client";

import Link from "next/link";
import { Button } from "@/components/ui/button";

/** What broke is in the log under the number shown here; the page itself says nothing of it. */
export default function ErrorPage({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <div role="alert" className="mx-auto flex min-h-[70dvh] max-w-md flex-col items-start justify-center px-6">
      <h1 className="font-semibold text-2xl tracking-tight">This page could not be shown</h1>
      <p className="mt-2 text-muted-foreground">
        Something in Burgeon failed. Nothing you wrote is lost. Try again; if it stays, look at the log.
      </p>
      {error.digest && (
        <p className="mt-2 text-muted-foreground text-sm">
          Number in the log: <code className="font-mono">{error.digest}</code>
        </p>
      )}
      <div className="mt-6 flex gap-2">
        <Button onClick={() => retry()}>Try again</Button>
        <Button asChild variant="outline">
          <Link href="/chat">Go to the chat</Link>
        </Button>
      </div>
    </div>
  );
}
