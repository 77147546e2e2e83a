import { ChevronLeft, ChevronRight, Plus } from "lucide-react";
import { Button } from "@/components/ui/button";
import { type CalendarViewName, calendarViews, type Day } from "./calendar-days";
import type { Clock } from "./clock";

interface Props {
  view: CalendarViewName;
  days: Day[];
  clock: Clock;
  isLoading: boolean;
  canCreate: boolean;
  /** The frame says at the right that this is the demo. */
  isDemo: boolean;
  onStep: (direction: 1 | -1) => void;
  onToday: () => void;
  onView: (view: CalendarViewName) => void;
  onNew: () => void;
}

const viewWords: Record<CalendarViewName, string> = { week: "Week", day: "Day", agenda: "Agenda" };
const stepWords: Record<CalendarViewName, string> = { week: "week", day: "day", agenda: "four weeks" };

/** Where one is, the way to other days, the view, and a new event. */
export function CalendarToolbar(props: Props) {
  const { view, days, clock, isLoading, canCreate, isDemo, onStep, onToday, onView, onNew } = props;
  const [first, last] = [days[0] ?? "", days.at(-1) ?? ""];
  return (
    <div className={`flex flex-wrap items-center gap-x-3 gap-y-2 ${isDemo ? "md:pr-44" : ""}`}>
      <h1 className="min-w-0 grow font-semibold text-xl tracking-tight sm:grow-0 sm:text-2xl">
        <span className="sr-only">Calendar, </span>
        {view === "day" ? clock.longDay(first) : clock.months(first, last)}
      </h1>
      <div className="flex items-center gap-1">
        <Button variant="outline" size="sm" onClick={onToday} aria-keyshortcuts="t">
          Today
        </Button>
        <Button
          variant="ghost"
          size="icon"
          className="size-8"
          aria-label={`Previous ${stepWords[view]}`}
          aria-keyshortcuts="ArrowLeft"
          onClick={() => onStep(-1)}
        >
          <ChevronLeft aria-hidden className="size-4" />
        </Button>
        <Button
          variant="ghost"
          size="icon"
          className="size-8"
          aria-label={`Next ${stepWords[view]}`}
          aria-keyshortcuts="ArrowRight"
          onClick={() => onStep(1)}
        >
          <ChevronRight aria-hidden className="size-4" />
        </Button>
      </div>
      <p role="status" className="sr-only">
        {isLoading ? "Reading the events…" : ""}
      </p>
      <div className="flex items-center gap-2 sm:ml-auto">
        <fieldset className="flex rounded-md border p-0.5">
          <legend className="sr-only">View</legend>
          {calendarViews.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={view === one}
              aria-keyshortcuts={one[0]}
              onClick={() => onView(one)}
              className="h-7 cursor-pointer rounded px-2.5 text-[13px] text-muted-foreground outline-none transition-colors hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring aria-pressed:bg-muted aria-pressed:font-medium aria-pressed:text-foreground"
            >
              {viewWords[one]}
            </button>
          ))}
        </fieldset>
        {canCreate && (
          <Button size="sm" onClick={onNew} aria-keyshortcuts="n">
            <Plus aria-hidden className="size-4" /> New event
          </Button>
        )}
      </div>
    </div>
  );
}
