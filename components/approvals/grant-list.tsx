"use client";

import { ShieldCheck } from "lucide-react";
import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
import { RelativeTime } from "@/components/modules/relative-time";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { FailureNote } from "@/components/ui/failure-note";
import type { GrantItem } from "@/lib/contracts/approval";
import { describeNarrowing, nameTool, toNarrowing } from "./describe-grant";

interface Props {
  grants: GrantItem[];
  onRevoked: () => void;
}

/** What may happen without asking, how often it did, and the way to take it back. */
export function GrantList({ grants, onRevoked }: Props) {
  const [revoking, setRevoking] = useState<GrantItem | null>(null);
  return (
    <section id="always" aria-labelledby="always-title" className="mt-10 scroll-mt-6">
      <h2 id="always-title" className="font-medium">
        Always allowed
      </h2>
      {grants.length === 0 ? (
        <p className="mt-2 text-muted-foreground text-sm">
          Nothing. With “Always for this tool…” on a question you can let Burgeon do the like without asking, as
          narrowly as you want.
        </p>
      ) : (
        <ul className="mt-3 divide-y rounded-lg border">
          {grants.map((grant) => (
            <li key={grant.grantId} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-sm">
              <ShieldCheck aria-hidden className="size-4 shrink-0 self-start text-primary max-sm:hidden sm:mt-0.5" />
              <div className="min-w-0 grow basis-60">
                <p className="[overflow-wrap:anywhere]">
                  <span className="font-medium">{nameTool(grant.tool)}</span>, {describeGrant(grant)}
                </p>
                <p className="text-muted-foreground text-xs">
                  {describeUses(grant.uses)}
                  {grant.lastUsedAt && (
                    <>
                      , last <RelativeTime at={grant.lastUsedAt} />
                    </>
                  )}{" "}
                  · given <RelativeTime at={grant.createdAt} /> on “{grant.title}”
                </p>
              </div>
              <Button
                variant="outline"
                size="sm"
                aria-label={`Revoke: ${nameTool(grant.tool)}, ${describeGrant(grant)}`}
                onClick={() => setRevoking(grant)}
              >
                Revoke
              </Button>
            </li>
          ))}
        </ul>
      )}
      {revoking && (
        <RevokeDialog
          grant={revoking}
          onClose={() => setRevoking(null)}
          onRevoked={() => {
            setRevoking(null);
            onRevoked();
          }}
        />
      )}
    </section>
  );
}

interface RevokeProps {
  grant: GrantItem;
  onClose: () => void;
  onRevoked: () => void;
}

function RevokeDialog({ grant, onClose, onRevoked }: RevokeProps) {
  const { run, isBusy, failure } = useAction();
  const revoke = async () => {
    if (await run(() => sendJson("DELETE", `/api/grants/${grant.grantId}`))) onRevoked();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>Ask again from now on?</DialogTitle>
          <DialogDescription className="[overflow-wrap:anywhere]">
            “{nameTool(grant.tool)}” will ask you each time again. What it has done stays done.
          </DialogDescription>
        </DialogHeader>
        <FailureNote text={failure} />
        <DialogFooter>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={isBusy} onClick={() => void revoke()}>
            {isBusy ? "Revoking…" : "Revoke"}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function describeGrant({ rules }: GrantItem): string {
  return describeNarrowing(toNarrowing(rules));
}

function describeUses(uses: number): string {
  if (uses === 0) return "not used yet";
  return uses === 1 ? "used once" : `used ${uses} times`;
}
