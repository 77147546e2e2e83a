"use client";

import { useEffect } from "react";
import { isTyping } from "@/components/layout/use-shortcuts";
import type { CalendarViewName } from "./calendar-days";

interface Keys {
  onStep: (direction: 1 | -1) => void;
  onToday: () => void;
  onView: (view: CalendarViewName) => void;
  onNew: () => void;
}

const views: Record<string, CalendarViewName> = { w: "week", d: "day", a: "agenda" };

/** ← and →, t, w, d, a, n: silent while somebody types or a dialog is open. */
export function useCalendarKeys({ onStep, onToday, onView, onNew }: Keys): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || isTyping(event.target)) return;
      if (document.querySelector("[role=dialog]")) return;
      const view = views[event.key];
      if (event.key === "ArrowLeft") onStep(-1);
      else if (event.key === "ArrowRight") onStep(1);
      else if (event.key === "t") onToday();
      else if (event.key === "n") onNew();
      else if (view) onView(view);
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
