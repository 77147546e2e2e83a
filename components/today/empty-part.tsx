import Link from "next/link";
import { Button } from "@/components/ui/button";

/** A part that is not set up, with the one next step. */
export function EmptyPart({ text, href, action }: { text: string; href: string; action: string }) {
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      <p className="text-[15px] text-muted-foreground">{text}</p>
      <Button asChild variant="outline" size="sm">
        <Link href={href}>{action}</Link>
      </Button>
    </div>
  );
}
