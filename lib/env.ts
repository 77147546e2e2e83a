import { readFileSync } from "node:fs";
import { z } from "zod";

const hostAndPort = z.string().regex(/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+):\d{1,5}$/i, "host:port, separated by commas");

const number = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);
const httpUrl = () => z.url({ protocol: /^https?$/, error: "an address that starts with http:// or https://" });
/** One that paths are put behind: no slash at the end. */
const baseUrl = () => httpUrl().transform((url) => url.replace(/\/+$/, ""));

const exceptionsSchema = z
  .string()
  .default("")
  .transform((text) =>
    text
      .split(",")
      .map((entry) => entry.trim().toLowerCase())
      .filter(Boolean),
  )
  .pipe(z.array(hostAndPort))
  .transform((entries) => entries.map(canonicalHostAndPort));

const countriesSchema = z
  .string()
  .default("US,CA")
  .transform((text) => text.split(",").map((code) => code.trim().toUpperCase()))
  .pipe(z.array(z.string().regex(/^[A-Z]{2}$/, "codes of two letters, separated by commas")).min(1));

const levels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const environmentSchema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "an address that starts with postgresql://" }).optional(),
  NEXTAUTH_SECRET: z.string().min(16, "at least 16 characters").optional(),
  /** Public address of the web app: what the browser shows; cookies and Origin checks are bound to it. */
  BURGEON_URL: baseUrl().default("http://127.0.0.1:3000"),
  /** Where providers reach this installation for their webhooks; BURGEON_URL when that is https. Without one Burgeon polls. */
  BURGEON_WEBHOOK_URL: baseUrl().optional(),
  BURGEON_MASTER_KEY: z.string().optional(),
  BURGEON_MASTER_KEY_FILE: z.string().optional(),
  BURGEON_DATA_DIR: z.string().default(".burgeon"),
  BURGEON_OWNER_EMAIL: z.email("an email address").optional(),
  BURGEON_OWNER_PASSWORD: z.string().optional(),
  /** Exceptions to the egress rules, `host:port` separated by commas. */
  BURGEON_EGRESS_ALLOW: exceptionsSchema,
  BURGEON_MODEL: z.string().optional(),
  OPENAI_COMPATIBLE_BASE_URL: httpUrl().optional(),
  OPENAI_COMPATIBLE_API_KEY: z.string().optional(),
  OPENAI_API_KEY: z.string().optional(),
  ANTHROPIC_API_KEY: z.string().optional(),
  GOOGLE_GENERATIVE_AI_API_KEY: z.string().optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  /** One address in the place of all of Google's: sign-in, tokens, keys and calendar. For the sample Google. */
  GOOGLE_API_BASE_URL: httpUrl().optional(),
  PLAID_CLIENT_ID: z.string().optional(),
  PLAID_SECRET: z.string().optional(),
  PLAID_ENV: z.enum(["sandbox", "production"]).default("sandbox"),
  /** Instead of the address that belongs to PLAID_ENV. */
  PLAID_BASE_URL: baseUrl().optional(),
  /** ISO 3166-1 codes of the countries whose banks are offered, separated by commas. */
  PLAID_COUNTRY_CODES: countriesSchema,
  /** One exact address, as it stands in Plaid's dashboard; for banks that sign in on a page of their own. */
  PLAID_REDIRECT_URI: httpUrl().optional(),
  /** Where the browser gets Plaid's dialog from. The pages that open it allow this script's host, and no other page does. */
  PLAID_LINK_SCRIPT_URL: httpUrl().default("https://cdn.plaid.com/link/v2/stable/link-initialize.js"),
  /** Servers of open data. */
  OPEN_METEO_BASE_URL: baseUrl().default("https://api.open-meteo.com"),
  OPEN_METEO_GEOCODING_URL: baseUrl().default("https://geocoding-api.open-meteo.com"),
  /** `{profile}` stands for `car`, `bike` or `foot`, as an OSRM server knows one of them only. */
  OSRM_BASE_URL: baseUrl().default("https://routing.openstreetmap.de/routed-{profile}"),
  WEB_SEARCH_PROVIDER: z.enum(["searxng", "serper", "brave"]).optional(),
  SEARXNG_BASE_URL: baseUrl().optional(),
  SERPER_API_KEY: z.string().optional(),
  SERPER_BASE_URL: baseUrl().default("https://google.serper.dev"),
  BRAVE_API_KEY: z.string().optional(),
  BRAVE_BASE_URL: baseUrl().default("https://api.search.brave.com"),
  /** Number of reverse proxies in front that append to X-Forwarded-For. 0: the header is ignored. */
  BURGEON_TRUSTED_PROXIES: number(0, 0, 10),
  BURGEON_MODULES_DIR: z.string().default("./modules"),
  BURGEON_SANDBOX_DIR: z.string().optional(),
  BURGEON_WORKER_CONCURRENCY: number(4, 1, 64),
  BURGEON_LEASE_MS: number(15_000, 1_000, 600_000),
  BURGEON_DEMO: z.string().optional(),
  LOG_LEVEL: z.enum(levels).default("info"),
  NODE_ENV: z.string().default("development"),
  /** Home time zone of the processes; times are stored in UTC whatever it is. */
  TZ: z.string().optional(),
});

/** Commands that need no database run without DATABASE_URL; reading it while it is not set throws. */
export type Environment = Omit<z.infer<typeof environmentSchema>, "DATABASE_URL"> & {
  readonly DATABASE_URL: string;
};

let parsed: { databaseUrl: string | undefined; value: Environment } | undefined;
let exceptions: { text: string | undefined; value: readonly string[] } | undefined;

/**
 * The environment, parsed once. This file is the only reader of `process.env` in lib and app.
 * @throws Error with a sentence that names every variable that is wrong
 */
export function env(): Environment {
  // Tests point each file at a database of its own by changing this one variable.
  const databaseUrl = process.env.DATABASE_URL;
  if (parsed?.databaseUrl !== databaseUrl || !parsed) parsed = { databaseUrl, value: parseEnv(process.env) };
  return parsed.value;
}

/** Parses a set of variables. Empty ones count as not set. */
export function parseEnv(variables: Record<string, string | undefined>): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ""));
  const result = environmentSchema.safeParse({ ...set, BURGEON_URL: set.BURGEON_URL ?? set.NEXTAUTH_URL });
  if (!result.success) {
    const problems = result.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      const shown = name === "BURGEON_URL" && set.BURGEON_URL === undefined ? "NEXTAUTH_URL" : name;
      return `${shown} is not valid: ${issue.message}`;
    });
    throw new Error(`Environment: ${[...new Set(problems)].join("; ")}.`);
  }
  const { DATABASE_URL: databaseUrl, ...rest } = result.data;
  return {
    ...rest,
    get DATABASE_URL() {
      if (databaseUrl === undefined) throw new Error("Environment: DATABASE_URL is not set.");
      return databaseUrl;
    },
  };
}

/** `host:port` exceptions to the egress rules. Known without any other variable, as the address check stands alone. */
export function egressExceptions(): readonly string[] {
  const text = process.env.BURGEON_EGRESS_ALLOW;
  if (exceptions?.text === text && exceptions) return exceptions.value;
  const result = exceptionsSchema.safeParse(text);
  if (!result.success)
    throw new Error(`Environment: BURGEON_EGRESS_ALLOW is not valid: ${result.error.issues[0]?.message}.`);
  exceptions = { text, value: result.data };
  return exceptions.value;
}

/** The level of the log, known before and without a valid environment. */
export function logLevel(): (typeof levels)[number] {
  return levels.find((level) => level === process.env.LOG_LEVEL) ?? "info";
}

/** The key that seals all others, as configured or in its file. Null when there is none. */
export function readMasterKey(): string | null {
  const { BURGEON_MASTER_KEY, BURGEON_MASTER_KEY_FILE } = env();
  if (BURGEON_MASTER_KEY) return BURGEON_MASTER_KEY.trim();
  if (!BURGEON_MASTER_KEY_FILE) return null;
  try {
    return readFileSync(BURGEON_MASTER_KEY_FILE, "utf8").trim();
  } catch (cause) {
    throw new Error("Environment: BURGEON_MASTER_KEY_FILE names a file that cannot be read.", { cause });
  }
}

/** next-auth reads its own address from the environment: it must be the one that everything else here is bound to. */
export function shareUrlWithNextAuth(): void {
  process.env.NEXTAUTH_URL = new URL(env().BURGEON_URL).origin;
}

/** As WHATWG URLs write it, so that `[::0001]:80` and `[::1]:80` are the same. */
function canonicalHostAndPort(entry: string): string {
  const port = entry.slice(entry.lastIndexOf(":") + 1);
  const text = `http://${entry}`;
  return URL.canParse(text) ? `${new URL(text).hostname}:${Number(port)}` : entry;
}
