import type { Adapter, AdapterIo } from "../../contracts/adapter";
import { AppError } from "../../contracts/errors";
import type { WebHit } from "../../contracts/open-data";
import { env } from "../../env";
import { plainText } from "./plain-text";
import { manifest } from "./manifest";
import { type Hit, type Provider, searchBrave, searchSearxng, searchSerper } from "./providers";

const maxHits = 20;
const maxQueryChars = 400;
const maxTitleChars = 300;
const maxSnippetChars = 1000;
const variables = { searxng: "SEARXNG_BASE_URL", serper: "SERPER_API_KEY", brave: "BRAVE_API_KEY" } as const;
const searches: Record<keyof typeof variables, Provider> = {
  searxng: searchSearxng,
  serper: searchSerper,
  brave: searchBrave,
};

/** Web search by the service that the owner of this installation chose. */
export const webSearch: Adapter = { manifest, missing, webSearch: { search } };

function missing(): string[] {
  const provider = env().WEB_SEARCH_PROVIDER;
  if (provider === undefined) return ["WEB_SEARCH_PROVIDER"];
  const variable = variables[provider];
  return env()[variable] === undefined ? [variable] : [];
}

async function search(io: AdapterIo, query: string, limit: number): Promise<WebHit[]> {
  const provider = env().WEB_SEARCH_PROVIDER;
  if (provider === undefined || missing().length > 0)
    throw new AppError("refused", "Web search is not set up in this installation.", {
      hint: `Its owner can set ${missing().join(", ")}.`,
    });
  const wanted = query.trim().replace(/\s+/g, " ").slice(0, maxQueryChars);
  if (wanted === "") return [];
  const count = Math.min(Math.max(Math.trunc(limit) || 1, 1), maxHits);
  return tidyHits(await searches[provider](io, wanted, count)).slice(0, count);
}

/** Addresses of the web only, each once, as plain text of bounded length. */
function tidyHits(hits: readonly Hit[]): WebHit[] {
  const seen = new Set<string>();
  return hits.flatMap(({ title, url, snippet }) => {
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol) || seen.has(url)) return [];
    seen.add(url);
    return {
      title: plainText(title).slice(0, maxTitleChars) || url,
      url,
      snippet: plainText(snippet ?? "").slice(0, maxSnippetChars),
    };
  });
}
