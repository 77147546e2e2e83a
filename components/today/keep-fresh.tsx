"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

const oldMs = 5 * 60_000;

/** Reads the page again when it is looked at after a while. `readAt` is when the server read it. */
export function KeepFresh({ readAt }: { readAt: string }) {
  const router = useRouter();
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible" && Date.now() - Date.parse(readAt) > oldMs) router.refresh();
    };
    document.addEventListener("visibilitychange", look);
    const timer = setInterval(look, oldMs);
    return () => {
      document.removeEventListener("visibilitychange", look);
      clearInterval(timer);
    };
  }, [router, readAt]);
  return null;
}
