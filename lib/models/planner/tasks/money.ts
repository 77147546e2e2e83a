import { moneyAnswers } from "../answers/describe-money";
import { describeValue } from "../answers/describe-value";
import type { Message } from "../language/message";
import type { Word } from "../language/words";
import { findDates } from "../slots/find-dates";
import { type ReadTask, callTask, hasTool, slotWords, textOf } from "../task";

export const sumsTool = "query_finance";

/** "by category", "per month". */
const groups: Readonly<Record<string, string>> = {
  category: "category",
  categories: "category",
  company: "company",
  companies: "company",
  merchant: "company",
  merchants: "company",
  shop: "company",
  month: "month",
  months: "month",
  year: "year",
  account: "account",
};
const atPlace = new Set(["at", "with", "to", "from"]);
const onThing = new Set(["on", "for"]);
const empty = new Set(
  "in during over the a an of so far on for at with to money total all i we me my us most more much did do have ever please altogether and , ?".split(
    " ",
  ),
);
const anything = new Set(["everything", "anything", "it", "things", "stuff", "all"]);

/** "How much did I spend on groceries last month?", "Show my spending by category". */
export const readSpending: ReadTask = (clause, message, context, found) => {
  if (!hasTool(context, sumsTool)) return null;
  const words = slotWords(found, "rest", clause.words);
  const dates = findDates(words, context.today)[0] ?? null;
  const left = words.filter((_, index) => !(dates && index >= dates.first && index < dates.end));
  const by = left.findIndex(
    ({ lower }, index) => /^(by|per)$/.test(lower) && groups[left[index + 1]?.lower ?? ""] !== undefined,
  );
  const groupBy = by < 0 ? undefined : groups[left[by + 1]?.lower ?? ""];
  const about = by < 0 ? left : left.filter((_, index) => index !== by && index !== by + 1);
  const isIncome = clause.words.some(({ lower }) => /^(earn|earned|income|make|made)$/.test(lower));
  const which = isIncome ? { kind: "income" } : readWhich(about, message);
  // "How much did I pay for the boiler?" may be a note; what is no category and no shop with a day is not answered from here.
  if (which === null) return null;
  const input = {
    ...(groupBy === undefined ? {} : { group_by: groupBy }),
    ...which,
    ...(dates ? { from: dates.from, to: dates.to } : {}),
  };
  return callTask(
    "money",
    { tool: sumsTool, input },
    (output) => moneyAnswers[sumsTool]?.(output) ?? describeValue(output),
  );
};

/** On what, or at whose; an empty object when nothing is named. */
function readWhich(words: readonly Word[], message: Message): Record<string, string> | null {
  const at = words.findIndex(({ lower }) => atPlace.has(lower) || onThing.has(lower));
  const isPlace = at >= 0 && atPlace.has(words[at]?.lower ?? "");
  let [from, to] = [at < 0 ? 0 : at + 1, words.length];
  const isEmpty = (word: Word | undefined) => word !== undefined && (!word.isWord || empty.has(word.lower));
  while (from < to && isEmpty(words[from])) from++;
  while (to > from && isEmpty(words[to - 1])) to--;
  const named = words.slice(from, to);
  if (named.length === 0 || named.every(({ lower }) => anything.has(lower))) return {};
  if (at < 0 || named.length > 4) return null;
  const text = textOf(named, message);
  return isPlace ? { search: text } : { category: text };
}
