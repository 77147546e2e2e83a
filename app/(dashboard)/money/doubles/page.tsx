import type { Metadata } from "next";
import Link from "next/link";
import { MergeList } from "@/components/money/merge-list";
import { Button } from "@/components/ui/button";
import { requireViewer } from "@/lib/auth/viewer";
import { listMerges } from "@/lib/db/finance/merge-log";
import { readMoneyReader } from "../read-money-reader";

export const metadata: Metadata = { title: "Doubles and changes" };

const pageSize = 50;

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function DoublesPage({ searchParams }: Props) {
  const viewer = await requireViewer();
  const { before: asked } = await searchParams;
  const before = typeof asked === "string" ? asked : undefined;
  const [reader, found] = await Promise.all([
    readMoneyReader(viewer),
    listMerges(viewer, { limit: pageSize + 1, ...(before === undefined ? {} : { before }) }),
  ]);
  const merges = found.slice(0, pageSize);
  const last = merges.at(-1);
  return (
    <section aria-labelledby="doubles-title" className="mt-6 max-w-3xl">
      <h2 id="doubles-title" className="font-medium">
        Doubles and changes
      </h2>
      <p className="mt-1 text-muted-foreground text-sm">
        What Burgeon took for the same thing and counts once, and what was sorted in bulk. All of it can be taken back.
      </p>
      {merges.length === 0 ? (
        <p className="mt-4 rounded-lg border border-dashed px-6 py-10 text-center text-muted-foreground text-sm">
          Nothing yet. When an account comes twice, from a bank and from a file, what both have is counted once and
          stands here.
        </p>
      ) : (
        <MergeList key={before} merges={merges} locale={reader.locale} timeZone={reader.timeZone} />
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        {before !== undefined && (
          <Button asChild variant="outline" size="sm">
            <Link href="/money/doubles">Newest</Link>
          </Button>
        )}
        {found.length > pageSize && last && (
          <Button asChild variant="outline" size="sm">
            <Link href={`/money/doubles?before=${last.id}`}>Older</Link>
          </Button>
        )}
      </div>
    </section>
  );
}
