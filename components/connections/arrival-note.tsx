"use client";

import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import type { ConnectionsBody } from "@/lib/contracts/connection";
import { type Arrival, describeArrival } from "./describe-arrival";

interface Props {
  arrival: Arrival;
  body: ConnectionsBody;
  /** The address carries something that is used up by reading it. */
  hasQuery: boolean;
}

/** What came of the way to a provider and back. The address is cleaned at once, so that a reload does not say it again. */
export function ArrivalNote({ arrival, body, hasQuery }: Props) {
  const router = useRouter();
  const [words, setWords] = useState(() => describeArrival(arrival, body.connections, body.adapters));
  useEffect(() => {
    if (hasQuery) router.replace("/connections", { scroll: false });
  }, [router, hasQuery]);
  if (!words) return null;
  const Icon = words.isGood ? CircleCheck : TriangleAlert;
  return (
    <div
      role={words.isGood ? "status" : "alert"}
      className={`mt-6 flex items-start gap-3 rounded-lg border p-4 text-sm ${words.isGood ? "border-primary/30 bg-primary/8" : "border-warning/40 bg-warning/10"}`}
    >
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${words.isGood ? "text-primary" : "text-warning"}`} />
      <div className="min-w-0 grow">
        <p className="font-medium [overflow-wrap:anywhere]">{words.message}</p>
        <p className="mt-0.5 text-muted-foreground">{words.hint}</p>
      </div>
      <button
        type="button"
        aria-label="Close this message"
        onClick={() => setWords(null)}
        className="rounded-md p-1 text-muted-foreground outline-none hover:bg-muted focus-visible:ring-2 focus-visible:ring-ring"
      >
        <X aria-hidden className="size-4" />
      </button>
    </div>
  );
}
