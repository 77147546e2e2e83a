import Link from "next/link";
import type { ModuleDetail } from "@/lib/contracts/module";
import { RelativeTime } from "./relative-time";
import { StateBadge } from "./state-badge";
import { modulePath, shortDigest } from "./state-words";

/** Every version there ever was, newest first, each with its review. */
export function VersionTimeline({ module }: { module: ModuleDetail }) {
  return (
    <section aria-labelledby="versions-title" className="mt-8">
      <h2 id="versions-title" className="font-medium">
        Versions
      </h2>
      {module.versions.length === 0 && (
        <p className="mt-2 text-muted-foreground text-sm">No version could be read yet.</p>
      )}
      <ol className="mt-3 divide-y rounded-lg border">
        {module.versions.map((version) => (
          <li key={version.digest} className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 text-sm">
            <span className="font-medium tabular-nums">{version.manifest.version}</span>
            <span className="font-mono text-muted-foreground text-xs" title={version.digest}>
              {shortDigest(version.digest)}
            </span>
            <StateBadge state={version.digest === module.activeDigest ? "active" : version.state} />
            {version.report && (
              <span className="text-muted-foreground text-xs">
                {version.report.tests.filter((test) => test.ok).length} of {version.report.tests.length} tests passed
              </span>
            )}
            <span className="text-muted-foreground text-xs">
              <RelativeTime at={version.createdAt} />
            </span>
            <Link
              href={`${modulePath(module)}/review/${encodeURIComponent(version.digest)}`}
              className="ml-auto font-medium text-primary text-sm underline-offset-4 hover:underline"
              aria-label={`${version.state === "awaiting_review" ? "Review" : "Look at"} version ${version.manifest.version}, ${shortDigest(version.digest)}`}
            >
              {version.state === "awaiting_review" ? "Review" : "Look"}
            </Link>
            {version.note && <p className="w-full text-muted-foreground text-xs">“{version.note}”</p>}
          </li>
        ))}
      </ol>
    </section>
  );
}
