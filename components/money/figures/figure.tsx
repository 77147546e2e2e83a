"use client";

import { ChartColumn, Table2 } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "@/components/ui/button";

interface Props {
  title: string;
  /** One sentence: what it shows, with its figures. */
  about: ReactNode;
  chart: ReactNode;
  table: ReactNode;
  /** What the figure stands on and leaves out. */
  basis: string;
}

/**
 * A chart and the same as a table. The table is always there: for screen readers, and for whoever moves by keyboard, who brings
 * it into sight by reaching one of its links.
 */
export function Figure({ title, about, chart, table, basis }: Props) {
  const [isTable, setTable] = useState(false);
  const titleId = useId();
  const Icon = isTable ? ChartColumn : Table2;
  return (
    <figure aria-labelledby={titleId} className="flex min-w-0 flex-col rounded-lg border bg-card p-4 sm:p-5">
      <figcaption>
        <div className="flex items-start justify-between gap-3">
          <h3 id={titleId} className="font-medium">
            {title}
          </h3>
          <Button
            variant="outline"
            size="sm"
            aria-pressed={isTable}
            aria-label={`Show as table: ${title}`}
            onClick={() => setTable(!isTable)}
          >
            <Icon aria-hidden className="size-3.5" /> {isTable ? "Chart" : "Table"}
          </Button>
        </div>
        <p className="mt-1 text-muted-foreground text-sm">{about}</p>
      </figcaption>
      {!isTable && (
        <div aria-hidden className="mt-4 min-w-0">
          {chart}
        </div>
      )}
      <div className={isTable ? "mt-4 overflow-x-auto" : "sr-only focus-within:not-sr-only focus-within:mt-4"}>
        {table}
      </div>
      <p className="mt-auto pt-4 text-muted-foreground text-xs">{basis}.</p>
    </figure>
  );
}
