"use client";

import { useEffect } from "react";

interface Shortcuts {
  onPalette: () => void;
  onHelp: () => void;
  onSidebar: () => void;
}

/** The keys that work on every page. Those without Ctrl or Cmd are silent while somebody types. */
export function useShortcuts({ onPalette, onHelp, onSidebar }: Shortcuts): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const hasCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
      const key = event.key.toLowerCase();
      if (hasCommand && key === "k") {
        event.preventDefault();
        onPalette();
      } else if (hasCommand && key === "b") {
        event.preventDefault();
        onSidebar();
      } else if (event.key === "?" && !isTyping(event.target)) {
        event.preventDefault();
        onHelp();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}

/** Keys belong to the field or the dialog they are pressed in. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=menu]") !== null
  );
}
