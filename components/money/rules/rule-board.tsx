"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { sendJson } from "@/components/api/send-json";
import { Button } from "@/components/ui/button";
import { FailureNote } from "@/components/ui/failure-note";
import { Input } from "@/components/ui/input";
import type { NewRule, RulesPreview, RuleView } from "@/lib/contracts/finance";
import type { RuleChange } from "@/lib/contracts/money-requests";
import { UndoToast } from "../undo-toast";
import { useUndoable } from "../use-undoable";
import { ApplyRules } from "./apply-rules";
import { RuleForm } from "./rule-form";
import { RuleRow } from "./rule-row";

interface Props {
  rules: RuleView[];
  /** What applying them as they are would change. */
  preview: RulesPreview;
  categories: string[];
  /** A rule that somebody came here to make. */
  asked: { pattern: string; category: string } | null;
  locale: string;
}

type Editing = { kind: "new"; rule: NewRule } | { kind: "edit"; rule: RuleView } | null;

const emptyRule: NewRule = { pattern: "", category: "" };

/** Rules in their order: added, changed, moved and deleted, with what each change would do before it is done. */
export function RuleBoard({ rules, preview, categories, asked, locale }: Props) {
  const [editing, setEditing] = useState<Editing>(asked ? { kind: "new", rule: asked } : null);
  const [words, setWords] = useState("");
  const undoable = useUndoable();
  const { run, isBusy, failure } = undoable;
  const found = rules.filter((rule) => fits(rule, words));
  const change = (rule: RuleView, wanted: RuleChange, message: string) =>
    run(async () => {
      await sendJson("PATCH", `/api/money/rules/${rule.id}`, wanted);
      return { message, undoId: null };
    });
  const remove = (rule: RuleView) =>
    run(async () => {
      await sendJson("DELETE", `/api/money/rules/${rule.id}`);
      return { message: `The rule “${rule.pattern}” was deleted. Transactions stay as they are.`, undoId: null };
    });
  return (
    <>
      <ApplyRules preview={preview} locale={locale} isBusy={isBusy} run={run} />
      <FailureNote text={failure} className="mt-4" />
      <div className="mt-6 flex flex-wrap gap-2">
        <Input
          type="search"
          aria-label="Search rules"
          placeholder="Search rules"
          value={words}
          onChange={(event) => setWords(event.target.value)}
          className="min-w-40 flex-1"
        />
        <Button onClick={() => setEditing({ kind: "new", rule: emptyRule })}>
          <Plus aria-hidden className="size-4" /> New rule
        </Button>
      </div>
      <ol aria-label="Rules" className="mt-3 divide-y rounded-lg border bg-card">
        {found.map((rule) => (
          <RuleRow
            key={rule.id}
            rule={rule}
            count={rules.length}
            isBusy={isBusy}
            onMove={(position) => void change(rule, { position }, `“${rule.pattern}” is number ${position} now.`)}
            onSwitch={(isEnabled) =>
              void change(rule, { isEnabled }, `“${rule.pattern}” is ${isEnabled ? "on" : "off"} now.`)
            }
            onEdit={() => setEditing({ kind: "edit", rule })}
            onDelete={() => void remove(rule)}
          />
        ))}
        {found.length === 0 && (
          <li className="px-4 py-8 text-center text-muted-foreground text-sm">
            {rules.length === 0 ? "No rule. Transactions keep the sorting of your bank." : "No rule matches."}
          </li>
        )}
      </ol>
      {editing && (
        <RuleForm
          ruleId={editing.kind === "edit" ? editing.rule.id : null}
          first={editing.rule}
          categories={categories}
          locale={locale}
          onClose={() => setEditing(null)}
          onSaved={(done) => {
            setEditing(null);
            undoable.tell(done);
          }}
        />
      )}
      <UndoToast
        done={undoable.done}
        isBusy={isBusy}
        onUndo={(id) => void undoable.undo(id)}
        onClose={undoable.close}
      />
    </>
  );
}

function fits({ pattern, company, category }: RuleView, words: string): boolean {
  return `${pattern} ${company ?? ""} ${category}`.toLowerCase().includes(words.trim().toLowerCase());
}
