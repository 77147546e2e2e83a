import { cleanMerchant } from "./clean-merchant";
import { splitWords } from "./split-words";

/** Words that many merchants share. */
const common = new Set(
  "the and inc ltd llc co corp company store shop market canada usa online purchase payment debit credit card visa pos bill gmbh de la le les of des com www interac".split(
    " ",
  ),
);

/** What a name is compared by: its own words of three letters and more, and all of it as one. */
export interface MerchantMark {
  whole: string;
  words: ReadonlySet<string>;
}

export function markMerchant(merchant: string, company: string): MerchantMark {
  const all = [...splitWords(merchant), ...splitWords(company)];
  return {
    whole: splitWords(cleanMerchant(merchant)).join(" "),
    words: new Set(all.filter((word) => word.length >= 3 && !/^\d+$/.test(word) && !common.has(word))),
  };
}

/** True when two texts probably name the same merchant: two sources seldom write one in the same way. */
export function isSameMerchant(one: MerchantMark, other: MerchantMark): boolean {
  if (one.whole === other.whole) return true;
  for (const word of one.words) if (other.words.has(word)) return true;
  return false;
}
