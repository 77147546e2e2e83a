import { cn } from "./cn";

/** What failed, where the person asked for it; nothing while nothing did. */
export function FailureNote({ text, className }: { text: string | null; className?: string }) {
  if (!text) return null;
  return (
    <p role="alert" className={cn("text-destructive text-sm", className)}>
      {text}
    </p>
  );
}
