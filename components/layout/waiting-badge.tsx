import { cn } from "@/components/ui/cn";

/** How many things wait behind a link, for the eye: the link's own name says it, too. On an icon it sits in the corner. */
export function WaitingBadge({ count, isCompact }: { count: number; isCompact: boolean }) {
  return (
    <span
      aria-hidden
      className={cn(
        "min-w-5 rounded-full bg-warning px-1.5 text-center font-medium text-background text-xs leading-5",
        isCompact ? "absolute top-0 right-0 min-w-4 px-1 text-[10px] leading-4" : "ml-auto",
      )}
    >
      {count > 99 ? "99+" : count}
    </span>
  );
}
