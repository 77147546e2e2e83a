import { z } from "zod";
import type { AdapterIo, OutsideAnswer } from "../../contracts/adapter";
import { AppError } from "../../contracts/errors";
import { env } from "../../env";
import { askJson, readStatus } from "../ask-json";

/** As services write it: with markup, and not yet looked at. */
export interface Hit {
  title: string;
  url: string;
  snippet?: string | null;
}
export type Provider = (io: AdapterIo, query: string, count: number) => Promise<Hit[]>;

const text = z.string();
const searxngSchema = z.object({
  results: z.array(z.object({ title: text.nullish(), url: text, content: text.nullish() })),
});
const serperSchema = z.object({
  organic: z.array(z.object({ title: text, link: text, snippet: text.nullish() })).optional(),
});
const braveSchema = z.object({
  /** Left out when nothing was found. */
  web: z.object({ results: z.array(z.object({ title: text, url: text, description: text.nullish() })) }).nullish(),
});
const messageSchema = z.object({ message: text });
const braveErrorSchema = z.object({ error: z.object({ code: text }) });

/** docs.searxng.org/dev/search_api.html: a page of results, however many that is. */
export const searchSearxng: Provider = async (io, query) => {
  const { results } = await askJson(io, {
    service: "SearXNG",
    url: `${env().SEARXNG_BASE_URL}/search?${new URLSearchParams({ q: query, format: "json" })}`,
    schema: searxngSchema,
    readFailure: ({ status }) =>
      status === 403
        ? new AppError("refused", "SearXNG does not answer in JSON yet.", {
            hint: "Its owner can add json to search.formats in settings.yml.",
          })
        : undefined,
  });
  return results.map(({ title, url, content }) => ({ title: title ?? "", url, snippet: content }));
};

/** serper.dev/playground: results of Google. */
export const searchSerper: Provider = async (io, query, count) => {
  const { organic = [] } = await askJson(io, {
    service: "Serper",
    url: `${env().SERPER_BASE_URL}/search`,
    options: {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": env().SERPER_API_KEY ?? "" },
      body: JSON.stringify({ q: query, num: count }),
    },
    schema: serperSchema,
    readFailure: ({ status }, body) => {
      if (status === 401 || status === 403) return wrongKey("Serper", "SERPER_API_KEY");
      const isSpent = /credits/i.test(messageSchema.safeParse(body).data?.message ?? "");
      return isSpent
        ? new AppError("refused", "The account at Serper has no credits left.", {
            hint: "The owner of this installation can buy some at serper.dev.",
          })
        : undefined;
    },
  });
  return organic.map(({ title, link, snippet }) => ({ title, url: link, snippet }));
};

/** api-dashboard.search.brave.com/documentation: at most 20 results a page. */
export const searchBrave: Provider = async (io, query, count) => {
  const { web } = await askJson(io, {
    service: "Brave Search",
    url: `${env().BRAVE_BASE_URL}/res/v1/web/search?${new URLSearchParams({ q: query, count: String(count) })}`,
    options: { headers: { accept: "application/json", "x-subscription-token": env().BRAVE_API_KEY ?? "" } },
    schema: braveSchema,
    readFailure: (answer, body) => {
      const code = braveErrorSchema.safeParse(body).data?.error.code ?? "";
      if (/TOKEN/.test(code) || answer.status === 401) return wrongKey("Brave Search", "BRAVE_API_KEY");
      return answer.status === 429 ? readBraveLimit(answer, io.now()) : undefined;
    },
  });
  return (web?.results ?? []).map(({ title, url, description }) => ({ title, url, snippet: description }));
};

/** Brave says when in a header of its own: seconds to the end of the second and of the month, as far as they are used up. */
function readBraveLimit(answer: OutsideAnswer, now: Date): AppError {
  const { "x-ratelimit-remaining": remaining = "", "x-ratelimit-reset": reset = "" } = answer.headers;
  const [, ofMonth] = remaining.split(",").map(Number);
  if (ofMonth === 0)
    return new AppError("rate-limited", "The searches of this month at Brave are used up.", {
      hint: "The owner of this installation can choose another plan or another service.",
      retryAfterMs: 60 * 60_000,
    });
  const [seconds = ""] = reset.split(",");
  const headers = { ...answer.headers, "retry-after": answer.headers["retry-after"] ?? seconds.trim() };
  return readStatus("Brave Search", { ...answer, headers }, now);
}

function wrongKey(service: string, variable: string): AppError {
  return new AppError("refused", `${service} does not accept this installation's key.`, {
    hint: `The owner of this installation can set another one in ${variable}.`,
  });
}
