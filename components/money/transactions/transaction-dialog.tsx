"use client";

import Link from "next/link";
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
import { Label } from "@/components/ui/label";
import { Textarea } from "@/components/ui/textarea";
import type { TransactionView } from "@/lib/contracts/finance";
import { Amount } from "../amount";
import { listPath } from "../money-address";
import { formatDay, kindWords } from "../money-text";
import type { RowActions } from "./transaction-board";
import { RowCategory } from "./transaction-parts";

interface Props {
  transaction: TransactionView;
  actions: RowActions;
  /** Why the category that was chosen here could not be kept. */
  sortFailure: string | null;
  onSaved: (transaction: TransactionView) => void;
  onClose: () => void;
}

const byWords: Readonly<Record<TransactionView["categoryBy"], string>> = {
  person: "You chose it. No rule changes it.",
  rule: "One of your rules chose it.",
  source: "It comes from your bank's own sorting.",
};

/** Everything about a transaction, and a note of one's own. What the bank wrote stays plain text. */
export function TransactionDialog({ transaction, actions, sortFailure, onSaved, onClose }: Props) {
  const { id, company, amountMinor, currency, date, isPending, category } = transaction;
  const { run, isBusy, failure } = useAction();
  const [note, setNote] = useState(transaction.note ?? "");
  const save = async () => {
    const isSaved = await run(async () => {
      const body = { note: note.trim() === "" ? null : note };
      const reply = await sendJson<{ transaction: TransactionView }>("PATCH", `/api/money/transactions/${id}`, body);
      onSaved(reply.transaction);
    });
    if (isSaved) onClose();
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle className="[overflow-wrap:anywhere]">{company}</DialogTitle>
          <DialogDescription>
            <Amount amountMinor={amountMinor} currency={currency} locale={actions.locale} className="font-medium" /> on{" "}
            {formatDay(date, actions.locale)}
            {isPending && ", pending: the bank may still change it"}
          </DialogDescription>
        </DialogHeader>
        <Facts transaction={transaction} />
        <div className="text-sm">
          <p className="mb-1.5 font-medium">Category</p>
          <RowCategory transaction={transaction} actions={actions} />
          <FailureNote text={sortFailure} className="mt-1.5" />
          <p className="mt-1.5 text-muted-foreground text-xs">
            {byWords[transaction.categoryBy]}{" "}
            <Link
              href={`/money/rules?${new URLSearchParams({ pattern: company, category })}`}
              className="underline underline-offset-4"
            >
              Make a rule for {company}
            </Link>
          </p>
        </div>
        <div>
          <Label htmlFor="transaction-note">Note</Label>
          <Textarea
            id="transaction-note"
            value={note}
            maxLength={2000}
            onChange={(event) => setNote(event.target.value)}
            className="mt-2"
          />
        </div>
        <FailureNote text={failure} />
        <DialogFooter>
          <Button variant="outline" onClick={onClose}>
            Close
          </Button>
          <Button disabled={isBusy || note.trim() === (transaction.note ?? "")} onClick={() => void save()}>
            Save note
          </Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}

function Facts({ transaction }: { transaction: TransactionView }) {
  const { company, merchant, description, kind, accountId, accountName } = transaction;
  return (
    <dl className="grid grid-cols-[6rem_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-sm [overflow-wrap:anywhere] [&_dt]:text-muted-foreground">
      <dt>Account</dt>
      <dd>
        <Link href={listPath({ accountId })} className="underline underline-offset-4">
          {accountName}
        </Link>
      </dd>
      <dt>At the bank</dt>
      <dd>{merchant}</dd>
      {description && description !== merchant && (
        <>
          <dt>Description</dt>
          <dd>{description}</dd>
        </>
      )}
      <dt>Kind</dt>
      <dd>{kindWords[kind]}</dd>
      <dt>Others</dt>
      <dd>
        <Link href={listPath({ company })} className="underline underline-offset-4">
          All from {company}
        </Link>
      </dd>
    </dl>
  );
}
