import pino, { type DestinationStream, type Logger } from "pino";
import { logLevel } from "./env";

/** Names whose values never reach a log, in any case, with or without separators. */
const secretName =
  /^(authorization|proxyauthorization|cookies?|setcookie|key|keys|values?|credentials?|body|headers|prompt|sealed)$|(password|passwordhash|secret|token|apikey|masterkey)$/;
/** What looks like a secret inside a sentence: our own tokens, bearer headers, user info in an address. */
const secretText: [RegExp, string][] = [
  [/\bbgn_[A-Za-z0-9]{8,}/g, "bgn_[redacted]"],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, "$1 [redacted]"],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1[redacted]@"],
];
const redacted = "[redacted]";
const maxDepth = 6;
const maxTextChars = 4000;
const maxItems = 100;

/**
 * Structured logs on standard output, one JSON object a line, so that a line break in foreign text cannot forge an entry.
 * Log identifiers and codes; never a body, a prompt or a header. `logger.child({ room: "<room>" })`.
 */
export const logger: Logger = createLogger();

/** The same logger on another stream, for tests. */
export function createLogger(stream?: DestinationStream): Logger {
  const options: pino.LoggerOptions = {
    level: logLevel(),
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    // Bindings of child loggers do not pass the formatter below; they are flat and of our own making.
    redact: { paths: ["token", "key", "secret", "password", "authorization", "cookie", "values"], censor: redacted },
    formatters: {
      level: (label) => ({ level: label }),
      log: (entry) => redactEntries(entry, 0),
    },
    hooks: {
      logMethod(parameters, method) {
        const safe = parameters.map((part) => (typeof part === "string" ? cleanText(part) : part));
        method.apply(this, safe as typeof parameters);
      },
    },
  };
  return stream ? pino(options, stream) : pino(options);
}

function redactEntries(entries: object, depth: number): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(entries).slice(0, maxItems)) {
    const isSecret = secretName.test(name.replace(/[-_]/g, "").toLowerCase());
    clean[name] = isSecret && value !== undefined && value !== null ? redacted : redactValue(value, depth + 1);
  }
  return clean;
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") return cleanText(value);
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object" || value === null) return typeof value === "function" ? undefined : value;
  if (depth > maxDepth) return "[deep]";
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.slice(0, maxItems).map((item) => redactValue(item, depth + 1));
  return redactEntries(value, depth);
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: cleanText(error.message),
    ...(typeof code === "string" || typeof code === "number" ? { code } : {}),
    stack: cleanText(error.stack ?? ""),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
  };
}

function cleanText(text: string): string {
  const cut = text.length > maxTextChars ? `${text.slice(0, maxTextChars)}…` : text;
  return secretText.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), cut);
}
