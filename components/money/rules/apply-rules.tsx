"use client";

import { sendJson } from "@/components/api/send-json";
import { Button } from "@/components/ui/button";
import type { RulesPreview } from "@/lib/contracts/finance";
import { formatCount } from "../money-text";
import type { Done } from "../undo-toast";
import { PreviewList } from "./preview-list";

interface Props {
  preview: RulesPreview;
  locale: string;
  isBusy: boolean;
  run: (work: () => Promise<Done>) => Promise<boolean>;
}

/** What applying the rules would change now, and doing it. New transactions are sorted by themselves. */
export function ApplyRules({ preview, locale, isBusy, run }: Props) {
  const { changed } = preview;
  const apply = () =>
    run(async () => {
      const reply = await sendJson<{ changed: number; undoId: string | null }>("POST", "/api/money/rules/apply");
      return {
        message: `Rules applied: ${formatCount(reply.changed, "transaction", locale)} changed.`,
        undoId: reply.undoId,
      };
    });
  return (
    <section aria-labelledby="apply-title" className="mt-5 rounded-lg border bg-card p-4 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h3 id="apply-title" className="font-medium">
            {changed === 0
              ? "All transactions are sorted as these rules say"
              : `${formatCount(changed, "transaction", locale)} would change`}
          </h3>
          <p className="mt-0.5 text-muted-foreground">
            New transactions are sorted as they come. Those you sorted by hand never change.
          </p>
        </div>
        {changed > 0 && (
          <Button size="sm" disabled={isBusy} onClick={() => void apply()}>
            Apply the rules
          </Button>
        )}
      </div>
      {changed > 0 && (
        <details className="mt-3">
          <summary className="w-fit cursor-pointer text-muted-foreground hover:text-foreground">
            What would change
          </summary>
          <PreviewList preview={preview} locale={locale} />
        </details>
      )}
    </section>
  );
}
