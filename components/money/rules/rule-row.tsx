"use client";

import { ArrowDown, ArrowUp, ChevronsUp, Pencil, Trash2 } from "lucide-react";
import type { RuleView } from "@/lib/contracts/finance";
import { kindWords } from "../money-text";

interface Props {
  rule: RuleView;
  /** How many rules there are. */
  count: number;
  isBusy: boolean;
  onMove: (position: number) => void;
  onSwitch: (isEnabled: boolean) => void;
  onEdit: () => void;
  onDelete: () => void;
}

/** One rule as a sentence, and what can be done with it. */
export function RuleRow({ rule, count, isBusy, onMove, onSwitch, onEdit, onDelete }: Props) {
  const { position, pattern, company, category, kind, isEnabled } = rule;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5 text-sm">
      <span className="w-8 shrink-0 text-muted-foreground text-xs tabular-nums">{position}</span>
      <div className={`min-w-0 grow basis-56 ${isEnabled ? "" : "text-muted-foreground line-through"}`}>
        <code className="[overflow-wrap:anywhere]">{pattern}</code>
        <p className="text-muted-foreground text-xs [overflow-wrap:anywhere]">
          <span aria-hidden>→ </span>
          {[company, category, kind && kindWords[kind]].filter(Boolean).join(" · ")}
        </p>
      </div>
      <label className="flex items-center gap-1.5 text-xs">
        <input
          type="checkbox"
          checked={isEnabled}
          disabled={isBusy}
          aria-label={`On: ${pattern}`}
          onChange={(event) => onSwitch(event.target.checked)}
          className="size-4 accent-primary"
        />
        On
      </label>
      <div className="flex">
        <Act label={`Move up: ${pattern}`} isOff={isBusy || position === 1} onAct={() => onMove(position - 1)}>
          <ArrowUp aria-hidden className="size-4" />
        </Act>
        <Act label={`Move down: ${pattern}`} isOff={isBusy || position === count} onAct={() => onMove(position + 1)}>
          <ArrowDown aria-hidden className="size-4" />
        </Act>
        <Act label={`Move to the top: ${pattern}`} isOff={isBusy || position === 1} onAct={() => onMove(1)}>
          <ChevronsUp aria-hidden className="size-4" />
        </Act>
        <Act label={`Edit: ${pattern}`} isOff={isBusy} onAct={onEdit}>
          <Pencil aria-hidden className="size-4" />
        </Act>
        <Act label={`Delete: ${pattern}`} isOff={isBusy} onAct={onDelete}>
          <Trash2 aria-hidden className="size-4" />
        </Act>
      </div>
    </li>
  );
}

interface ActProps {
  label: string;
  isOff: boolean;
  onAct: () => void;
  children: React.ReactNode;
}

/** Stays focused while it is off: who moves a rule by keyboard goes on from where they are. */
function Act({ label, isOff, onAct, children }: ActProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-disabled={isOff}
      onClick={() => !isOff && onAct()}
      className="inline-flex size-8 cursor-pointer items-center justify-center rounded-md text-muted-foreground outline-none hover:bg-muted hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring aria-disabled:cursor-default aria-disabled:opacity-40"
    >
      {children}
    </button>
  );
}
