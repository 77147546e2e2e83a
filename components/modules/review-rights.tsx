import { CircleMinus, Eye, Globe, KeyRound, PenLine, Wrench } from "lucide-react";
import type { RightSentence } from "@/lib/contracts/module";

const icons = {
  host: Globe,
  credential: KeyRound,
  reads: Eye,
  writes: PenLine,
  tool: Wrench,
  removed: CircleMinus,
} as const;

/** First of all what this version may do that the active one may not; then everything else it may do. */
export function ReviewRights({ rights, hasActive }: { rights: RightSentence[]; hasActive: boolean }) {
  const isChange = (right: RightSentence) => right.isNew || right.kind === "removed";
  const added = rights.filter(isChange);
  const kept = rights.filter((right) => !isChange(right));
  return (
    <section aria-labelledby="rights-title" className="mt-6 rounded-lg border bg-card p-5">
      <h2 id="rights-title" className="font-medium">
        {hasActive ? "What it may do that the active version may not" : "What it may do"}
      </h2>
      {added.length === 0 ? (
        <p className="mt-2 text-muted-foreground text-sm">Nothing new. The code changed, its rights did not.</p>
      ) : (
        <RightList rights={added} marksNew={hasActive} />
      )}
      {kept.length > 0 && (
        <details className="mt-4">
          <summary className="cursor-pointer text-muted-foreground text-sm">
            Unchanged rights <span className="tabular-nums">({kept.length})</span>
          </summary>
          <RightList rights={kept} marksNew={false} />
        </details>
      )}
    </section>
  );
}

function RightList({ rights, marksNew }: { rights: RightSentence[]; marksNew: boolean }) {
  return (
    <ul className="mt-3 flex flex-col gap-2.5">
      {rights.map((right) => {
        const Icon = icons[right.kind];
        return (
          <li key={`${right.kind} ${right.text}`} className="flex items-start gap-2.5 text-[15px] leading-6">
            <Icon
              aria-hidden
              className={`mt-1 size-4 shrink-0 ${right.kind === "writes" ? "text-warning" : "text-muted-foreground"}`}
            />
            <span>
              <Emphasized text={right.text} subject={right.subject} />
              {marksNew && right.isNew && (
                <span className="ml-2 rounded bg-warning/10 px-1.5 py-0.5 font-medium text-warning text-xs">new</span>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Emphasized({ text, subject }: { text: string; subject: string }) {
  const at = subject === "" ? -1 : text.indexOf(subject);
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <strong className="font-semibold [overflow-wrap:anywhere]">{subject}</strong>
      {text.slice(at + subject.length)}
    </>
  );
}
