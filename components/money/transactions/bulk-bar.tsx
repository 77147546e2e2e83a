"use client";

import { Suspense, use, useState } from "react";
import { Button } from "@/components/ui/button";
import { CategoryPicker } from "../category-picker";

interface Props {
  selected: number;
  /** Everything on this page is chosen, and there are other pages. */
  isWholePage: boolean;
  count: Promise<number>;
  categories: readonly string[];
  isBusy: boolean;
  onSort: (category: string, isAll: boolean) => void;
  onClear: () => void;
}

/** What can be done with the rows that are chosen. */
export function BulkBar({ selected, isWholePage, count, categories, isBusy, onSort, onClear }: Props) {
  const [isAllWanted, setAllWanted] = useState(false);
  const isAll = isAllWanted && isWholePage;
  return (
    <section
      aria-label="Chosen transactions"
      className="sticky top-2 z-20 mt-4 flex flex-wrap items-center gap-2 rounded-lg border bg-card px-4 py-2 text-sm shadow-sm"
    >
      <p role="status" className="mr-auto">
        {isAll ? (
          <Suspense fallback="All that match chosen">
            <Count count={count} /> chosen, on all pages
          </Suspense>
        ) : (
          `${selected} chosen`
        )}
      </p>
      {isWholePage && (
        <Button variant="ghost" size="sm" onClick={() => setAllWanted(!isAllWanted)}>
          {isAll ? (
            "Only this page"
          ) : (
            <Suspense fallback="Choose all that match">
              Choose all <Count count={count} /> that match
            </Suspense>
          )}
        </Button>
      )}
      <CategoryPicker
        value={null}
        categories={categories}
        label="Set the category of what is chosen"
        isDisabled={isBusy}
        onChoose={(category) => onSort(category, isAll)}
        className="inline-flex h-8 cursor-pointer items-center rounded-md bg-primary px-3 font-medium text-[13px] text-primary-foreground outline-none hover:bg-primary/90 focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-offset-2 disabled:opacity-50"
      >
        Set category
      </CategoryPicker>
      <Button variant="outline" size="sm" onClick={onClear}>
        Choose none
      </Button>
    </section>
  );
}

function Count({ count }: { count: Promise<number> }) {
  return <>{use(count).toLocaleString("en")}</>;
}
