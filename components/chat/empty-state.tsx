"use client";

import { Calculator, Clock, Hammer } from "lucide-react";
import Link from "next/link";
import type { SampleService } from "@/lib/contracts/demo";
import { DemoGuide } from "./demo-guide";

const examples = [
  { icon: Clock, title: "Ask the time", text: "What time is it in Tokyo?" },
  { icon: Calculator, title: "Calculate", text: "What is (5+3)*2-7/2?" },
  { icon: Hammer, title: "Build a module", text: "Build me a module from " },
] as const;

interface Props {
  modelLabel: string;
  /** Of the demo; null elsewhere. */
  samples: SampleService[] | null;
  onExample: (text: string) => void;
}

/** What Burgeon can do, three ways to begin, and who will answer. */
export function EmptyState({ modelLabel, samples, onExample }: Props) {
  return (
    <div className="flex grow flex-col justify-center py-10">
      <h1 className="font-semibold text-2xl tracking-tight">What can I do for you?</h1>
      <p className="mt-2 max-w-prose text-[15px] text-muted-foreground leading-relaxed">
        Burgeon answers with tools. When none fits, it writes one: give it the address of an API, review the module it
        builds and tests, and from then on ask in your own words.
      </p>
      <ul className="mt-6 grid gap-2 sm:grid-cols-3">
        {examples.map(({ icon: Icon, title, text }) => (
          <li key={title} className="grid">
            <button
              type="button"
              onClick={() => onExample(text)}
              className="flex cursor-pointer flex-col gap-1 rounded-lg border bg-card px-4 py-3 text-left text-sm outline-none transition-colors hover:border-control focus-visible:ring-2 focus-visible:ring-ring"
            >
              <span className="flex items-center gap-2 font-medium">
                <Icon aria-hidden className="size-4 text-primary" /> {title}
              </span>
              <span className="text-muted-foreground">{text.endsWith(" ") ? `${text.trim()}…` : text}</span>
            </button>
          </li>
        ))}
      </ul>
      {samples && <DemoGuide services={samples} onExample={onExample} />}
      <p className="mt-6 text-muted-foreground text-sm">
        Answered by {modelLabel}.{" "}
        <Link href="/settings/models" className="underline underline-offset-4 hover:text-foreground">
          Settings › Models
        </Link>
      </p>
    </div>
  );
}
