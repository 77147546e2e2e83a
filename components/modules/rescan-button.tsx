"use client";

import { FolderSearch } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { Button } from "@/components/ui/button";

const looksForMs = 8_000;
const lookEveryMs = 1_000;

/** Asks the worker to look through the modules folder again, and reads the list anew while it does. */
export function RescanButton() {
  const router = useRouter();
  const { run, isBusy, failure } = useAction();
  const [lookingUntil, setLookingUntil] = useState(0);
  useEffect(() => {
    if (lookingUntil === 0) return;
    const timer = setInterval(() => {
      router.refresh();
      if (Date.now() > lookingUntil) setLookingUntil(0);
    }, lookEveryMs);
    return () => clearInterval(timer);
  }, [lookingUntil, router]);
  const isLooking = isBusy || lookingUntil > 0;
  return (
    <div className="flex items-center gap-2">
      {failure && (
        <span role="alert" className="text-destructive text-xs">
          {failure}
        </span>
      )}
      <Button
        variant="outline"
        disabled={isLooking}
        onClick={() =>
          run(async () => {
            await sendJson("POST", "/api/modules/rescan");
            setLookingUntil(Date.now() + looksForMs);
          })
        }
      >
        <FolderSearch aria-hidden className="size-4" />
        {isLooking ? "Looking…" : "Rescan"}
      </Button>
    </div>
  );
}
