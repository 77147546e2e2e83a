import { fold } from "./split-words";

/** Names of payment services that banks write before the merchant's. */
const carriers =
  /^(?:sq|sqr|tst|sp|pp|paypal|pypl|py|ls|ck|bt|dd|toast|zettle|izettle|iz|sumup|stripe|fs|wl|lsp|eb|mwd)\s?\*\s*/i;
/** What was done, which says nothing about with whom. */
const acts =
  /^(?:point of sale|pos|interac|visa debit|debit card|credit card|card|contactless|kartenzahlung|purchase|retail purchase|pre-?auth(?:orized)?|recurring|checkcard|check card)(?: (?:purchase|debit|payment|withdrawal|pos|retail purchase))?\s*[-–:]?\s+(?=\S)/i;
const states =
  "AB BC MB NB NL NS NT NU ON PE QC SK YT AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC";
const place = new RegExp(`\\s+(?:${states.replaceAll(" ", "|")})(?:\\s+(?:CA|CAN|US|USA))?$`);
const shopNumber = /\s+(?:#\s?)?[A-Z]?\d{2,}\b/gi;
/** Longer than any bank writes; it bounds the time that a text can take. */
const maxChars = 200;
/** Words that stay as they are written. */
const capitals = new Set(
  "ATM IKEA BMW CIBC RBC TD BMO HSBC ING BP KFC LCBO SAQ STM TTC VIA DB SNCF UPS USPS DHL EDF BVG LLC USA UK EU CVS H&M A&W T&T AT&T".split(
    " ",
  ),
);

/** "SQ *BLUE BOTTLE 0123 TORONTO ON" as a person would write it: "Blue Bottle". What cannot be read better stays as it is. */
export function cleanMerchant(merchant: string): string {
  const line = merchant.slice(0, maxChars).normalize("NFC").replace(/\s+/g, " ").trim();
  let text = dropPlace(dropActs(line).replace(carriers, ""));
  // Numbers of shops, terminals and orders, and what follows a star.
  text = text
    .replace(/\s?[*#]\s?[A-Z0-9]*\d[A-Z0-9]*\b.*$/i, "")
    .replace(/\s+\+?\d[\d-]{6,}\b.*$/, "")
    .replace(/\s+(?:https?:\/\/)?(?:www\.)?[\w-]+\.(?:com|ca|net|org|de|fr|co\.uk)(?:\/\S*)?$/i, "")
    .replace(/[\s*#,-]+$/, "")
    .trim();
  if (!/\p{L}/u.test(text)) return line || "Unknown";
  return toTitle(text.slice(0, 120).trim());
}

/** Banks write several of them one after the other, with the number of the act behind: "Point of sale - Interac purchase 0012". */
function dropActs(line: string): string {
  let text = line;
  for (let before = ""; before !== text; ) {
    before = text;
    text = text.replace(acts, "");
  }
  return text === line ? line : text.replace(/^\d{4,}\s+(?=.*\p{L})/u, "");
}

/** A number in the middle parts the name from the place; without one, a state at the end tells that there is a place. */
function dropPlace(text: string): string {
  for (const { index } of text.matchAll(shopNumber)) {
    const name = text.slice(0, index);
    if (/\p{L}/u.test(name) && fold(name).length >= 3) return name;
  }
  if (!place.test(text)) return text;
  const words = text.replace(place, "").split(" ");
  return (words.length > 2 ? words.slice(0, -1) : words).join(" ");
}

/** Only what is written all in capitals or all small is changed: others chose their letters. */
function toTitle(text: string): string {
  const letters = text.replace(/\P{L}/gu, "");
  if (letters !== letters.toUpperCase() && letters !== letters.toLowerCase()) return text;
  return text
    .split(" ")
    .map((word) => (capitals.has(word.toUpperCase()) ? word.toUpperCase() : titleWord(word)))
    .join(" ");
}

function titleWord(word: string): string {
  // "7-eleven", "tim's", "mc donald's": a letter behind an apostrophe stays small.
  return word
    .toLowerCase()
    .replace(/(^|[-/&(])(\p{L})/gu, (_all, before: string, letter: string) => before + letter.toUpperCase());
}
