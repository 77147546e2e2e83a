import type { SourceAccount } from "../../contracts/adapter";
import { digest, tidyText } from "./make-id";

const typeWords: [RegExp, SourceAccount["type"]][] = [
  [/credit|visa|master ?card|amex|american express|kreditkarte|crédit|crédito|\bcards?\b|karte/i, "credit"],
  [/saving|spar|épargne|livret|ahorro|risparmio|\btfsa\b/i, "savings"],
  [/invest|broker|depot|\brrsp\b|titres/i, "investment"],
  [/loan|mortgage|kredit|darlehen|prêt|hypoth/i, "loan"],
];

/**
 * An account by what a file calls it. The file's name is no part of its id, so a renamed file is the same account.
 * @param key a number or a name; only its last four digits are kept
 */
export function accountOf(key: string, name: string, kind?: SourceAccount["type"]): SourceAccount {
  const isNumber = /\d{4}\W*$/.test(key);
  const mask = isNumber ? key.replace(/\W/g, "").slice(-4) : undefined;
  const isNamed = mask === undefined || name.includes(mask);
  return {
    id: `file:${digest([tidyText(key).toLowerCase()])}`,
    name: isNamed ? name : `${name} (${mask})`,
    type: kind ?? typeWords.find(([words]) => words.test(`${name} ${key}`))?.[1] ?? "checking",
    balance: null,
    ...(mask === undefined ? {} : { mask }),
  };
}
