import type { BuildRequest } from "@/lib/contracts/build";
import { AppError } from "@/lib/contracts/errors";
import { listCandidates } from "./candidates";
import { isObject } from "./json-value";
import { type ReadText, readDocument } from "./read-document";
import type { LoadedPage, LoadPage, Source } from "./source";

const howToGoOn = "Give the address of its OpenAPI document, or paste the document or a sample reply in JSON.";

/**
 * Finds out what the API is: from a pasted document, a pasted sample, or by loading the address and looking around there.
 * @throws AppError with a sentence that says what is missing and what to do
 */
export async function findSource(
  request: BuildRequest,
  load: LoadPage,
  onProgress: (sentence: string) => void = () => {},
): Promise<Source> {
  const url = findUrl(request);
  if (request.document?.trim()) return readPasted(request.document, url, "document");
  if (request.sample?.trim()) return readPasted(request.sample, url, "sample");
  if (!url) throw new AppError("invalid", "Nothing says yet where the API is.", { hint: howToGoOn });
  return explore(url, load, onProgress);
}

function findUrl({ url, wish, changes }: BuildRequest): string | null {
  if (url) return url;
  for (const text of [changes?.note ?? "", wish])
    for (const match of text.matchAll(/https?:\/\/[^\s<>"'`\\^{|}]{1,1000}/g)) {
      const cleaned = match[0].replace(/[.,;:!?)\]]+$/, "");
      if (URL.canParse(cleaned)) return cleaned;
    }
  return null;
}

function readPasted(text: string, url: string | null, what: "document" | "sample"): Source {
  const read = readDocument(text);
  if (read.kind === "openapi") return { kind: "openapi", document: read.document, url, origin: "pasted" };
  if (read.kind === "old") throw oldVersion(read.version);
  if (read.kind === "json" && (isObject(read.value) || Array.isArray(read.value))) {
    if (url) return { kind: "json", sample: read.value, url, origin: "pasted" };
    throw new AppError("invalid", `The pasted ${what} is a reply, but not which address it came from.`, {
      hint: "Give the address of the reply as well, such as https://api.example.com/v1/items.",
    });
  }
  throw notReadable(read, `The pasted ${what}`);
}

async function explore(url: string, load: LoadPage, onProgress: (sentence: string) => void): Promise<Source> {
  const host = new URL(url).host;
  onProgress(`Loading ${host}`);
  const page = await load(url);
  const read = readDocument(page.text);
  const isGood = page.status >= 200 && page.status < 300;
  if (isGood && read.kind === "openapi")
    return { kind: "openapi", document: read.document, url: page.url, origin: "given" };
  if (isGood && read.kind === "old") throw oldVersion(read.version);
  const isReply = isGood && read.kind === "json" && (isObject(read.value) || Array.isArray(read.value));
  if (!isReply || isRoot(page.url)) {
    onProgress(`Looking for an OpenAPI document at ${host}`);
    const found = await tryCandidates(listCandidates(page, read.kind === "html"), load);
    if (found) return found;
  }
  if (isReply) return { kind: "json", sample: read.value, url: page.url, origin: "given" };
  throw explainPage(page, read, host);
}

/** An address that tells about the API as a whole rather than one of its replies. */
function isRoot(url: string): boolean {
  const { pathname, search } = new URL(url);
  return search === "" && /^(\/(api|rest|v\d+(\.\d+)*))*\/?$/i.test(pathname);
}

async function tryCandidates(candidates: string[], load: LoadPage): Promise<Source | null> {
  let old: string | null = null;
  for (const candidate of candidates) {
    const page = await loadIfThere(candidate, load);
    if (!page || page.status < 200 || page.status >= 300) continue;
    const read = readDocument(page.text);
    if (read.kind === "openapi") return { kind: "openapi", document: read.document, url: page.url, origin: "found" };
    if (read.kind === "old") old ??= read.version;
  }
  if (old !== null) throw oldVersion(old);
  return null;
}

/** A place that was only guessed: not being able to load it says no more than that it is not there. */
async function loadIfThere(url: string, load: LoadPage): Promise<LoadedPage | null> {
  try {
    return await load(url);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

function explainPage(page: LoadedPage, read: ReadText, host: string): AppError {
  if (page.status === 401 || page.status === 403)
    return new AppError("invalid", `${host} wants a key before it answers, and no OpenAPI document was found there.`, {
      hint: "Paste its OpenAPI document, or a sample reply in JSON together with the address it came from.",
    });
  if (page.status >= 400)
    return new AppError(
      "invalid",
      `${host} answered with status ${page.status}, and no OpenAPI document was found there.`,
      {
        hint: howToGoOn,
      },
    );
  return notReadable(read, `The reply of ${host}`);
}

function notReadable(read: ReadText, what: string): AppError {
  if (read.kind === "broken")
    return new AppError("invalid", `${what} is not valid JSON or YAML${read.line ? ` (line ${read.line})` : ""}.`, {
      hint: howToGoOn,
    });
  if (read.kind === "too_large")
    return new AppError("invalid", `${what} is larger or more deeply nested than Burgeon reads (1 MB, 64 levels).`, {
      hint: "Leave out the parts you do not need, or paste a sample reply instead.",
    });
  if (read.kind === "html")
    return new AppError("invalid", `${what} is a web page, and no OpenAPI document was found on it or near it.`, {
      hint: howToGoOn,
    });
  return new AppError("invalid", `${what} is neither an OpenAPI document nor JSON.`, { hint: howToGoOn });
}

function oldVersion(version: string): AppError {
  return new AppError("invalid", `This is an OpenAPI document of version ${version}; Burgeon understands version 3.`, {
    hint: "Ask the provider for an OpenAPI 3 document, convert it (the Swagger Editor can), or paste a sample reply instead.",
  });
}
