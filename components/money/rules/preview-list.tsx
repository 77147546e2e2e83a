import type { RulesPreview } from "@/lib/contracts/finance";
import { formatCount, kindWords } from "../money-text";

type Entry = RulesPreview["sample"][number];

/** Transactions that would change, alike ones together. */
export function PreviewList({ preview: { changed, sample }, locale }: { preview: RulesPreview; locale: string }) {
  const alike = joinAlike(sample);
  const listed = sample.reduce((sum, { count }) => sum + count, 0);
  return (
    <ul aria-label="What would change" className="mt-2 max-h-60 divide-y overflow-y-auto rounded-md border text-sm">
      {alike.map((entry) => (
        <li key={entry.transactionId} className="px-3 py-2">
          <span className="[overflow-wrap:anywhere]">{entry.merchant}</span>
          {entry.count > 1 && <span className="text-muted-foreground"> × {entry.count}</span>}
          <p className="text-muted-foreground text-xs [overflow-wrap:anywhere]">{describe(entry)}</p>
        </li>
      ))}
      {listed < changed && (
        <li className="px-3 py-2 text-muted-foreground">
          and {formatCount(changed - listed, "more transaction", locale)}
        </li>
      )}
    </ul>
  );
}

/** What reads the same stands there once; the server tells more apart than a person sees. */
function joinAlike(sample: readonly Entry[]): Entry[] {
  const joined = new Map<string, Entry>();
  for (const entry of sample) {
    const key = JSON.stringify([entry.merchant, entry.from, entry.to]);
    const known = joined.get(key);
    joined.set(key, known ? { ...known, count: known.count + entry.count } : entry);
  }
  return [...joined.values()];
}

/** Only what differs. */
function describe({ from, to }: Entry): string {
  const parts = [
    from.company !== to.company && `${from.company} → ${to.company}`,
    from.category !== to.category && `${from.category} → ${to.category}`,
    from.kind !== to.kind && `${kindWords[from.kind]} → ${kindWords[to.kind]}`,
  ];
  return parts.filter(Boolean).join(", ");
}
