import type { TransactionKind } from "@/lib/contracts/finance";
import { cleanMerchant } from "./clean-merchant";
import { type Alternative, anchorOf, matchesPattern, parsePattern } from "./match-rule";
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
  /** One alternative of its pattern. */
  pattern: readonly [Alternative];
  at: number;
}

/** Rules, read once for many transactions. */
export interface CompiledRules {
  /** By a word that a text must hold: most rules are never looked at. */
  byWord: ReadonlyMap<string, readonly CompiledRule[]>;
  /** By how a word of it must begin: two letters, or the one there is. */
  byBeginning: ReadonlyMap<string, readonly CompiledRule[]>;
  /** Those that begin with a wildcard. */
  always: readonly CompiledRule[];
  /** What was found for a merchant before: most come again and again. */
  seen: Map<string, { rule: Rule | null; company: string }>;
}
const maxSeen = 20_000;

/** @param rules in their order; the first that matches wins */
export function compileRules(rules: readonly Rule[]): CompiledRules {
  const byWord = new Map<string, CompiledRule[]>();
  const byBeginning = new Map<string, CompiledRule[]>();
  const always: CompiledRule[] = [];
  const put = (map: Map<string, CompiledRule[]>, key: string, compiled: CompiledRule) => {
    map.set(key, [...(map.get(key) ?? []), compiled]);
  };
  for (const [at, rule] of rules.entries()) {
    if (!rule.isEnabled) continue;
    for (const alternative of parsePattern(rule.pattern)) {
      const compiled: CompiledRule = { rule, pattern: [alternative], at };
      const anchor = anchorOf(alternative);
      if (!anchor) always.push(compiled);
      else if ("word" in anchor) put(byWord, anchor.word, compiled);
      else put(byBeginning, anchor.prefix.slice(0, 2), compiled);
    }
  }
  return { byWord, byBeginning, always, seen: new Map() };
}

/** Who it is, what for, and of which kind: by the first rule that fits, else by the source's word for it, else by its sign. */
export function categorize(transaction: Sortable, rules: CompiledRules): Sorted {
  const { merchant, description, sourceCategory, amountMinor } = transaction;
  // The merchant's own name tells more than a memo, in which anything may stand.
  const known = knowMerchant(merchant, rules);
  const rule = known.rule ?? (description ? findRule(splitWords(description), rules) : null);
  if (rule)
    return {
      company: rule.company ?? known.company,
      category: rule.category,
      kind: kindOf(rule.kind ?? suggestedKind(rule.category), amountMinor),
      categoryBy: "rule",
      ruleId: rule.id,
    };
  const word = sourceCategory === null ? null : categoryOfSource(sourceCategory);
  const kind = word ? (word.kind ?? suggestedKind(word.category)) : amountMinor > 0 ? "income" : "expense";
  return {
    company: known.company,
    category: word?.category ?? "Other",
    // Money that comes without a word may be anything; it is called a refund only where something says what was bought.
    kind: word?.category === "Other" && amountMinor > 0 ? "income" : kindOf(kind, amountMinor),
    categoryBy: word ? "source" : "rule",
    ruleId: null,
  };
}

/** The kind that a category suggests for an amount. */
export function kindOfCategory(category: string, amountMinor: number): TransactionKind {
  return kindOf(suggestedKind(category), amountMinor);
}

function knowMerchant(merchant: string, rules: CompiledRules): { rule: Rule | null; company: string } {
  const before = rules.seen.get(merchant);
  if (before) return before;
  const known = { rule: findRule(splitWords(merchant), rules), company: cleanMerchant(merchant) };
  if (rules.seen.size < maxSeen) rules.seen.set(merchant, known);
  return known;
}

function findRule(words: readonly string[], { byWord, byBeginning, always }: CompiledRules): Rule | null {
  const candidates = [...always];
  for (const word of words)
    for (const some of [byWord.get(word), byBeginning.get(word.slice(0, 2)), byBeginning.get(word.slice(0, 1))])
      if (some) candidates.push(...some);
  let found: CompiledRule | undefined;
  for (const compiled of candidates)
    if ((!found || compiled.at < found.at) && matchesPattern(compiled.pattern, words)) found = compiled;
  return found?.rule ?? null;
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
