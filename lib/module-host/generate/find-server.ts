import { AppError } from "@/lib/contracts/errors";
import { getText, isObject, type JsonObject, listOf } from "./json-value";
import { plainText } from "./quote";

const trialWords =
  /sandbox|staging|\bstage\b|\btest(ing)?\b|\bdev(elopment)?\b|localhost|127\.0\.0\.1|\bmock\b|\bbeta\b/i;

/**
 * The base address of the API: the first server that is encrypted and not for trials. Relative ones count from where the
 * document came from.
 * @throws AppError when there is none
 */
export function findServer(document: JsonObject, documentUrl: string | null): string {
  const servers = listOf(document.servers)
    .slice(0, 50)
    .flatMap((entry) => readServer(entry, documentUrl));
  const candidates =
    servers.length > 0 || !documentUrl || listOf(document.servers).length > 0
      ? servers
      : [{ url: new URL("/", documentUrl), hint: "" }];
  const ranked = candidates
    .map((server, order) => ({ ...server, rank: rankOf(server) * 100 + order }))
    .sort((left, right) => left.rank - right.rank);
  const [best] = ranked;
  if (!best)
    throw new AppError("invalid", "The OpenAPI document does not say at which address the API is.", {
      hint: "Give the address of the document or of the API as well.",
    });
  return tidy(best.url, documentUrl);
}

function rankOf({ url, hint }: { url: URL; hint: string }): number {
  return (url.protocol === "https:" ? 0 : 2) + (trialWords.test(`${url.href} ${hint}`) ? 1 : 0);
}

/** The address with its variables at their defaults. */
export function readServer(entry: unknown, documentUrl: string | null): { url: URL; hint: string }[] {
  const template = getText(entry, "url");
  if (template === "") return [];
  const variables = isObject(entry) && isObject(entry.variables) ? entry.variables : {};
  const text = template.slice(0, 1000).replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return getText(variable, "default") || String(listOf(isObject(variable) ? variable.enum : undefined)[0] ?? "");
  });
  const url = URL.canParse(text)
    ? new URL(text)
    : documentUrl && URL.canParse(text, documentUrl)
      ? new URL(text, documentUrl)
      : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === "") return [];
  return [{ url, hint: plainText(getText(entry, "description"), 200) }];
}

function tidy(url: URL, documentUrl: string | null): string {
  const base = new URL(url);
  base.username = "";
  base.password = "";
  base.search = "";
  base.hash = "";
  if (base.protocol === "http:" && !isPlainAllowed(base, documentUrl)) base.protocol = "https:";
  const address = base.href.replace(/\/+$/, "");
  if (address.length > 500)
    throw new AppError("invalid", "The address of the API in the document is too long.", {
      hint: "Give the document with a shorter server address.",
    });
  return address;
}

/** Modules reach the public world over https only. A machine at home may have http, and so may what was loaded so. */
function isPlainAllowed(base: URL, documentUrl: string | null): boolean {
  if (documentUrl && new URL(documentUrl).host === base.host) return documentUrl.startsWith("http:");
  return !base.hostname.includes(".") || /^[\d.]+$|\.(local|internal|lan|home|test)$/.test(base.hostname);
}
