import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { ReviewBar } from "@/components/modules/review-bar";
import { ReviewRights } from "@/components/modules/review-rights";
import { ReviewTabs } from "@/components/modules/review-tabs";
import { StateBadge } from "@/components/modules/state-badge";
import { modulePath, shortDigest } from "@/components/modules/state-words";
import { requireViewer } from "@/lib/auth/viewer";
import type { ReviewView } from "@/lib/contracts/module";
import { findReview } from "@/lib/module-host/review";

interface Props {
  params: Promise<{ category: string; name: string; digest: string }>;
}

export const metadata: Metadata = { title: "Review" };

export default async function ReviewPage({ params }: Props) {
  const viewer = await requireViewer();
  const { category, name, digest } = await params;
  const review = await findReview(viewer, category, name, decodeURIComponent(digest));
  if (!review) notFound();
  return (
    <div className="mx-auto w-full max-w-6xl px-4 pt-6 pb-32 sm:px-8 sm:pt-10">
      <nav aria-label="Breadcrumb" className="text-muted-foreground text-sm">
        <Link href="/modules" className="hover:text-foreground">
          Modules
        </Link>{" "}
        /{" "}
        <Link href={modulePath(review.module)} className="hover:text-foreground">
          {review.module.title}
        </Link>
      </nav>
      <header className="mt-2">
        <div className="flex flex-wrap items-center gap-3">
          <h1 className="font-semibold text-2xl tracking-tight">Review {review.module.title}</h1>
          <StateBadge state={review.version.state} />
        </div>
        <p className="mt-1 text-muted-foreground text-sm">
          Version {review.version.manifest.version} ·{" "}
          <span className="font-mono text-xs" title={review.version.digest}>
            {shortDigest(review.version.digest)}
          </span>{" "}
          · {review.module.activeDigest ? "compared with the active version" : "the first version"}
        </p>
      </header>
      <MovedOn review={review} />
      <ReviewRights rights={review.rights} hasActive={review.module.activeDigest !== null} />
      <ReviewTabs review={review} />
      <ReviewBar review={review} />
    </div>
  );
}

function MovedOn({ review }: { review: ReviewView }) {
  if (review.isCurrent) return null;
  const path = review.newerDigest && `${modulePath(review.module)}/review/${encodeURIComponent(review.newerDigest)}`;
  return (
    <p role="status" className="mt-6 rounded-lg border border-warning/40 bg-warning/10 px-4 py-3 text-sm">
      This moved on: {path ? "a newer version waits for review." : "this version has been decided."}{" "}
      <Link href={path ?? modulePath(review.module)} className="font-medium underline underline-offset-4">
        {path ? "Review the newer one" : "Go to the module"}
      </Link>
    </p>
  );
}
