"use client";

import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { useAction } from "@/components/api/use-action";
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
import type { ConnectionView } from "@/lib/contracts/connection";
import { describeHoldings } from "./describe-health";

interface Props {
  connection: ConnectionView;
  onClose: () => void;
  onDone: () => void;
}

/**
 * Says what goes before it goes. A bank's history can stay. For one that is being ended already, the choice can be changed; once
 * its provider could not be told, it can be forgotten all the same.
 */
export function DisconnectDialog({ connection, onClose, onDone }: Props) {
  const { id, title, adapterTitle, holds } = connection;
  const { run, isBusy, failure } = useAction();
  const isEnding = connection.health === "disconnecting";
  const [history, setHistory] = useState<"keep" | "delete">(isEnding && !connection.keepsHistory ? "delete" : "keep");
  const [provider, setProvider] = useState<"wait" | "forget">("wait");
  const hasHistory = holds.accounts > 0 || holds.transactions > 0;
  const isForgettable = isEnding && connection.warning !== null;
  const label = !isEnding ? "Disconnect" : provider === "wait" ? "Save and try now" : "Forget it";
  const disconnect = async () => {
    const query = `history=${history}&provider=${provider}`;
    if (await run(() => sendJson("DELETE", `/api/connections/${id}?${query}`))) onDone();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">
            {isEnding ? `How ${title} ends` : `Disconnect ${title}?`}
          </DialogTitle>
          <DialogDescription>{describeEnd(connection)}</DialogDescription>
        </DialogHeader>
        {hasHistory && (
          <fieldset className="flex flex-col gap-2 text-sm">
            <legend className="mb-2 font-medium">What it brought: {describeHoldings(connection)}</legend>
            <Choice name={`history-${id}`} isChosen={history === "keep"} onChoose={() => setHistory("keep")}>
              Keep accounts and transactions. Nothing new is added to them.
            </Choice>
            <Choice name={`history-${id}`} isChosen={history === "delete"} onChoose={() => setHistory("delete")}>
              Delete them from Burgeon, with your categories and notes. This cannot be undone.
            </Choice>
          </fieldset>
        )}
        {isForgettable && <ProviderChoice connection={connection} chosen={provider} onChoose={setProvider} />}
        <FailureNote text={failure} />
        <DialogFooter>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="destructive" disabled={isBusy} onClick={() => void disconnect()}>
            {isBusy ? `Asking ${adapterTitle}…` : label}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

interface ProviderChoiceProps {
  connection: ConnectionView;
  chosen: "wait" | "forget";
  onChoose: (choice: "wait" | "forget") => void;
}

/** The way out where a provider never answers again, and what it leaves behind. */
function ProviderChoice({ connection: { id, adapterTitle }, chosen, onChoose }: ProviderChoiceProps) {
  return (
    <fieldset className="flex flex-col gap-2 text-sm">
      <legend className="mb-2 font-medium">{adapterTitle} could not be told yet</legend>
      <Choice name={`provider-${id}`} isChosen={chosen === "wait"} onChoose={() => onChoose("wait")}>
        Go on trying until its access has ended there.
      </Choice>
      <Choice name={`provider-${id}`} isChosen={chosen === "forget"} onChoose={() => onChoose("forget")}>
        Try once more now, and forget it here either way. If {adapterTitle} still cannot be told, the access stays open
        there, and may go on costing, until you end it there yourself. Burgeon cannot do it afterwards.
      </Choice>
    </fieldset>
  );
}

interface ChoiceProps {
  name: string;
  isChosen: boolean;
  onChoose: () => void;
  children: React.ReactNode;
}

function Choice({ name, isChosen, onChoose, children }: ChoiceProps) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="radio"
        name={name}
        checked={isChosen}
        onChange={onChoose}
        className="mt-0.5 size-4 shrink-0 accent-primary"
      />
      {children}
    </label>
  );
}

const endWords: Partial<Record<ConnectionView["connect"], string>> = {
  url: "Burgeon forgets its address.",
  file: "Burgeon forgets that these files came from one place. The files are yours and stay where they are.",
};

function describeEnd({ connect, adapterTitle, holds }: ConnectionView): string {
  const parts = [endWords[connect] ?? `Burgeon ends its access at ${adapterTitle} and destroys its sign-in here.`];
  if (holds.calendars > 0)
    parts.push(
      `Its ${holds.calendars === 1 ? "calendar goes" : `${holds.calendars} calendars go`} from Burgeon, with ${holds.events.toLocaleString("en")} ${holds.events === 1 ? "event" : "events"}; where they come from, everything stays as it is.`,
    );
  return parts.join(" ");
}
