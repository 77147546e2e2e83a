import { quote } from "./quote";

/** The same in every module. */
const fixedHelpers: Record<string, string> = {
  Loaded: `/** One page, and what tells whether there are more. */
interface Loaded<Item> {
  items: Item[];
  next?: string | number | null;
  total?: number | null;
}`,
  Collected: `/** The items of all pages. \`complete\` is false when there are more than were collected. */
interface Collected<Item> {
  items: Item[];
  total?: number;
  complete: boolean;
}`,
  collectAll: `/** Loads page after page until there are no more, or enough. */
async function collectAll<Item>(
  maxItems: number | undefined,
  load: (cursor: string | number | undefined) => Promise<Loaded<Item>>,
): Promise<Collected<Item>> {
  const seen = { count: 0, total: undefined as number | undefined, hasMore: false, before: "" };
  const items = await collectPages<Item>(
    async (cursor) => {
      const page = await load(cursor);
      const text = JSON.stringify(page.items);
      if (page.items.length > 0 && text === seen.before)
        throw new ModuleError("upstream", \`\${serviceName} gives the same page again and again.\`);
      seen.before = text;
      seen.count += page.items.length;
      seen.total = page.total ?? seen.total;
      seen.hasMore = page.next !== undefined && page.next !== null && page.next !== "";
      return page;
    },
    { maxPages, maxItems: maxItems ?? defaultMaxItems },
  );
  return { items, total: seen.total, complete: !seen.hasMore && items.length === seen.count };
}`,
  maxPages: `/** A list with more pages than this is cut off. */
const maxPages = 20;`,
  defaultMaxItems: `/** More than a person reads; max_items asks for another number. */
const defaultMaxItems = 500;`,
  readJson: `/** The body of a reply, which has to be JSON. */
function readJson(response: HttpResponse): unknown {
  try {
    return response.json();
  } catch {
    throw new ModuleError("schema", \`\${serviceName} answered with something that is not JSON.\`);
  }
}`,
  nextLink: `/** The address of the next page in a Link header (RFC 8288). */
function nextLink(response: HttpResponse): string | undefined {
  return /<([^<>]*)>[^<>]*;\\s*rel="?next"?/i.exec(response.headers.link ?? "")?.[1];
}`,
  queryOf: `/** Of the next page's address only its parameters are taken: host and path stay those of this operation. */
function queryOf(address: string): Record<string, string[]> {
  const text = address.split("#")[0].split("?").slice(1).join("?");
  const query = new Map<string, string[]>();
  for (const part of text.split("&").filter(Boolean)) {
    const at = part.includes("=") ? part.indexOf("=") : part.length;
    const name = decode(part.slice(0, at));
    query.set(name, [...(query.get(name) ?? []), decode(part.slice(at + 1))]);
  }
  return Object.fromEntries(query);
}`,
  decode: `function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new ModuleError("schema", "The address of the next page is broken.");
  }
}`,
  given: `/** Without the entries that have no value. */
function given(values: { [name: string]: string | number | boolean | null | undefined }): Record<string, string> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}`,
  toInstant: `/** An instant in UTC. */
function toInstant(text: string, at: string): string {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds)) throw unexpected(at, "an instant", text);
  return new Date(milliseconds).toISOString();
}`,
  toCondition: `function toCondition(text: string): WeatherCondition {
  const known = conditions.find((condition) => condition === text);
  if (known === undefined) throw unexpected("condition", "a known weather condition", text);
  return known;
}`,
  conditions: `const conditions: readonly WeatherCondition[] = [
  "clear",
  "clouds",
  "rain",
  "drizzle",
  "thunderstorm",
  "snow",
  "mist",
  "fog",
  "haze",
  "extreme",
];`,
  fieldsOf: `/** The fields of an object in a reply. Each is checked when it is taken. */
function fieldsOf(value: unknown, at: string) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unexpected(at, "an object", value);
  const found = new Map<string, unknown>(Object.entries(value));
  return {
    required<T>(name: string, read: Read<T>): T {
      return read(found.get(name), \`\${at}.\${name}\`);
    },
    /** Missing and null are the same. */
    optional<T>(name: string, read: Read<T>): T | undefined {
      const field = found.get(name);
      return field === undefined || field === null ? undefined : read(field, \`\${at}.\${name}\`);
    },
  };
}`,
  Read: `/** Checks a value of a reply. \`at\` says where it is, for the error. */
type Read<T> = (value: unknown, at: string) => T;`,
  asText: `function asText(value: unknown, at: string): string {
  if (typeof value !== "string") throw unexpected(at, "a text", value);
  return value;
}`,
  asNumber: `function asNumber(value: unknown, at: string): number {
  if (typeof value !== "number") throw unexpected(at, "a number", value);
  return value;
}`,
  asBoolean: `function asBoolean(value: unknown, at: string): boolean {
  if (typeof value !== "boolean") throw unexpected(at, "true or false", value);
  return value;
}`,
  asJson: `/** A value of which nothing is known but that it is there. */
function asJson(value: unknown, at: string): JsonValue {
  if (value === undefined) throw unexpected(at, "a value", value);
  return value as JsonValue;
}`,
  listOf: `function listOf<T>(read: Read<T>): Read<T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw unexpected(at, "a list", value);
    return value.map((item, index) => read(item, \`\${at}[\${index}]\`));
  };
}`,
  orNull: `function orNull<T>(read: Read<T>): Read<T | null> {
  return (value, at) => (value === null ? null : read(value, at));
}`,
  unexpected: `/** The reply is not as documented: says where, what was expected and what kind of value came. */
function unexpected(at: string, expected: string, value: unknown): ModuleError {
  const isNothing = value === null || value === undefined;
  const kind = isNothing ? "nothing" : Array.isArray(value) ? "a list" : \`a value of type \${typeof value}\`;
  return new ModuleError("schema", \`\${serviceName} sent \${kind} where \${at} should be \${expected}.\`);
}`,
};

/** Functions that generated modules share, by name. Only those that a module uses are written into it. */
export function adapterHelpers(draft: { title: string; connection: string }): Record<string, string> {
  return {
    ...fixedHelpers,
    serviceName: `/** As errors call it. */
const serviceName = ${quote(draft.title)};`,
    send: `/** Sends one request and throws the error that fits when the answer is not a success. */
async function send(ctx: Ctx, request: HttpRequest): Promise<HttpResponse> {
  const response = await ctx.http.${draft.connection}.request(request);
  if (response.status === 429) {
    const waitMs = retryAfterMs(response.headers, ctx.now);
    const when = waitMs === null ? "later" : \`in \${Math.ceil(waitMs / 1000)} seconds\`;
    throw new ModuleError("rate_limited", \`\${serviceName} asks to wait before the next request. Try again \${when}.\`);
  }
  return ensureOk(response, serviceName);
}`,
  };
}

/** Functions of the SDK that a module may import, and the types. */
export const sdkValues = ["collectPages", "defineModule", "ensureOk", "ModuleError", "retryAfterMs", "toMinor"];
export const sdkTypes = [
  "CalendarEvent",
  "Contact",
  "Ctx",
  "FinancialTransaction",
  "GamingProfile",
  "HealthMetric",
  "HttpRequest",
  "HttpResponse",
  "JsonValue",
  "WeatherCondition",
  "WeatherData",
  "WeatherForecast",
];
