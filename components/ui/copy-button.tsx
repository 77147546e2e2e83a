"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "./cn";

const shownForMs = 2000;

/** Copies a text and says so, to the eye and to a screen reader. */
export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [state, setState] = useState<"ready" | "copied" | "failed">("ready");
  useEffect(() => {
    if (state === "ready") return;
    const timer = setTimeout(() => setState("ready"), shownForMs);
    return () => clearTimeout(timer);
  }, [state]);
  const Icon = state === "copied" ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={async () => setState((await copyText(text)) ? "copied" : "failed")}
      className={cn(
        "inline-flex size-7 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted-foreground outline-none transition-colors hover:bg-muted hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring",
        className,
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      <span role="status" className="sr-only">
        {state === "copied" && "Copied"}
        {state === "failed" && "Your browser did not allow copying"}
      </span>
    </button>
  );
}

/** False when the browser refuses: over plain HTTP from another machine there is no clipboard. */
async function copyText(text: string): Promise<boolean> {
  if (!navigator.clipboard) return false;
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
