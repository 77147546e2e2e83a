import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { isVaultLocked } from "@/components/layout/locked-note";
import { CredentialsForm } from "@/components/modules/credentials-form";
import { ModuleActions } from "@/components/modules/module-actions";
import { ModuleReach } from "@/components/modules/module-reach";
import { StateBadge } from "@/components/modules/state-badge";
import { VersionTimeline } from "@/components/modules/version-timeline";
import { requireViewer } from "@/lib/auth/viewer";
import type { ModuleDetail } from "@/lib/contracts/module";
import { findModule } from "@/lib/module-host/views";
import { findVaultState } from "../../../vault-state";

interface Props {
  params: Promise<{ category: string; name: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).name };
}

export default async function ModulePage({ params }: Props) {
  const viewer = await requireViewer();
  const { category, name } = await params;
  const module = await findModule(viewer, category, name);
  if (!module) notFound();
  const current = module.versions.find((version) => version.digest === module.activeDigest) ?? module.versions[0];
  const needsKeys = module.credentials.length > 0;
  const vault = await findVaultState();
  return (
    <div className="mx-auto w-full max-w-4xl px-4 py-6 sm:px-8 sm:py-10">
      <nav aria-label="Breadcrumb" className="text-muted-foreground text-sm">
        <Link href="/modules" className="hover:text-foreground">
          Modules
        </Link>{" "}
        / {module.category}
      </nav>
      <header className="mt-2 flex flex-wrap items-start justify-between gap-4">
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-3">
            <h1 className="font-semibold text-2xl tracking-tight">{module.title}</h1>
            <StateBadge state={module.state} />
          </div>
          <p className="mt-1 max-w-prose text-muted-foreground text-sm">{module.description}</p>
        </div>
        <ModuleActions module={module} />
      </header>
      {/* It cannot answer while its keys are locked, and the form below says so. */}
      {!(needsKeys && isVaultLocked(vault)) && <NextStep module={module} />}
      {needsKeys && <CredentialsForm module={module} vault={vault} />}
      {current && <ModuleReach manifest={current.manifest} calls={module.recentCalls} />}
      <VersionTimeline module={module} />
    </div>
  );
}

/** The one thing this module needs from the person now. */
function NextStep({ module }: { module: ModuleDetail }) {
  const waiting = module.versions.find((version) => version.state === "awaiting_review");
  if (waiting)
    return (
      <Notice>
        A version waits for your review.{" "}
        <Link
          className="font-medium text-primary underline-offset-4 hover:underline"
          href={`/modules/${module.category}/${module.name}/review/${encodeURIComponent(waiting.digest)}`}
        >
          Review it
        </Link>
      </Notice>
    );
  if (module.problem) return <Notice>{module.problem}</Notice>;
  if (module.state === "active" && module.toolNames.length > 0) {
    const current = module.versions.find((version) => version.digest === module.activeDigest);
    const question = Object.values(current?.manifest.operations ?? {}).flatMap((operation) => operation.questions)[0];
    return (
      <Notice>
        Ready.{" "}
        {question ? (
          <>Ask in a conversation, for example “{question}”.</>
        ) : (
          <>Its tools are offered in every conversation.</>
        )}{" "}
        <Link
          className="font-medium text-primary underline-offset-4 hover:underline"
          href={question ? `/chat?draft=${encodeURIComponent(question)}` : "/chat"}
        >
          Ask now
        </Link>
      </Notice>
    );
  }
  return null;
}

function Notice({ children }: { children: React.ReactNode }) {
  return <p className="mt-6 rounded-lg border bg-muted/50 px-4 py-3 text-sm">{children}</p>;
}
