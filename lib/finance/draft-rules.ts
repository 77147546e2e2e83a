import type { Rule } from "./categorize";

/** The id that a rule has while it is only looked at. */
const draftId = "draft";

/** A change of the rules that nobody has made yet. */
export interface Draft {
  ruleId?: string;
  /** Left out: the rule that is named is gone. */
  rule?: Omit<Rule, "id">;
  /** From 1. A changed rule stays where it is when left out, a new one goes before all others. */
  position?: number;
}

/** The rules as they would be. What is stored stays as it is. */
export function draftRules(rules: readonly Rule[], { ruleId, rule, position }: Draft): Rule[] {
  const at = rules.findIndex(({ id }) => id === ruleId);
  const others = rules.filter(({ id }) => id !== ruleId);
  const known = rules[at];
  if (!rule && (position === undefined || !known)) return others;
  const wanted = rule ? { ...rule, id: ruleId ?? draftId } : known;
  const place = position === undefined ? Math.max(at, 0) : Math.min(Math.max(position - 1, 0), others.length);
  return wanted ? [...others.slice(0, place), wanted, ...others.slice(place)] : others;
}
