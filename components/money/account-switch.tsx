"use client";

import { Eye, EyeOff } from "lucide-react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";

interface Props {
  accountId: string;
  name: string;
  isHidden: boolean;
}

/** Hides an account from every list and sum, or shows it again. */
export function AccountSwitch({ accountId, name, isHidden }: Props) {
  const { run, isBusy, failure } = useAction();
  const Icon = isHidden ? Eye : EyeOff;
  const label = isHidden ? `Show ${name}` : `Hide ${name} from lists and sums`;
  return (
    <span className="flex shrink-0 items-center gap-2">
      {failure && (
        <span role="alert" className="text-destructive text-xs">
          {failure}
        </span>
      )}
      <button
        type="button"
        disabled={isBusy}
        aria-label={label}
        title={label}
        onClick={() => void run(() => sendJson("PATCH", `/api/money/accounts/${accountId}`, { isHidden: !isHidden }))}
        className="inline-flex size-7 cursor-pointer items-center justify-center rounded-md text-muted-foreground outline-none hover:bg-muted hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring disabled:opacity-50"
      >
        <Icon aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}
