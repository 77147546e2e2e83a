import type { BuildRequest } from "@/lib/contracts/build";
import { makeSlug, nounOfPath } from "./names";
import { plainText } from "./quote";
import { plural, splitWords, stem } from "./words";

export interface ModuleName {
  category: string;
  name: string;
  title: string;
}

/** Words of a title that say only that it is an API. */
const titleNoise = new Set(
  "api apis rest restful http web service services server sample demo example public official open the a an for of v1 v2 v3 swagger openapi spec specification simple documentation reference".split(
    " ",
  ),
);

/** What words of a title or a wish say about the kind of thing. The first row that matches wins. */
const categories: [category: string, words: string][] = [
  ["weather", "weather forecast meteo climate temperature rain"],
  ["books", "library book loan isbn reading novel author"],
  ["calendar", "calendar event meeting appointment schedule agenda"],
  [
    "finance",
    "finance bank transaction account payment invoice billing currency exchange stock crypto bitcoin price ledger budget money",
  ],
  ["health", "health fitness sleep workout heart step nutrition medical"],
  ["travel", "travel flight hotel train bus transit trip station airport departure route"],
  ["gaming", "game gaming player match clan tournament pokemon chess"],
  ["music", "music song album playlist artist concert"],
  ["movies", "movie film cinema series tv show episode"],
  ["news", "news headline article feed blog"],
  ["sports", "sport football soccer team league score"],
  ["shopping", "shop store product order cart shopping pet"],
  ["food", "food recipe restaurant meal cocktail"],
  ["work", "project issue task ticket repository commit todo board sprint"],
  ["people", "contact people person user directory employee crm customer"],
  ["home", "home device sensor light thermostat energy"],
  ["mail", "mail email message inbox chat"],
  ["maps", "map geocode place location address country city"],
];

/** A title without what only says that it is an API: "Sample Library API" → "library". */
export function nameModule(request: BuildRequest, apiTitle: string, url: string | null, nouns: string[]): ModuleName {
  const words = splitWords(apiTitle).filter((word) => !titleNoise.has(word) && !/^\d+$/.test(word));
  const fromTitle = makeSlug(words.slice(0, 4).join(" "), "");
  const name = request.name ?? (fromTitle || nameFromAddress(url, nouns));
  const title = plainText(apiTitle, 60) || titleFromName(name);
  return { category: request.category ?? guessCategory(`${apiTitle} ${name}`, request.wish, nouns), name, title };
}

/** `api.example.com` → "example"; a number or localhost says nothing, the path does. */
function nameFromAddress(url: string | null, nouns: string[]): string {
  const host = url ? new URL(url).hostname : "";
  const labels = /[a-z]/.test(host) && host !== "localhost" && !host.startsWith("[") ? host.split(".") : [];
  const isShortSecond = labels.length > 2 && /^(co|com|org|gov|ac|net)$/.test(labels.at(-2) ?? "");
  const label = labels.at(isShortSecond ? -3 : -2) ?? "";
  const noun = nouns[0] ?? nounOfPath(url ? new URL(url).pathname : "");
  return makeSlug(label, "") || makeSlug(noun ? plural(noun) : "", "custom");
}

function titleFromName(name: string): string {
  return name
    .split("-")
    .map((word) => word[0]?.toUpperCase() + word.slice(1))
    .join(" ");
}

function guessCategory(title: string, wish: string, nouns: string[]): string {
  const withoutAddress = wish.replace(/https?:\/\/\S+/g, " ");
  for (const text of [title, nouns.join(" "), withoutAddress]) {
    const stems = new Set(splitWords(text).map(stem));
    const found = categories.find(([, words]) => words.split(" ").some((word) => stems.has(stem(word))));
    if (found) return found[0];
  }
  return "custom";
}
