"use client";

import { CircleCheck, CircleX, Globe, Hammer, KeyRound, Square, Wrench } from "lucide-react";
import Link from "next/link";
import { useId, useState } from "react";
import { describeFailure, sendJson } from "@/components/api/send-json";
import { Button } from "@/components/ui/button";
import type { BuildPlan } from "@/lib/contracts/build";
import type { BuildView } from "@/lib/conversation/build-view";
import { findBuildFailure, formatDuration } from "./describe-run";

/** A module being built: the plan in plain words, how far it is, what failed, and at the end the way to the review. */
export function BuildCard({ build }: { build: BuildView }) {
  const titleId = useId();
  const { plan, outcome } = build;
  const title = plan?.title ?? outcome?.title;
  return (
    <section aria-labelledby={titleId} className="rounded-lg border bg-card">
      <header className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 pt-4">
        <Hammer aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
        <div className="min-w-0 grow basis-48">
          <h2 id={titleId} className="font-medium">
            {title ? `Module: ${title}` : "A new module"}
          </h2>
          <p className="text-muted-foreground text-sm [overflow-wrap:anywhere]">{plan?.summary ?? build.wish}</p>
        </div>
        {!outcome && build.runId && <StopBuild runId={build.runId} />}
      </header>
      {plan && <Plan plan={plan} />}
      <div className="mt-3 border-t px-4 py-3 text-sm">
        {outcome ? <Outcome build={build} /> : <Progress build={build} />}
      </div>
    </section>
  );
}

function Plan({ plan }: { plan: BuildPlan }) {
  return (
    <ul className="mt-3 flex flex-col gap-1.5 px-4 text-sm">
      <PlanLine icon={Globe}>
        {plan.hosts.length === 0 ? (
          "Will reach nothing outside."
        ) : (
          <>
            Will reach <Names names={plan.hosts} />.
          </>
        )}
      </PlanLine>
      <PlanLine icon={KeyRound}>
        {plan.credentials.length === 0 ? (
          "Needs no key."
        ) : (
          <>
            Will need <Names names={plan.credentials.map((credential) => credential.label)} />: asked for in a form
            after the review, never here.
          </>
        )}
      </PlanLine>
      {plan.operations.length > 0 && (
        <PlanLine icon={Wrench}>
          <details>
            <summary className="cursor-pointer">
              Will answer{" "}
              {plan.operations.length === 1 ? "one kind of question" : `${plan.operations.length} kinds of questions`}
            </summary>
            <ul className="mt-1 list-disc pl-4 text-muted-foreground">
              {plan.operations.map((operation) => (
                <li key={operation.name}>{operation.description}</li>
              ))}
            </ul>
          </details>
        </PlanLine>
      )}
    </ul>
  );
}

function PlanLine({ icon: Icon, children }: { icon: typeof Globe; children: React.ReactNode }) {
  return (
    <li className="flex items-start gap-2.5">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <div className="min-w-0">{children}</div>
    </li>
  );
}

function Names({ names }: { names: string[] }) {
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && (index === names.length - 1 ? " and " : ", ")}
      <strong className="font-medium [overflow-wrap:anywhere]">{name}</strong>
    </span>
  ));
}

function Progress({ build }: { build: BuildView }) {
  const failure = findBuildFailure(build);
  return (
    <div className="flex flex-col gap-2">
      <p className="flex items-start gap-2">
        <span aria-hidden className="mt-1.5 size-2 shrink-0 animate-pulse rounded-full bg-primary" />
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {build.attempt > 0 && (
            <span className="font-medium tabular-nums">
              Attempt {build.attempt} of {build.maxAttempts}
              {": "}
            </span>
          )}
          {build.message ?? (build.attempt > 0 ? "writing and testing" : "Making a plan")}
        </span>
      </p>
      {failure && <FailureOfAttempt attempt={build.checks.at(-1)?.attempt ?? build.attempt} failure={failure} />}
    </div>
  );
}

function FailureOfAttempt({ attempt, failure }: { attempt: number; failure: { what: string; why: string | null } }) {
  return (
    <div className="flex items-start gap-2 text-muted-foreground">
      <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-destructive" />
      <div className="min-w-0">
        <p className="[overflow-wrap:anywhere]">
          Attempt {attempt} did not pass: {failure.what}
        </p>
        {failure.why && (
          <pre className="mt-1 max-h-40 overflow-auto whitespace-pre-wrap font-mono text-xs [overflow-wrap:anywhere]">
            {failure.why}
          </pre>
        )}
      </div>
    </div>
  );
}

function Outcome({ build }: { build: BuildView }) {
  const { outcome } = build;
  if (!outcome) return null;
  const failure = findBuildFailure(build);
  const spent = (
    <span className="text-muted-foreground text-xs tabular-nums">
      {[
        outcome.attempts > 0 ? `${outcome.attempts} ${outcome.attempts === 1 ? "attempt" : "attempts"}` : null,
        build.durationMs === null ? null : formatDuration(build.durationMs),
        build.usage.inputTokens + build.usage.outputTokens > 0
          ? `${(build.usage.inputTokens + build.usage.outputTokens).toLocaleString("en")} tokens`
          : null,
      ]
        .filter(Boolean)
        .join(" · ")}
    </span>
  );
  if (outcome.state === "awaiting_review" && outcome.category && outcome.name && outcome.digest)
    return (
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <CircleCheck aria-hidden className="size-4 shrink-0 text-success" />
        <span className="min-w-0 grow basis-40">
          Built, and its tests pass. It does nothing until you approve it. {spent}
        </span>
        <Button asChild size="sm">
          <Link href={`/modules/${outcome.category}/${outcome.name}/review/${encodeURIComponent(outcome.digest)}`}>
            Review
          </Link>
        </Button>
      </div>
    );
  return (
    <div className="flex flex-col gap-2">
      <p className="flex items-start gap-2">
        {outcome.state === "stopped" ? (
          <Square aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
        ) : (
          <CircleX aria-hidden className="mt-0.5 size-4 shrink-0 text-destructive" />
        )}
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {outcome.state === "stopped" ? "You stopped this build." : (outcome.reason ?? "The build did not succeed.")}{" "}
          {spent}
        </span>
      </p>
      {failure && outcome.state === "failed" && (
        <FailureOfAttempt attempt={build.checks.at(-1)?.attempt ?? outcome.attempts} failure={failure} />
      )}
    </div>
  );
}

function StopBuild({ runId }: { runId: string }) {
  const [isStopping, setStopping] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const stop = async () => {
    setStopping(true);
    setFailure(null);
    try {
      await sendJson("POST", `/api/runs/${runId}/stop`);
    } catch (error) {
      setFailure(describeFailure(error));
      setStopping(false);
    }
  };
  return (
    <div className="flex flex-col items-end gap-1">
      <Button
        variant="outline"
        size="sm"
        disabled={isStopping}
        aria-label="Stop this build"
        onClick={() => void stop()}
      >
        <Square aria-hidden className="size-3 fill-current" />
        {isStopping ? "Stopping…" : "Stop"}
      </Button>
      {failure && (
        <p role="alert" className="max-w-60 text-right text-destructive text-xs">
          {failure}
        </p>
      )}
    </div>
  );
}
