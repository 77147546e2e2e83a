import type { CalendarView } from "@/lib/contracts/calendar";

interface Props {
  calendars: CalendarView[];
  colors: ReadonlyMap<string, string>;
  onToggle: (calendar: CalendarView) => void;
}

/** The calendars: shown or hidden, here, in answers and everywhere else. */
export function CalendarChips({ calendars, colors, onToggle }: Props) {
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">Calendars that are shown</legend>
      <div className="-ml-1 flex gap-1 overflow-x-auto p-1 sm:flex-wrap">
        {calendars.map((calendar) => (
          <button
            key={calendar.id}
            type="button"
            aria-pressed={calendar.isShown}
            title={
              calendar.isShown ? "Hide this calendar here and in answers" : "Show this calendar here and in answers"
            }
            onClick={() => onToggle(calendar)}
            className="inline-flex max-w-52 shrink-0 cursor-pointer items-center gap-1.5 rounded-full border px-2.5 py-1 text-xs outline-none transition-colors hover:bg-muted focus-visible:ring-2 focus-visible:ring-ring aria-[pressed=false]:border-dashed aria-[pressed=false]:text-muted-foreground"
          >
            <span
              aria-hidden
              className="size-2.5 shrink-0 rounded-full border-2"
              style={{
                borderColor: colors.get(calendar.id),
                background: calendar.isShown ? colors.get(calendar.id) : "transparent",
              }}
            />
            <span className="truncate">{calendar.title}</span>
          </button>
        ))}
      </div>
    </fieldset>
  );
}
