"use client";

import { useEffect, useState } from "react";

const tickMs = 15_000;

/** The time, moving while somebody looks. Starts with the server's, so that both write the same page. */
export function useNow(serverNow: number): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const tick = () => setNow(Date.now());
    tick();
    const timer = setInterval(tick, tickMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
