import type { TransactionKind } from "@/lib/contracts/finance";
import { cleanMerchant } from "./clean-merchant";
import { firstWordsOf, matchesPattern, type Pattern, parsePattern } from "./match-rule";
import { categoryOfSource } from "./source-categories";
import { splitWords } from "./split-words";

/** A rule as data. */
export interface Rule {
  id: string;
  pattern: string;
  /** Null: the merchant's own name. */
  company: string | null;
  category: string;
  /** Null: what the category suggests. */
  kind: TransactionKind | null;
  isEnabled: boolean;
}

/** What is known of a transaction before it is sorted. */
export interface Sortable {
  merchant: string;
  description: string | null;
  sourceCategory: string | null;
  /** Positive is money in. */
  amountMinor: number;
}

export interface Sorted {
  company: string;
  category: string;
  kind: TransactionKind;
  categoryBy: "rule" | "source";
  ruleId: string | null;
}

interface CompiledRule {
  rule: Rule;
  pattern: Pattern;
  at: number;
}

/** Rules, read once for many transactions. */
export interface CompiledRules {
  /** By a word that a text must hold: most rules are never looked at. */
  byWord: ReadonlyMap<string, readonly CompiledRule[]>;
  /** Those that begin with a wildcard. */
  always: readonly CompiledRule[];
}

/** @param rules in their order; the first that matches wins */
export function compileRules(rules: readonly Rule[]): CompiledRules {
  const byWord = new Map<string, CompiledRule[]>();
  const always: CompiledRule[] = [];
  for (const [at, rule] of rules.entries()) {
    if (!rule.isEnabled) continue;
    const compiled = { rule, pattern: parsePattern(rule.pattern), at };
    const words = firstWordsOf(compiled.pattern);
    if (!words) always.push(compiled);
    else for (const word of new Set(words)) byWord.set(word, [...(byWord.get(word) ?? []), compiled]);
  }
  return { byWord, always };
}

/** Who it is, what for, and of which kind: by the first rule that fits, else by the source's word for it, else by its sign. */
export function categorize(transaction: Sortable, rules: CompiledRules): Sorted {
  const { merchant, description, sourceCategory, amountMinor } = transaction;
  // The merchant's own name tells more than a memo, in which anything may stand.
  const rule = findRule(splitWords(merchant), rules) ?? findRule(splitWords(description ?? ""), rules);
  if (rule)
    return {
      company: rule.company ?? cleanMerchant(merchant),
      category: rule.category,
      kind: kindOf(rule.kind ?? suggestedKind(rule.category), amountMinor),
      categoryBy: "rule",
      ruleId: rule.id,
    };
  const known = sourceCategory === null ? null : categoryOfSource(sourceCategory);
  const kind = known ? (known.kind ?? suggestedKind(known.category)) : amountMinor > 0 ? "income" : "expense";
  return {
    company: cleanMerchant(merchant),
    category: known?.category ?? "Other",
    // Money that comes without a word may be anything; it is called a refund only where something says what was bought.
    kind: known?.category === "Other" && amountMinor > 0 ? "income" : kindOf(kind, amountMinor),
    categoryBy: known ? "source" : "rule",
    ruleId: null,
  };
}

/** The kind that a category suggests for an amount. */
export function kindOfCategory(category: string, amountMinor: number): TransactionKind {
  return kindOf(suggestedKind(category), amountMinor);
}

function findRule(words: readonly string[], { byWord, always }: CompiledRules): Rule | null {
  let found: CompiledRule | null = null;
  const consider = (compiled: CompiledRule) => {
    if ((!found || compiled.at < found.at) && matchesPattern(compiled.pattern, words)) found = compiled;
  };
  for (const compiled of always) consider(compiled);
  for (const word of words) for (const compiled of byWord.get(word) ?? []) consider(compiled);
  return (found as CompiledRule | null)?.rule ?? null;
}

function suggestedKind(category: string): TransactionKind {
  if (category === "Income") return "income";
  if (category === "Transfer") return "transfer";
  return category === "Banking" ? "fee" : "expense";
}

/** Money that comes back is a refund of what was spent; income that goes is an expense. */
function kindOf(kind: TransactionKind, amountMinor: number): TransactionKind {
  if (amountMinor > 0 && (kind === "expense" || kind === "fee")) return "refund";
  if (amountMinor < 0 && kind === "income") return "expense";
  if (amountMinor < 0 && kind === "refund") return "expense";
  return kind;
}
