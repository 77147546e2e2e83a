"use client";

import { useSyncExternalStore } from "react";

const query = "(max-width: 767px)";

/** Under 768 px. The server, which sees no screen, goes by what the browser says of itself. */
export function useIsPhone(serverGuess: boolean): boolean {
  return useSyncExternalStore(
    (look) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", look);
      return () => media.removeEventListener("change", look);
    },
    () => window.matchMedia(query).matches,
    () => serverGuess,
  );
}
