"use client";

import { useId, useState } from "react";
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
import { type NewRule, transactionKinds } from "@/lib/contracts/finance";
import { CategoryPicker } from "../category-picker";
import { SelectField } from "../imports/select-field";
import { formatCount, kindWords } from "../money-text";
import type { Done } from "../undo-toast";
import { PreviewList } from "./preview-list";
import { useRulePreview } from "./use-rule-preview";

interface Props {
  /** Null: a new one. */
  ruleId: string | null;
  first: NewRule;
  categories: readonly string[];
  locale: string;
  onClose: () => void;
  onSaved: (done: Done) => void;
}

/** A rule, with what it would change while it is written. It stays with all that was written until the rule is saved. */
export function RuleForm({ ruleId, first, categories, locale, onClose, onSaved }: Props) {
  const [rule, setRule] = useState<NewRule>(() => contentOf(first));
  const { run, isBusy, failure } = useAction();
  const set = (change: Partial<NewRule>) => setRule({ ...rule, ...change });
  const isWhole = rule.pattern.trim() !== "" && rule.category.trim() !== "";
  const save = async () => {
    const isSaved = await run(async () => {
      if (ruleId === null) await sendJson("POST", "/api/money/rules", rule);
      else await sendJson("PATCH", `/api/money/rules/${ruleId}`, rule);
    });
    if (isSaved)
      onSaved({ message: `The rule “${rule.pattern}” was ${ruleId === null ? "added" : "changed"}.`, undoId: null });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>{ruleId === null ? "New rule" : "Edit rule"}</DialogTitle>
          <DialogDescription>
            The first rule that matches decides.
            {ruleId === null && " A new one goes before all others."}
          </DialogDescription>
        </DialogHeader>
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (isWhole && !isBusy) void save();
          }}
        >
          <Fields rule={rule} categories={categories} onChange={set} />
          <Preview ruleId={ruleId} rule={rule} locale={locale} />
          <FailureNote text={failure} />
          <DialogFooter>
            <Button variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!isWhole || isBusy}>
              Save rule
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}

interface FieldsProps {
  rule: NewRule;
  categories: readonly string[];
  onChange: (change: Partial<NewRule>) => void;
}

function Fields({ rule, categories, onChange }: FieldsProps) {
  const id = useId();
  return (
    <>
      <div className="flex flex-col gap-2">
        <Label htmlFor={`${id}-pattern`}>When the merchant has</Label>
        <Input
          id={`${id}-pattern`}
          value={rule.pattern}
          maxLength={200}
          autoComplete="off"
          aria-describedby={`${id}-about`}
          onChange={(event) => onChange({ pattern: event.target.value })}
        />
        <p id={`${id}-about`} className="text-muted-foreground text-xs">
          Whole words, such as <code>uber eats</code>. <code>*</code> stands for any letters: <code>amzn*</code>.{" "}
          <code>|</code> means or: <code>shell | esso</code>.
        </p>
      </div>
      <div className="flex flex-col gap-2">
        <span className="font-medium text-sm leading-none">Category</span>
        <CategoryPicker
          value={rule.category === "" ? null : rule.category}
          categories={categories}
          label={`Category: ${rule.category || "none yet"}. Choose`}
          onChoose={(category) => onChange({ category })}
          className="h-9 w-full cursor-pointer rounded-md border border-control bg-background px-3 text-left text-sm outline-none focus-visible:ring-2 focus-visible:ring-ring/50"
        >
          {rule.category || <span className="text-muted-foreground">Choose a category</span>}
        </CategoryPicker>
      </div>
      <div className="flex flex-col gap-2">
        <Label htmlFor={`${id}-company`}>Call it (optional)</Label>
        <Input
          id={`${id}-company`}
          value={rule.company ?? ""}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => onChange({ company: event.target.value.trim() === "" ? null : event.target.value })}
        />
      </div>
      <SelectField
        label="Kind"
        value={rule.kind ?? ""}
        choices={transactionKinds.map((value) => ({ value, label: kindWords[value] }))}
        emptyLabel="What the category suggests"
        onChange={(kind) => onChange({ kind: transactionKinds.find((one) => one === kind) ?? null })}
      />
    </>
  );
}

function Preview({ ruleId, rule, locale }: { ruleId: string | null; rule: NewRule; locale: string }) {
  const state = useRulePreview(ruleId, rule);
  return (
    <div className="text-sm">
      <p role="status" className={state.kind === "failed" ? "text-destructive" : "text-muted-foreground"}>
        {state.kind === "none" && "What it would change stands here."}
        {state.kind === "looking" && "Looking what it would change…"}
        {state.kind === "failed" && state.message}
        {state.kind === "found" &&
          (state.preview.changed === 0
            ? "Applied with this rule, your rules would change nothing."
            : `Applied with this rule, your rules would change ${formatCount(state.preview.changed, "transaction", locale)}.`)}
      </p>
      {state.kind === "found" && state.preview.changed > 0 && <PreviewList preview={state.preview} locale={locale} />}
    </div>
  );
}

/** What a person writes of a rule, without its id and place. */
function contentOf({ pattern, company = null, category, kind = null, isEnabled = true }: NewRule): NewRule {
  return { pattern, company, category, kind, isEnabled };
}
