"use client";

import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import type { ImportResult } from "@/lib/contracts/finance";
import { listPath } from "../money-address";
import { formatCount } from "../money-text";
import { Counts, Problems } from "./import-preview";

interface Props {
  result: ImportResult;
  locale: string;
  onAgain: () => void;
}

/** What importing did, and the way to it. */
export function ImportDone({ result, locale, onAgain }: Props) {
  const { added, accounts, problems, sample } = result;
  // With several accounts there is no one list to go to.
  const accountId = accounts.length === 1 ? sample[0]?.accountId : undefined;
  return (
    <section aria-label="Result" className="flex flex-col gap-5 rounded-lg border bg-card p-5 text-sm">
      <h3 className="flex items-center gap-2 font-medium text-base">
        <CircleCheck aria-hidden className="size-5 text-success" />
        {formatCount(added, "transaction", locale)} imported into {accounts.map(({ name }) => name).join(", ")}
      </h3>
      <Counts result={result} locale={locale} />
      {problems.length > 0 && <Problems problems={problems} locale={locale} />}
      <div className="flex flex-wrap gap-2">
        <Button asChild>
          <Link href={listPath(accountId === undefined ? {} : { accountId })}>See the transactions</Link>
        </Button>
        <Button variant="outline" onClick={onAgain}>
          Import another file
        </Button>
      </div>
    </section>
  );
}
