import type { Metadata } from "next";
import { Suspense } from "react";
import { ZoneOffer } from "@/components/settings/zone-offer";
import { KeepFresh } from "@/components/today/keep-fresh";
import { SectionShell, Skeleton } from "@/components/today/section-shell";
import { requireViewer } from "@/lib/auth/viewer";
import { startContext } from "@/lib/context/aggregate";
import { longDay } from "@/lib/context/clock";
import { readNeeds } from "@/lib/context/needs";
import { getProfile } from "@/lib/db/profile";
import { Coming } from "./coming";
import { Modules, Money, Weather } from "./glances";
import { FurtherNeeds, Needs } from "./needs-you";

export const metadata: Metadata = { title: "Today" };

/** Longer than any source may take; then the page is done. */
const patienceMs = 45_000;

/** A letter about the day. The frame comes at once, each part when it was read: a slow source holds nobody up. */
export default async function TodayPage() {
  const viewer = await requireViewer();
  const [context, profile] = await Promise.all([
    startContext(viewer, { signal: AbortSignal.timeout(patienceMs) }),
    getProfile(viewer),
  ]);
  const { scope } = context;
  const needs = readNeeds(scope);
  return (
    <div className="mx-auto w-full max-w-2xl px-4 py-6 sm:px-8 sm:py-10">
      <KeepFresh readAt={scope.now.toISOString()} />
      <p className="text-muted-foreground text-sm">Today</p>
      <h1 className="mt-0.5 font-semibold text-2xl tracking-tight">{longDay(scope.today)}</h1>
      <ZoneOffer profile={profile} usedZone={scope.timeZone} />
      <SectionShell id="needs-title" title="Needs you now">
        <Suspense fallback={<Skeleton lines={2} label="Reading what needs you" />}>
          <Needs needs={needs} context={context} />
          <Suspense fallback={<Skeleton lines={1} label="Looking at weather and ways" />}>
            <FurtherNeeds needs={needs} context={context} />
          </Suspense>
        </Suspense>
      </SectionShell>
      <SectionShell id="coming-title" title="What is coming">
        <Suspense fallback={<Skeleton lines={4} label="Reading your calendars" />}>
          <Coming context={context} />
        </Suspense>
      </SectionShell>
      <SectionShell id="money-title" title="Money at a glance">
        <Suspense fallback={<Skeleton lines={3} label="Reading your accounts" />}>
          <Money context={context} />
        </Suspense>
      </SectionShell>
      <SectionShell id="weather-title" title="Weather">
        <Suspense fallback={<Skeleton lines={1} label="Reading the weather" />}>
          <Weather context={context} />
        </Suspense>
      </SectionShell>
      <Suspense fallback={null}>
        <Modules context={context} />
      </Suspense>
    </div>
  );
}
