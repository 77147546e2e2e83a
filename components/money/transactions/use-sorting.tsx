"use client";

import Link from "next/link";
import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { Button } from "@/components/ui/button";
import type { TransactionView } from "@/lib/contracts/finance";
import type { CategorizeRequest } from "@/lib/contracts/money-requests";
import { formatCount } from "../money-text";
import { useUndoable } from "../use-undoable";

type Which = Pick<CategorizeRequest, "transactionIds" | "filter">;

/** The rows of a page as they are while they are changed: at once on the screen, and back again when it could not be kept. */
export function useSorting(transactions: TransactionView[], locale: string) {
  const [rows, setRows] = useState(transactions);
  const [from, setFrom] = useState(transactions);
  // The page was read again: what it says counts.
  if (from !== transactions) {
    setFrom(transactions);
    setRows(transactions);
  }
  const undoable = useUndoable();
  const keep = (changed: TransactionView) =>
    setRows((before) => before.map((row) => (row.id === changed.id ? changed : row)));
  const send = (which: Which, category: string) =>
    sendJson<{ changed: number; undoId: string | null }>("POST", "/api/money/transactions/categorize", {
      ...which,
      category,
    });
  const sortOne = async (transaction: TransactionView, category: string) => {
    keep({ ...transaction, category, categoryBy: "person" });
    const isKept = await undoable.run(async () => {
      const { undoId } = await send({ transactionIds: [transaction.id] }, category);
      return {
        message: `${transaction.company} is ${category} now.`,
        undoId,
        more: <RuleLink transaction={transaction} category={category} />,
      };
    });
    if (!isKept) keep(transaction);
  };
  const sortMany = (which: Which, category: string) =>
    undoable.run(async () => {
      const { changed, undoId } = await send(which, category);
      const message =
        changed === 0
          ? `All are ${category} already.`
          : `${formatCount(changed, "transaction", locale)} set to ${category}.`;
      return { message, undoId };
    });
  return { rows, sortOne, sortMany, keep, undoable };
}

function RuleLink({ transaction, category }: { transaction: TransactionView; category: string }) {
  const query = new URLSearchParams({ pattern: transaction.company, category });
  return (
    <Button asChild size="sm" variant="ghost">
      <Link href={`/money/rules?${query}`}>Always</Link>
    </Button>
  );
}
