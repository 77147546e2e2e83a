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

/** Says what goes before it goes. A bank's history can stay. */
export function DisconnectDialog({ connection, onClose, onDone }: Props) {
  const { id, title, adapterTitle, holds } = connection;
  const { run, isBusy, failure } = useAction();
  const [history, setHistory] = useState<"keep" | "delete">("keep");
  const hasHistory = holds.accounts > 0 || holds.transactions > 0;
  const disconnect = async () => {
    if (await run(() => sendJson("DELETE", `/api/connections/${id}?history=${history}`))) onDone();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">Disconnect {title}?</DialogTitle>
          <DialogDescription>{describeEnd(connection)}</DialogDescription>
        </DialogHeader>
        {hasHistory && (
          <fieldset className="flex flex-col gap-2 text-sm">
            <legend className="mb-2 font-medium">What it brought: {describeHoldings(connection)}</legend>
            <Choice name={id} isChosen={history === "keep"} onChoose={() => setHistory("keep")}>
              Keep accounts and transactions. Nothing new is added to them.
            </Choice>
            <Choice name={id} isChosen={history === "delete"} onChoose={() => setHistory("delete")}>
              Delete them from Burgeon, with your categories and notes. This cannot be undone.
            </Choice>
          </fieldset>
        )}
        <FailureNote text={failure} />
        <DialogFooter>
          <Button variant="outline" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="destructive" disabled={isBusy} onClick={() => void disconnect()}>
            {isBusy ? `Asking ${adapterTitle}…` : "Disconnect"}
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
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
        name={`history-${name}`}
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
