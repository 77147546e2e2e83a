"use client";

import { Pencil } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
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
import { Input } from "@/components/ui/input";
import { Label } from "@/components/ui/label";

interface Props {
  accountId: string;
  name: string;
  /** As the bank calls it. */
  sourceName: string;
}

/** Gives an account a name of the person's own, or its bank's again. */
export function RenameAccount(props: Props) {
  const [isOpen, setOpen] = useState(false);
  const label = `Rename ${props.name}`;
  return (
    <>
      <button
        type="button"
        aria-label={label}
        title={label}
        onClick={() => setOpen(true)}
        className="inline-flex size-7 cursor-pointer items-center justify-center rounded-md text-muted-foreground outline-none hover:bg-muted hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
      >
        <Pencil aria-hidden className="size-3.5" />
      </button>
      <Dialog open={isOpen} onOpenChange={setOpen}>
        {isOpen && <RenameForm {...props} onDone={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}

function RenameForm({ accountId, name, sourceName, onDone }: Props & { onDone: () => void }) {
  const { run, isBusy, failure } = useAction();
  const [text, setText] = useState(name);
  const id = useId();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (await run(() => sendJson("PATCH", `/api/money/accounts/${accountId}`, { name: text }))) onDone();
  };
  return (
    <DialogContent>
      <form onSubmit={(event) => void save(event)} className="flex flex-col gap-4">
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">Rename {name}</DialogTitle>
          <DialogDescription className="[overflow-wrap:anywhere]">
            Your bank calls it “{sourceName}”. Leave the name empty to call it that again.
          </DialogDescription>
        </DialogHeader>
        <div className="flex flex-col gap-2">
          <Label htmlFor={id}>Name</Label>
          <Input
            id={id}
            value={text}
            maxLength={100}
            autoComplete="off"
            placeholder={sourceName}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <FailureNote text={failure} />
        <DialogFooter>
          <Button variant="outline" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" disabled={isBusy}>
            {isBusy ? "Saving…" : "Save"}
          </Button>
        </DialogFooter>
      </form>
    </DialogContent>
  );
}
