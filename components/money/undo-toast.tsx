"use client";

import { Undo2, X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";

export interface Done {
  message: string;
  /** Entry of the merge log that takes it back; null when there is nothing to take back. */
  undoId: string | null;
  /** A way on. */
  more?: ReactNode;
}

interface Props {
  done: Done | null;
  isBusy: boolean;
  onUndo: (undoId: string) => void;
  onClose: () => void;
}

/** Says what was done and offers to take it back, for as long as nobody closes it. The region is always there, so it is read out. */
export function UndoToast({ done, isBusy, onUndo, onClose }: Props) {
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 bottom-0 z-40 flex justify-center p-4 md:left-16">
      {done && (
        <div className="pointer-events-auto flex max-w-full items-center gap-3 rounded-lg border bg-card py-2 pr-2 pl-4 text-sm shadow-lg">
          <p className="min-w-0 [overflow-wrap:anywhere]">{done.message}</p>
          {done.undoId !== null && (
            <Button size="sm" variant="outline" disabled={isBusy} onClick={() => done.undoId && onUndo(done.undoId)}>
              <Undo2 aria-hidden className="size-3.5" /> Undo
            </Button>
          )}
          {done.more}
          <button
            type="button"
            aria-label="Close this message"
            onClick={onClose}
            className="inline-flex size-8 shrink-0 cursor-pointer items-center justify-center rounded-md text-muted-foreground outline-none hover:bg-muted hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
          >
            <X aria-hidden className="size-4" />
          </button>
        </div>
      )}
    </div>
  );
}
