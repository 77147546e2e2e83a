import type { LoadedPage } from "./source";

/** Each costs a request; more would be knocking at doors. */
const maxLinked = 4;
const commonPaths = [
  "/openapi.json",
  "/openapi.yaml",
  "/swagger.json",
  "/v3/api-docs",
  "/api/openapi.json",
  "/docs/openapi.json",
];

/** Where an API's document may be, seen from a page of it: first what the page links to, then the usual places. */
export function listCandidates(page: LoadedPage, isHtml: boolean): string[] {
  const base = new URL(page.url);
  const linked = isHtml ? linksOf(page.text, base).slice(0, maxLinked) : [];
  const beside = ["openapi.json", "openapi.yaml"].map(
    (name) => new URL(name, `${base.origin}${base.pathname.replace(/\/*$/, "/")}`).href,
  );
  const usual = commonPaths.map((path) => `${base.origin}${path}`);
  return [...new Set([...linked, ...usual, ...beside])].filter((url) => url !== page.url);
}

/** Quoted texts of a page that name such a document: links, and the settings of Swagger UI and Redoc. */
function linksOf(html: string, base: URL): string[] {
  const found: string[] = [];
  const text = html.slice(0, 1_000_000).replaceAll("\\/", "/").replaceAll("&amp;", "&");
  for (const match of text.matchAll(
    /["'=]([^"'\s<>=]{0,300}(?:openapi|swagger|api-docs|spec)[^"'\s<>]{0,200})["'\s>]/gi,
  )) {
    const [, link = ""] = match;
    if (!/\.(json|ya?ml)([?#]|$)|api-docs([/?#]|$)/i.test(link) || !URL.canParse(link, base)) continue;
    const url = new URL(link, base);
    url.hash = "";
    if (url.protocol === "https:" || (url.protocol === "http:" && base.protocol === "http:")) found.push(url.href);
  }
  return [...new Set(found)];
}
