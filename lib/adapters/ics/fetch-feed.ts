import type { AdapterIo, OutsideAnswer } from "../../contracts/adapter";
import { AppError } from "../../contracts/errors";
import { readStatus } from "../ask-json";
import { type FeedComponent, splitFeed } from "./split-feed";

const maxBytes = 5 * 1024 * 1024;
const timeoutMs = 30_000;

/** What a server needs to know to answer "as before". */
export interface Validators {
  etag?: string;
  lastModified?: string;
}

/**
 * The address as it is asked: `webcal://` is what calendars are offered under, and means https.
 * @throws AppError invalid
 */
export function toHttpUrl(text: string): string {
  const clean = text.trim().replace(/^webcals?:\/\//i, "https://");
  if (!/^https?:\/\//i.test(clean) || !URL.canParse(clean))
    throw new AppError("invalid", "This is no address of a calendar. It begins with https:// or webcal://.");
  return clean;
}

/**
 * Asks for a feed. Nothing of its address is part of a failure: it is often as good as a password.
 * @returns null when it is the same as before
 */
export async function fetchFeed(
  io: AdapterIo,
  url: string,
  known: Validators,
): Promise<{ root: FeedComponent; validators: Validators } | null> {
  const answer = await io.fetch(toHttpUrl(url), {
    headers: {
      accept: "text/calendar, text/plain;q=0.5, */*;q=0.1",
      ...(known.etag ? { "if-none-match": known.etag } : {}),
      ...(known.lastModified ? { "if-modified-since": known.lastModified } : {}),
    },
    timeoutMs,
    maxBytes,
  });
  if (answer.status === 304 && (known.etag || known.lastModified)) return null;
  if (answer.status !== 200) throw readFailure(answer, io.now());
  const root = splitFeed(decode(answer));
  if (!root)
    throw new AppError("invalid", "There is no calendar at this address.", {
      hint: "Copy the address that your calendar offers for other programs. It often ends in .ics.",
    });
  const { etag, "last-modified": lastModified } = answer.headers;
  return { root, validators: { ...(etag ? { etag } : {}), ...(lastModified ? { lastModified } : {}) } };
}

function readFailure(answer: OutsideAnswer, now: Date): AppError {
  const cause = new Error(`calendar feed: status ${answer.status}`);
  if (answer.status === 404 || answer.status === 410)
    return new AppError("not-found", "There is no calendar at this address any more.", {
      cause,
      hint: "Copy its address again from where it is published, and connect it anew.",
    });
  if (answer.status === 401 || answer.status === 403)
    return new AppError("refused", "The server of this calendar asks who you are, so Burgeon cannot read it.", {
      cause,
      hint: "Many calendars offer a secret address that works without signing in.",
    });
  return readStatus("The server of this calendar", answer, now);
}

/** UTF-8 (RFC 5545, 3.1.4), unless the server names another character set. */
function decode({ headers, body }: OutsideAnswer): string {
  const charset = /charset="?([\w-]+)/i.exec(headers["content-type"] ?? "")?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}
